"""Whatever an engine or a person writes: a mended plan is right, no fact slips through, and nothing takes long."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.document import parse
from rewriter.guard import Case, judge, mend
from rewriter.guard.align import check
from rewriter.language import detect
from rewriter.model import Carry, Move, Reading, Rephrase, Tone
from rewriter.seal import seal_draft

SENTENCES = (
    "Your refund of $49.99 was issued on March 3.",
    "We cannot extend the warranty.",
    "You failed to attach the invoice.",
    "If you cancel before May 2, we will not charge you.",
    "Please restart the router, then open the settings.",
)
WORDS = (
    "I", "we", "you", "not", "will", "refund", "$49.99", "March 3", "sorry", "if", "because", "[[NAME]]",
    "[[AMOUNT_K7]]", "frustrating", "warranty", ".", ",", "?", "<b>", "\u200b", "\u202e", "😀",
    "three weeks", "Hi", "Best regards",
)  # fmt: skip

texts = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.text(max_size=60), st.sampled_from(SENTENCES)
)
kinds = st.sampled_from(["personalisation", "validation", "accountability", "relatability", "hand-off"])
steps = st.one_of(
    st.builds(Carry, st.integers(-1, 7)),
    st.builds(Rephrase, st.integers(-1, 7), texts),
    st.builds(Move, kinds, texts),
)
tones = st.builds(
    Tone,
    st.just("any"),
    max_added_words=st.integers(0, 60),
    max_added_sentences=st.integers(0, 3),
    ban=st.just(("sorry",)),
)


WARM = Tone("warm")


def case_of(sentences, tone=WARM):
    document = parse(" ".join(sentences), html=False, language="en")
    customer = "I have been waiting three weeks for my refund!"
    return Case(document, seal_draft(document, "key"), Reading("en", topic="refund"), tone, "Ana", customer)


@settings(deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5), st.lists(steps, max_size=9), tones)
def test_a_mended_plan_has_nothing_against_it(sentences, plan, tone):
    case = case_of(sentences, tone)
    plan = tuple(plan)
    mended = mend(case, plan, judge(case, plan))
    assert judge(case, mended) == ()
    numbers = [step.sentence for step in mended if not isinstance(step, Move)]
    assert numbers == [sentence.number for sentence in case.document.sentences]


@settings(deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5), st.lists(steps, max_size=9))
def test_mending_leaves_a_right_plan_alone(sentences, plan):
    case = case_of(sentences)
    mended = mend(case, tuple(plan), judge(case, tuple(plan)))
    assert mend(case, mended, judge(case, mended)) == mended


@settings(deadline=None)
@given(st.integers(1, 9999), st.integers(1, 9999), st.sampled_from(["$", "€", "£"]))
def test_no_altered_amount_is_missed(one, other, sign):
    draft, rewrite = (f"Your refund of {sign}{value}.50 was issued." for value in (one, other))
    assert check(draft, rewrite, language="en").faithful == (one == other)


@settings(deadline=None)
@given(st.dates(), st.dates())
def test_no_altered_date_is_missed(one, other):
    draft, rewrite = (f"It arrives on {day:%B} {day.day}, {day.year:04}." for day in (one, other))
    if min(one.year, other.year) >= 1900:
        assert check(draft, rewrite, language="en").faithful == (one == other)


@settings(deadline=None)
@given(texts, texts, st.sampled_from(["en", "de", "ja", "pl"]), st.booleans())
def test_no_pair_of_texts_makes_it_fail(draft, rewrite, language, html):
    check(draft, rewrite, language=language, html=html, customer=draft, name=rewrite[:20])


GIANT = [
    "a" * 40_000, "not " * 8_000, "[[" * 15_000, "<p>" * 8_000, "1 " * 4_000, "then " * 5_000, "," * 30_000,
    "' " * 10_000, "x'y'" * 8_000, "ы" * 20_000, "未" * 20_000, "We cannot. " * 2_000, "\u200b\u202e" * 10_000,
    "😀" * 10_000, "if you " * 5_000,
]  # fmt: skip


@pytest.mark.parametrize("giant", GIANT, ids=lambda text: text[:8].encode("unicode_escape").decode())
def test_no_giant_text_takes_more_than_a_second(giant):
    check("We cannot.", "We can.", language="en")  # lexicon read
    began = time.process_time()
    check(giant, giant + " yes", language="en")
    assert time.process_time() - began < 1


def test_no_giant_word_holds_up_the_telling_of_its_language():
    detect("We cannot do that.")  # model read
    began = time.process_time()
    detect("a" * 40_000)
    assert time.process_time() - began < 1


FUZZED = ("en", "fr", "ja", "")


def fuzzed(seed):
    """A text out of words, marks and sheer noise."""
    chance = random.Random(seed)  # noqa: S311 - the same texts every time, no secret
    pieces = [
        *WORDS,
        *SENTENCES,
        "<div>",
        "</p>",
        "\u200f",
        "&nbsp;",
        "Ａ",
        "а",
        "\x00",
        "\ufffd",
        "{{x}}",
        "''",
        "1.2.3",
        "%",
    ]
    return " ".join(
        chance.choice(pieces) if chance.random() < 0.9 else chr(chance.randrange(1, 0x2FFF))
        for _ in range(chance.randrange(30))
    )


def fuzz(seeds):
    for language in FUZZED:
        check("We cannot.", "We can.", language=language)  # lexicons read
    for seed in seeds:
        began = time.process_time()
        check(fuzzed(seed), fuzzed(seed + 1), language=FUZZED[seed % 4], html=seed % 3 == 0)
        assert time.process_time() - began < 1, seed


def test_fuzzed_pairs_neither_fail_nor_take_long():
    fuzz(range(120))


@pytest.mark.soak
def test_a_hundred_thousand_fuzzed_pairs_neither_fail_nor_take_long():
    fuzz(range(100_000))
