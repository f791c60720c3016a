"""The notation of phrases: a long list of them finds what each of them finds alone."""

import pytest

from rewriter.lexicon import languages
from rewriter.reading.words import lexicon_of
from rewriter.wording import Listed, either

PHRASES = [
    "frustrat*", "keeps? (on )?crash*", "(is|was) (all |now )?gone", "still (am |i'm )?waiting",
    "uses all (of )?(my|the)? ?(cpu*|memory)", "reason,? (it|nothing)",
    "arrived ... broken", ":(", "fu*ck*", "can't log in", "(someone|somebody)('s)? house", "no one", "no",
]  # fmt: skip
TEXTS = [
    "I'm FRUSTRATED, it keeps on crashing and all is now gone", "It was gone. Still waiting :(", "so fuuuucked",
    "for some reason it uses all of memory", "For no reason, nothing uses all my CPUs",
    "it arrived two days late and broken", "I can’t log in at somebody's house", "no one, no", "", "nothing here",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_list_finds_what_its_phrases_find(text: str) -> None:
    alone = {found.group() for phrase in PHRASES for found in either([phrase]).finditer(text)}
    together = [found.group() for found in Listed(PHRASES).finditer(text)]
    assert bool(together) == bool(alone)
    assert set(together) <= alone


def test_of_two_that_overlap_the_longer_is_found_once() -> None:
    assert [found.group() for found in Listed(["no", "no one"]).finditer("no one, no")] == ["no one", "no"]


@pytest.mark.parametrize("language", languages("reading"))
def test_no_phrase_of_a_lexicon_is_lost_for_its_letters(language: str) -> None:
    lexicon = lexicon_of(language)
    assert lexicon
    for phrases in lexicon.troubles.values():
        plain = [phrase for phrase in phrases if phrase.replace(" ", "").replace("'", "").isalpha()]
        listed = Listed(phrases)
        assert all(listed.search(phrase.upper()) for phrase in plain)


def test_a_number_stands_for_any_in_digits() -> None:
    found = Listed(["took # (days|weeks)", "# euros"])
    assert [found.search(text) is not None for text in ("It took 12 days", "1.250,50 euros", "took two days")] == [
        True,
        True,
        False,
    ]


def test_words_in_between_are_of_one_sentence() -> None:
    together = Listed(["called ... twice"])
    assert together.search("I called you people twice")
    assert together.search("I called ... well, twice")
    assert not together.search("I called. It rang twice")


@pytest.mark.parametrize("language", languages("reading"))
def test_no_phrase_of_a_lexicon_is_written_in_another_notation(language: str) -> None:
    lexicon = lexicon_of(language)
    assert lexicon
    groups = [
        *lexicon.troubles.values(),
        *lexicon.named.values(),
        *lexicon.plight.values(),
        lexicon.around.innocent,
    ]
    groups += [phrases for felt in lexicon.feelings.values() for phrases in (felt.slight, felt.clear, felt.strong)]
    groups += [lexicon.signals.repeated, lexicon.signals.urgent, lexicon.signals.amends, lexicon.signals.question]
    assert not [phrase for phrases in groups for phrase in phrases if set(phrase) & set("[]{}\\+")]
    for phrases in groups:
        either(phrases)  # a bracket too many or too few raises
