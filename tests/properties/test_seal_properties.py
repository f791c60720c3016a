"""What holds of sealing for any text."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter import facts, seal
from rewriter.model import Document, Sealed, Sentence

LANGUAGES = st.sampled_from(["en", "de", "es", "fr", "it", "ja", "nl", "pt", "pl", ""])

UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
FORMS = (
    "$49.99|20 €|5|٣|１２|March 3|3.3.|2 pm|14:00|3-5 business days|10%|#12345|INV-2024-001|ana@x.com|https://x.com/a(b)"
    "|x.com|+1 555 123 4567|v2.3|[[AMOUNT_K7]]|[[|]]|[Name]|{{a}}|`x`|1. |\n| |.|,|-|(|)|'|@|one|two|a few|days|by "
    "|½|2½|1 1/2|half past |49,- €|•••• 4242|10 million|5k|order |no. "
    "|A@A.A|http://00|円|三日|午後2時|1er mars|\u200b|\u00a0|é|İ|ß|🙂|\u202e"
)
PIECES = st.sampled_from(FORMS.split("|"))
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=14).map("".join))


def sealed(text: str, language: str, key: str = "key") -> Sealed:
    found = facts.find(text, language, names=("Ana García",))
    sentence = Sentence(1, text, (), 0, len(text), 0, found)
    return seal.seal_draft(Document(text, False, language, (), (sentence,)), key)[0]


@settings(max_examples=400, deadline=None)
@given(TEXTS, LANGUAGES)
def test_restoring_gives_back_any_text_to_the_letter(text, language):
    whole = sealed(text, language)
    assert seal.restore(whole.text, whole.seals) == text


@settings(max_examples=300, deadline=None)
@given(TEXTS, LANGUAGES)
def test_nothing_is_found_between_placeholders(text, language):
    whole = sealed(text, language)
    rest = whole.text
    for one in whole.seals:
        before, _, rest = rest.partition(one.token)
        assert facts.find(before, language) == ()
    assert facts.find(rest, language) == ()


@settings(max_examples=300, deadline=None)
@given(TEXTS, LANGUAGES)
def test_no_digit_survives_but_the_markers_of_a_list(text, language):
    glue = UNSEEN.sub("", seal.TOKEN.sub("\0", sealed(text, language).text))
    unmarked = re.sub(r"(?m)^\s*\d{1,2}[.)](?=\s)", "", glue)
    assert not any(mark.isdecimal() for mark in unmarked)


@settings(max_examples=300, deadline=None)
@given(TEXTS, LANGUAGES)
def test_facts_are_in_order_apart_and_say_what_stands_there(text, language):
    end = 0
    for fact in facts.find(text, language):
        assert fact.start >= end
        assert text[fact.start : fact.end] == fact.text != ""
        assert fact.value
        assert facts.same(fact, fact)
        end = fact.end


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS, LANGUAGES)
def test_sameness_does_not_ask_which_comes_first(one, other, language):
    for first in facts.find(one, language):
        for second in facts.find(other, language):
            assert facts.same(first, second) == facts.same(second, first)


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"[A-Za-z ,$%#@.\d-]{0,20}", fullmatch=True), st.integers(1, 9_999_999), LANGUAGES)
def test_a_number_is_never_missed_wherever_it_stands(around, number, language):
    text = f"x {around} {number} {around}"
    at = text.index(f" {number} ", 1) + 1
    assert any(fact.start <= at < fact.end for fact in facts.find(text, language))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 99_999_999), st.sampled_from(["$", "€", "£"]))
def test_an_amount_is_the_same_however_its_digits_are_grouped(cents, sign):
    written = [f"{sign}{cents / 100:,.2f}", f"{sign}{cents / 100:.2f}"]
    (one,), (other,) = (facts.find(text, "en") for text in written)
    assert facts.same(one, other)
