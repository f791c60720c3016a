"""How much warmth a draft may take: the tone profile, narrowed to this draft and this customer."""

from __future__ import annotations

import re
from dataclasses import replace

from rewriter.language import detect
from rewriter.model import Channel, Document, Reading, Tone
from rewriter.wording import count_words

SHORT_DRAFT = 60  # words; shorter drafts take a greeting and one short move
SHORT_MOVE = 15  # words
GREETING = 4  # words that a greeting may have
LONGER_BY = 0.35  # of the draft's words, for drafts that are not short
_LATER_PART = re.compile(r"\W*[2-9]\s?/\s?[2-9]\b")  # "2/3 drivers …": the part before it greeted


def dose(tone: Tone, reading: Reading, document: Document, channel: Channel) -> Tone:
    """Return the tone with the moves, words and sentences that this draft may take.

    A plain question gets a greeting at most; a running chat gets none; a later part of a reply ("2/3 …") gets
    nothing; a short draft gets a greeting and one short move; a longer one grows by a third at most. Limits count
    added words and, without the greeting, added sentences. Of the texts that an admin approved, those in the
    draft's language are left.
    """
    tone = _in_language(tone, document.language)
    words = sum(count_words(sentence.text) for sentence in document.sentences)
    moves = tone.moves
    if channel == "chat" or not tone.greeting or _greets(document):
        moves = tuple(move for move in moves if move != "personalisation")
    if not (reading.problem or reading.strength or reading.repeated):
        moves = tuple(move for move in moves if move == "personalisation")
    if _LATER_PART.match(" ".join(sentence.text for sentence in document.sentences if sentence.role == "body")):
        moves = ()
    if words < SHORT_DRAFT:
        return replace(
            tone,
            moves=moves,
            max_added_words=min(tone.max_added_words, SHORT_MOVE + GREETING),
            max_added_sentences=min(tone.max_added_sentences, 1),
        )
    return replace(tone, moves=moves, max_added_words=min(tone.max_added_words, int(words * LONGER_BY)))


def _in_language(tone: Tone, language: str) -> Tone:
    def understood(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(text for text in texts if detect(text, language) == language)

    return replace(
        tone,
        anecdotes=understood(tone.anecdotes),
        expertise=understood(tone.expertise),
        handoff=understood(tone.handoff),
    )


def _greets(document: Document) -> bool:
    return any(sentence.role == "greeting" for sentence in document.sentences)
