"""Placeholders: what they look like, what is sealed, and that they come back to the letter."""

import re

import pytest

from rewriter import facts, seal
from rewriter.model import Document, Sentence


def a_document(*sentences: str, names: tuple[str, ...] = ()) -> Document:
    cut = tuple(
        Sentence(number, text, tuple(range(len(text) + 1)), number * 1000, number * 1000 + len(text), 0, found)
        for number, text in enumerate(sentences, 1)
        for found in [facts.find(text, "en", names=names)]
    )
    return Document("\n".join(sentences), False, "en", (), cut)


def test_every_fact_of_a_sentence_becomes_a_placeholder_of_its_kind():
    (sealed,) = seal.seal_draft(a_document("Your refund of $49.99 was issued on March 3 to ana@x.com."), "key")
    assert re.sub(r"_\w+]]", "]]", sealed.text) == "Your refund of [[AMOUNT]] was issued on [[DATE]] to [[EMAIL]]."


def test_the_seals_stand_in_the_order_of_the_text():
    (sealed,) = seal.seal_draft(a_document("Pay $5, not $7, by Friday."), "key")
    assert [one.fact.text for one in sealed.seals] == ["$5", "$7", "Friday"]
    assert seal.TOKEN.findall(sealed.text) == [one.token for one in sealed.seals]


def test_placeholders_are_unique_in_a_draft_and_tell_no_order():
    document = a_document(*[f"We sent ${number} on March {number}." for number in range(1, 29)])
    tokens = [one.token for sealed in seal.seal_draft(document, "key") for one in sealed.seals]
    assert len(set(tokens)) == len(tokens) == 56
    suffixes = [token.split("_")[1] for token in tokens]
    assert suffixes != sorted(suffixes)
    assert not any(re.fullmatch(r"\d+\]\]", suffix) for suffix in suffixes)


def test_the_same_key_gives_the_same_placeholders_and_another_key_others():
    document = a_document("Pay $5 by Friday.")
    assert seal.seal_draft(document, "one") == seal.seal_draft(document, "one")
    assert seal.seal_draft(document, "one") != seal.seal_draft(document, "two")


def test_facts_that_stand_against_each_other_are_sealed_until_nothing_is_found():
    (sealed,) = seal.seal_draft(a_document("A@A.Ahttp://00 and 5x5.com1"), "key")
    assert all(not facts.find(rest, "en") for rest in seal.TOKEN.split(sealed.text))


def test_a_draft_that_already_holds_a_placeholder_gets_it_back():
    text = "Write [[AMOUNT_K7]] and [[NAME]] as they are, for $5."
    (sealed,) = seal.seal_draft(a_document(text), "key")
    assert "[[AMOUNT_K7]]" not in sealed.text
    assert seal.restore(sealed.text, sealed.seals) == text


def test_an_unknown_placeholder_is_refused_and_none_is_guessed():
    (sealed,) = seal.seal_draft(a_document("Pay $5."), "key")
    with pytest.raises(ValueError, match="No fact is sealed as"):
        seal.restore("Pay [[AMOUNT_ZZ9]].", sealed.seals)
    assert seal.restore("Pay [[ AMOUNT ]].", sealed.seals) == "Pay [[ AMOUNT ]]."


def test_a_message_keeps_how_long_and_how_many_and_loses_who_and_where():
    text = (
        "I've waited three weeks for 2 items of order #12345678, paid $49.99 with 4111 1111 1111 1111 on March 3. "
        "Write to ana.g@example.com, call +44 20 7946 0958, or 123 Main Street. "
        "IBAN DE89370400440532013000. Ana García"
    )
    sealed = seal.seal_message(text, "en", names=["Ana García"], key="key")
    assert "three weeks" in sealed
    assert "2 items" in sealed
    for secret in ("12345678", "49.99", "4111", "March", "ana.g", "7946", "Main Street", "DE89", "Ana", "García"):
        assert secret not in sealed


def test_the_requesters_name_is_sealed_as_a_name_also_in_the_possessive():
    assert re.fullmatch(r"\[\[NAME_\w+\]\]'s parcel", seal.seal_message("ANA's parcel", "en", names=["Ana García"]))
