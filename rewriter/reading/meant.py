"""Which signs of a message are meant: not what is innocent, over, others', their own doing or only asked about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rewriter.reading.praise import weighed
from rewriter.reading.signs import (
    BESIDE,
    CLAUSE,
    HINTED,
    NEAR,
    SENTENCE,
    Sign,
    Span,
    is_within,
    negates,
    signs_in,
    words_before,
)
from rewriter.reading.words import Lexicon
from rewriter.wording import either, listed

FELT_ALL_THE_SAME = ("worry", "gone", "access", "security")  # be it their own doing


def find_signs(text: str, lexicon: Lexicon) -> tuple[Sign, ...]:
    """Return every sign in a text whose quoted words are blanks; negated and unreal ones are none."""
    signs = tuple(signs_in(text, lexicon))
    if not signs:
        return ()
    innocent = [
        found.span()
        for found in listed(lexicon.around.innocent).finditer(text)
        if not listed(lexicon.around.blamed).search(text[found.end() : found.end() + BESIDE])
    ]
    not_mourned = [found.span() for found in listed(lexicon.around.not_mourned).finditer(text)]
    over = max(_ends(text, lexicon), default=0)
    sentences = [found.span() for found in SENTENCE.finditer(text)]
    others, own, asked = _not_ours(text, sentences, lexicon)
    calm = bool(listed(lexicon.around.calm).search(text))
    kept: list[Sign] = []
    for sign in signs:
        if any(start <= sign.start and sign.end <= end for start, end in innocent):
            continue
        if sign.name == "grief" and any(start < sign.end <= end for start, end in not_mourned):
            continue
        if sign.name not in ("gratitude", "grief"):
            feels = sign.kind == "feeling"
            fears = sign.name == "worry" and all(sign.start != start for start, _ in asked)  # "what if" is a worry
            supposed = (fears or not feels) and is_within(sign.start, asked)
            blameless = sign.name not in FELT_ALL_THE_SAME and sign.kind != "plight" and is_within(sign.start, own)
            slight = calm and feels and sign.strength == 1
            if sign.start < over or is_within(sign.start, others) or supposed or blameless or slight:
                continue
        kept.append(sign)
    return tuple(weighed(text, _without_hints(kept), sentences, lexicon))


def _without_hints(signs: Sequence[Sign]) -> Sequence[Sign]:
    """Return signs without those that only hint at trouble; where nothing else tells of any, they are trouble."""
    told = [sign for sign in signs if sign.name != HINTED]
    if any(sign.kind in ("trouble", "feeling") and sign.name != "gratitude" for sign in told):
        return told
    return [replace(sign, name="other") if sign.name == HINTED else sign for sign in signs]


def is_put_right(text: str, lexicon: Lexicon) -> bool:
    """Say whether a message tells that what went wrong is over, or was their own doing."""
    return bool(_own_doing(text, lexicon)) or any(_ends(text, lexicon))


def _ends(text: str, lexicon: Lexicon) -> Iterator[int]:
    """Yield the places up to which what was felt or went wrong is over, and not merely said to be."""
    hearsay = listed(lexicon.around.hearsay)
    for found in listed(lexicon.around.over).finditer(text):
        before = words_before(text, found.start(), NEAR)
        if not negates(f"{before} {found[0]}", lexicon) and not hearsay.search(before):
            yield found.end()


def _not_ours(text: str, sentences: Sequence[Span], lexicon: Lexicon) -> tuple[list[Span], ...]:
    """Return what is said of the past or of somebody else, of their own doing, and of what only might be."""
    around = lexicon.around
    unbought = bool(listed(around.unbought).search(text))
    others: list[Span] = []
    own: list[Span] = []
    asked: list[Span] = []
    for number, (start, end) in enumerate(sentences):
        said = text[start:end]
        only_asked = said.endswith("?") and around.supposed and not listed(around.real).search(said)
        elsewhere = listed(around.elsewhere).search(said)
        if either(around.past).search(said) or (only_asked and unbought):
            others.append((start, end))
        elif elsewhere:
            others.append((start, start + _until_ours(said, elsewhere.end(), lexicon)))
        if only_asked:
            asked += [(start + supposed, end) for supposed in _supposed(said, lexicon)]
        if doing := _own_doing(said, lexicon):
            before = sentences[max(0, number - 1)][0]  # "The date is wrong. My own doing."
            own.append((before, start + _until_ours(said, doing, lexicon)))
    return others, own, asked


def _own_doing(text: str, lexicon: Lexicon) -> int:
    """Return where they have said that it was their own doing; 0 for nowhere."""
    found = listed(lexicon.around.own_doing).finditer(text)
    own = (each.end() for each in found if not negates(words_before(text, each.start(), NEAR), lexicon))
    return next(own, 0)


def _until_ours(said: str, place: int, lexicon: Lexicon) -> int:
    """Return where a sentence about others, or themselves, comes to speak of us; its end where it does not."""
    found = listed(lexicon.around.ours).search(said[place:])
    return place + found.start() if found else len(said)


def _supposed(question: str, lexicon: Lexicon) -> Iterator[int]:
    """Yield where a question begins to be about what might be, not what is: "does it leak?"."""
    begins = [0, *(found.end() for found in CLAUSE.finditer(question))]
    for found in listed(lexicon.around.supposed).finditer(question):
        if any(begin <= found.start() and not question[begin : found.start()].strip() for begin in begins):
            yield found.start()
