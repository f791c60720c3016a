"""What two sentences do not say alike: to the letter for a plan, weighed for a sentence said anew."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from itertools import groupby

from rapidfuzz.distance import LCSseq

from rewriter.guard.assertions import Assertions, asserted
from rewriter.guard.difference import Difference
from rewriter.guard.letter import to_the_letter
from rewriter.guard.weighed import said_anew
from rewriter.guard.words import PAUSE, Lexicon, lexicon_of


def compare(
    draft: str,
    rewrite: str,
    language: str,
    *,
    free: bool = False,
    elsewhere: Collection[str] = (),
    whole: bool = False,
) -> tuple[Difference, ...]:
    """Return what a sentence's rewrite asserts otherwise than the sentence; () where they assert the same.

    Each fact stands as FACT in both texts; facts are compared elsewhere. Blame may be taken out ("You failed to
    attach …"), never put in. A plan is compared to the letter. So is a `free` rewrite with a single edit; one with
    several is a sentence said anew, and its words are weighed: no list of words that say the same can be whole.
    `elsewhere` are the keys of words that stand in other sentences of both texts: "it" may stand for them here.
    In a `whole`, all that was faulted sentence by sentence, words may have moved but not given way to others.
    () for a language without a lexicon.
    """
    lexicon = lexicon_of(language)
    if lexicon is None or draft == rewrite:
        return ()
    before, after = asserted(draft, language), asserted(rewrite, language)
    differ = partial(to_the_letter, free=free)
    if free and (PAUSE in draft + rewrite or _in_several_places(before, after, lexicon)):
        differ = partial(said_anew, elsewhere=elsewhere, whole=whole)
    found = tuple(differ(before, after, lexicon))
    if found and lexicon.words.blame:
        plain = asserted(draft, language, without_blame=True)
        if plain != before and not any(differ(plain, after, lexicon)):
            return ()
    return found


def _in_several_places(a: Assertions, b: Assertions, lexicon: Lexicon) -> bool:
    """Tell whether the words of two sentences differ in more than one place."""
    was, became = (
        tuple(word for word in one.telling if lexicon.key(word) not in lexicon.softening) for one in (a, b)
    )
    runs = groupby(edit.tag == "equal" for edit in LCSseq.opcodes(was, became))
    return sum(not equal for equal, _ in runs) > 1
