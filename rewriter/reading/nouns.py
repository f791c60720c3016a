"""The noun phrases of a customer's message that name a thing: what they own, bought, use or write about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rewriter.reading.signs import SENTENCE, WORD
from rewriter.reading.words import Topics
from rewriter.wording import listed

LONGEST_TOPIC = 3  # words
SKIPPED = 3  # unlisted words that may stand before what they bought
SURE = 2  # trust from which a topic may be told back
ASIDE = 2  # trust that a thing loses by a word ahead that makes it a tool or a place
_ANOTHERS = ("'s",)  # an article that stands for whose it is: "my husband's"
_KATAKANA = "[ァ-ヶー]"  # a word of these letters ends where they end
_Word = tuple[str, int, int]  # a word with its start and end


@dataclass(frozen=True, slots=True)
class Topic:
    """A noun phrase of theirs, where it stands in its text, and how surely it is one."""

    text: str = ""
    form: str = ""
    place: int = -1
    trust: int = 0
    aside: str = ""  # the word ahead by which it is less likely the matter


def noun_phrases(text: str, rules: Topics) -> Iterator[Topic]:
    """Yield the noun phrases of a text that may be told back, in order."""
    if not (rules.own or rules.other or rules.bare):  # a language without articles: listed nouns, wherever
        for found in _listed(rules.nouns).finditer(text):
            yield Topic(found[0], "other", found.start(), SURE)
        return
    anothers = is_anothers(text, rules)
    for sentence in SENTENCE.finditer(text):
        said = sentence[0]
        of_sentence = _of_sentence(said, rules, anothers=anothers)
        bare = (*_subjects(said, rules, anothers=anothers), *_framed(said, rules, anothers=anothers))
        for topic in (*of_sentence, *bare, *_products(said, rules)):
            yield replace(topic, place=sentence.start() + topic.place)


def nouns_of_heading(said: str, rules: Topics) -> Iterator[Topic]:
    """Yield the listed nouns of a subject line, where articles are mostly left out: "Package stuck in customs"."""
    words = _words(said)
    place = 0
    while place < len(words):
        size = longest_known(said, words, place, rules)
        if size > 1 and words[place + size : place + size + 1] and words[place + size][0][0].isdigit():
            size -= 1  # "Deposit flat 9": it is the flat that has a number
        phrase = [word.lower() for word, _, _ in words[place : place + size]]
        behind = place + size
        goes_on = behind < len(words) and _touching(said, words, behind) and words[behind][0].lower() in rules.never
        aside = place > 0 and words[place - 1][0].lower() in rules.aside
        if phrase and not is_never(phrase, rules) and not goes_on and not aside:
            text, form = as_told(words[place:behind], rules, own=_is_always_own(phrase, rules))
            yield Topic(text, form, words[place][1], SURE)
        place += max(size, 1)


def things_bought(text: str, rules: Topics) -> Iterator[Topic]:
    """Yield what they say they bought or made, which "it" will stand for: "I ordered a lamp and it ..."."""
    goes_on = (
        rules.ends,
        rules.joins,
        rules.within,
        rules.aside,
        rules.verbs,
        rules.own,
        rules.other,
        rules.pronouns,
    )
    for found in listed(rules.acquired).finditer(text):
        ahead = re.split(r"[.!?;:,\n()]|\s{3}", text[found.end() : found.end() + 60])[0]  # blanks: a quotation
        words = [(word[0], found.end() + word.start(), found.end() + word.end()) for word in WORD.finditer(ahead)]
        first = 0
        while first < len(words) and words[first][0].lower() in rules.determiners:
            first += 1
        place = first
        size = longest_known(text, words, place, rules)
        while (
            not size and place + 1 < len(words) and place - first < SKIPPED and _is_plain(text, words, place, rules)
        ):
            place += 1
            size = longest_known(text, words, place, rules)
        first = place if size != 1 else max(first, place - 1)  # "the mega shark card": a shark card
        behind = place + size
        phrase = [word.lower() for word, _, _ in words[first:behind]]
        if not phrase or is_never(phrase, rules) or phrase[-1] in rules.shows:
            continue
        if behind < len(words) and not any(words[behind][0].lower() in kind for kind in goes_on):
            continue  # "I bought the Pixel Pete's arcade"
        yield Topic(as_told(words[first:behind], rules, own=True)[0], "own", words[first][1], SURE)


def is_anothers(text: str, rules: Topics) -> bool:
    """Say whether the matter is somebody else's: "my daughter's passport"."""
    return bool(listed(rules.others).search(text))


@lru_cache
def _listed(nouns: frozenset[str]) -> re.Pattern[str]:
    longest_first = "|".join(map(re.escape, sorted(nouns, key=len, reverse=True))) or "(?!)"
    return re.compile(f"(?<!{_KATAKANA})(?:{longest_first})(?!{_KATAKANA})")


def _of_sentence(said: str, rules: Topics, *, anothers: bool) -> Iterator[Topic]:
    words = list(_joined(said, list(_uncontracted(list(_split_articles(said, rules)), rules)), rules))
    lowered = [word.lower().replace("’", "'") for word, _, _ in words]
    for index, word in enumerate(lowered):
        if not any(word in articles for articles in (rules.own, rules.other, rules.bare, _ANOTHERS)):
            continue
        noun = index + 1
        known = longest_known(said, words, noun, rules)
        maker = noun < len(words) and lowered[noun] in rules.makers
        thing_of = maker and _is_thing(said, words, noun + 1, rules) == SURE
        if (
            maker
            and not thing_of
            and known
            and noun + known < len(words)
            and _goes_on(lowered, words, noun + known, rules)
        ):
            noun += 1  # "my HP touch screen computer"
            known = longest_known(said, words, noun, rules)
        made = int(bool(maker and known < 2 and (thing_of or not known)))
        known = 0 if made else known  # "my Galaxy Buds won't charge"
        thing = 0 if known or word not in rules.own else _is_thing(said, words, noun + made, rules)
        if not known and thing < SURE:
            for skipped in _described(said, words, index, rules):
                known = longest_known(said, words, noun + skipped, rules)
                if known:
                    noun += skipped
                    break
        size = known or (thing and made + 1)
        while size > 1 and lowered[noun + size - 1] in rules.verbs:  # "the camera shows offline"
            size -= 1
        phrase = lowered[noun : noun + size]
        if not phrase or is_never(phrase, rules):
            continue
        behind = noun + size
        if behind < len(words) and _touching(said, words, behind) and _goes_on(lowered, words, behind, rules):
            continue
        if phrase[-1] in rules.tellers and not rules.telling.isdisjoint(lowered[behind : behind + 1]):
            continue
        theirs = _is_always_own(phrase, rules)
        if word in rules.bare and not theirs:
            continue
        if word in rules.pointing and phrase[-1] in rules.shows:
            continue  # "I keep getting this message"
        own = word in rules.own or (theirs and not anothers and word in rules.other)
        text, form = as_told(words[noun:behind], rules, own=own)
        ahead = lowered[index - 1] if index and _touching(said, words, index) else ""
        place = ahead in rules.within and phrase[-1] in rules.places
        two_ahead = " ".join(lowered[max(0, index - 2) : index])
        aside = ahead and (
            ahead in rules.aside or two_ahead in rules.aside or listed(rules.means).search(two_ahead)
        )
        trust = (2 if known else thing - 1) + own - ASIDE * bool(aside or place) - (ahead in rules.within)
        yield Topic(text, form, words[index][1], trust, ahead if aside else "")


def _subjects(said: str, rules: Topics, *, anothers: bool) -> Iterator[Topic]:
    """Yield the nouns that open a clause without an article, right before their verb: "Videos won't load"."""
    if rules.forms or not rules.pronouns:
        return
    words = list(_split_articles(said, rules))
    for opens in range(len(words)):
        place = opens
        if place and _touching(said, words, place) and words[place - 1][0].lower() not in rules.joins:
            continue
        clause = words[place:]
        size = longest_known(said, clause, 0, rules)
        if not size and clause[1:] and clause[0][0][0].isupper() and _touching(said, clause, 1):
            place, clause = place + 1, clause[1:]  # "Chase app won't load"
            size = longest_known(said, clause, 0, rules)
        phrase = [word.lower() for word, _, _ in clause[:size]]
        while phrase and phrase[-1] in rules.verbs:
            phrase.pop()
        behind = place + len(phrase)
        if not phrase or is_never(phrase, rules) or behind >= len(words) or not _touching(said, words, behind):
            continue
        verb = words[behind][0].lower().replace("’", "'")
        if verb in rules.verbs and verb not in rules.reporting:
            yield _without_article(words[place:behind], rules, anothers=anothers)


def _framed(said: str, rules: Topics, *, anothers: bool) -> Iterator[Topic]:
    """Yield the nouns that are said to have trouble, be it without an article: "an issue with payments"."""
    for found in listed(rules.frames).finditer(said):
        words = _words(said, found.end())
        if words and said[found.end() : words[0][1]].strip():
            continue
        mine = bool(words) and words[0][0].lower() in rules.own
        while words and (words[0][0].lower() in rules.own or words[0][0].lower() in rules.other):
            words = words[1:]
        size = longest_known(said, words, 0, rules)
        lowered = [word.lower() for word, _, _ in words]
        on = 0 < size < len(words) and _touching(said, words, size) and _goes_on(lowered, words, size, rules)
        where = found[0].split()[-1].lower() in rules.aside | rules.within
        place = size and where and lowered[size - 1] in rules.places  # "a problem on my computer"
        if size and not on and not place and not is_never(lowered[:size], rules):
            topic = _without_article(words[:size], rules, anothers=anothers)
            yield replace(topic, form="own") if mine else topic
    for found in listed(rules.troubled).finditer(said):
        words = _words(said, 0, found.start())
        for size in range(LONGEST_TOPIC, 0, -1):
            if size > len(words) or said[words[-1][2] : found.start()].strip():
                continue
            phrase = [word.lower() for word, _, _ in words[-size:]]
            if is_known(said, words[-size:], 0, size, rules) and not is_never(phrase, rules):
                yield _without_article(words[-size:], rules, anothers=anothers)
                break


def _is_plain(text: str, words: Sequence[_Word], place: int, rules: Topics) -> bool:
    """Say whether an unlisted word may be part of the name of what follows it."""
    word = words[place][0].lower()
    spoken_for = (rules.never, rules.verbs, rules.ends, rules.joins, rules.aside, rules.within, rules.pronouns)
    plain = word.isalpha() and word not in rules.determiners and not any(word in kind for kind in spoken_for)
    return plain and words[place + 1][1] - words[place][2] == 1


def _without_article(words: Sequence[_Word], rules: Topics, *, anothers: bool) -> Topic:
    own = _is_always_own([word.lower() for word, _, _ in words], rules) and not anothers
    text, form = as_told(words, rules, own=own)
    return Topic(text, form, words[0][1], SURE)


def is_never(phrase: Sequence[str], rules: Topics) -> bool:
    """Say whether a phrase is nothing to tell back: its noun is not, and it is no listed compound of it."""
    compound = len(phrase) > 1 and " ".join(phrase[-2:]) in rules.nouns
    return phrase[-1] in rules.never and not compound


def _is_always_own(phrase: Sequence[str], rules: Topics) -> bool:
    """Say whether a thing is theirs whatever article it has: "where is the parcel"."""
    return " ".join(phrase) in rules.always_own or phrase[-1] in rules.always_own


def as_told(words: Sequence[_Word], rules: Topics, *, own: bool) -> tuple[str, str]:
    """Return a noun phrase as it is told back, and its form, with the gender where the language has one."""
    spelled = _by_lower(rules.products + rules.spelled)
    text = " ".join(spelled.get(word.lower()) or _cased(word) for word, _, _ in words)
    form = "own" if own else "other"
    if rules.forms:
        text, gender = _gendered(text, rules)
        form = f"{form} {gender}"
    return text, form


@lru_cache
def _by_lower(names: tuple[str, ...]) -> Mapping[str, str]:
    return {name.lower(): name for name in names}


def _products(said: str, rules: Topics) -> Iterator[Topic]:
    """Yield the products of a sentence, which bear a name and mostly no article: "Face ID isn't working"."""
    spelled = _by_lower(rules.products)
    for found in listed(rules.products).finditer(said):
        ahead = (WORD.findall(said[: found.start()]) or [""])[-1].lower()
        rest = said[found.end() :]
        behind = WORD.findall(rest)[0].lower() if WORD.match(rest.lstrip()) else ""
        opens = not said[: found.start()].strip(" ,;:–-@")
        called = ahead in rules.addressing or (opens and rest.lstrip()[:1] in (",", ":"))
        if called or ahead in rules.aside or behind.isdigit() or behind in rules.nouns:
            continue
        form = "name"
        if not behind or behind in rules.verbs or behind in rules.ends:  # "my Dropbox client" is no Dropbox
            form = "own" if ahead in rules.own else "other" if ahead in rules.other else "name"
        aside = ahead if ahead in rules.within else ""  # "my webcam doesn't work in Zoom"
        yield Topic(spelled[found[0].lower()], form, found.start(), SURE + (ahead in rules.own), aside)


def _split_articles(said: str, rules: Topics) -> Iterator[_Word]:
    """Yield the words of a sentence, an elided article apart from its noun: "l'", "abonnement"."""
    for found in WORD.finditer(said):
        article = re.split("(?<=['’])", found[0], maxsplit=1)[0]
        end = found.start() + len(article)
        if end < found.end() and article.lower().replace("’", "'") in rules.other | rules.own | rules.bare:
            yield article, found.start(), end
            yield found[0][len(article) :], end, found.end()
        else:
            yield found[0], found.start(), found.end()


def _uncontracted(words: Sequence[_Word], rules: Topics) -> Iterator[_Word]:
    """Yield words with a noun apart from the verb that is but an "s" behind it: "the heating", "'s", "been off"."""
    for (word, start, end), (behind, _, _) in zip(words, (*words[1:], ("", 0, 0)), strict=False):
        contracted = word[-2:].lower() in ("'s", "’s") and behind.lower() in rules.verbs
        if contracted and word[:-2].lower() in rules.nouns:
            yield word[:-2], start, end - 2
            yield word[-2:], end - 2, end
        else:
            yield word, start, end


def _joined(said: str, words: Sequence[_Word], rules: Topics) -> Iterator[_Word]:
    """Yield words with an article made one with what stands idle behind it: "my own", "my 7525", "my husband's".

    Abbreviations are written in full: "my acct".
    """
    place = 0
    while place < len(words):
        word, start, end = words[place]
        lowered = word.lower()
        place += 1
        if lowered in rules.own or lowered in rules.other:
            while place + 1 < len(words) and _touching(said, words, place) and _touching(said, words, place + 1):
                behind = words[place][0].lower().replace("’", "'")
                if (
                    lowered in rules.own
                    and rules.others
                    and behind.removesuffix("'s") in rules.never
                    and "'s" in behind
                ):
                    word = _ANOTHERS[0]
                elif behind not in rules.left_out and not (behind.isdigit() and lowered in rules.own):
                    break
                end = words[place][2]
                place += 1
        yield rules.in_full.get(lowered, word) if word != _ANOTHERS[0] else word, start, end


def _goes_on(lowered: Sequence[str], words: Sequence[_Word], behind: int, rules: Topics) -> bool:
    """Say whether a noun is only the front of another or holds it: "my PC friends", "the milk bottle", "bag of"."""
    if (lowered[behind] in rules.never and lowered[behind] not in rules.ends) or " ".join(
        lowered[behind - 1 : behind + 1]
    ) in rules.holders:
        return True
    if lowered[behind].isdigit() and not rules.nouns.isdisjoint(lowered[behind + 1 : behind + 2]):
        return True  # "my Windows 10 code" is about a code
    holder = words[behind][0][0].isupper() and words[behind][0][-2:] in ("'s", "’s")  # "my MacBook Pro's keyboard"
    return not rules.forms and (holder or _is_title(words, behind) or lowered[behind] in rules.nouns)


def _is_title(words: Sequence[_Word], index: int) -> bool:
    """Say whether a word goes on with a name that began before it: both have a capital."""
    return all(len(word) > 1 and word.istitle() for word, _, _ in words[index - 1 : index + 1])


def longest_known(said: str, words: Sequence[_Word], first: int, rules: Topics) -> int:
    """Return of how many words from `first` the longest listed noun is; 0 where there is none."""
    sizes = range(LONGEST_TOPIC, 0, -1)
    return next((size for size in sizes if is_known(said, words, first, size, rules)), 0)


def is_known(said: str, words: Sequence[_Word], first: int, size: int, rules: Topics) -> bool:
    """Say whether the `size` words from `first` are a listed noun, with listed words before it.

    Only white space may stand between them and before them.
    """
    phrase = [word.lower() for word, _, _ in words[first : first + size]]
    if len(phrase) < size or not all(_touching(said, words, place) for place in range(max(first, 1), first + size)):
        return False
    if _gendered(" ".join(phrase), rules)[1] or " ".join(phrase) in rules.nouns:
        return True
    head = 2 if size > 1 and " ".join(phrase[-2:]) in rules.nouns else 1
    return (head == 2 or _is_noun(phrase[-1], rules)) and all(
        word in rules.nouns or word in rules.modifiers or word in rules.makers or word in _by_lower(rules.products)
        for word in phrase[:-head]
    )


def _is_noun(word: str, rules: Topics) -> bool:
    """Say whether a word is a listed noun, or more than one of it."""
    return word in rules.nouns or bool(rules.plural and word.removesuffix(rules.plural) in rules.nouns)


def _gendered(phrase: str, rules: Topics) -> tuple[str, str]:
    """Return a listed noun as it is spelled, and its gender; the phrase and "" for any other."""
    spelled = ((noun, gender) for gender, nouns in rules.forms.items() for noun in nouns)
    return next((each for each in spelled if each[0].lower() == phrase.lower()), (phrase, ""))


def _is_thing(said: str, words: Sequence[_Word], place: int, rules: Topics) -> int:
    """Return how surely an unlisted word behind "my" is a thing: 2 in "my kettle stopped", 1 in "my look."."""
    if place >= len(words) or not _touching(said, words, place):
        return 0
    thing = words[place][0].lower()
    spoken_for = (rules.never, rules.modifiers, rules.verbs, rules.ends)
    if len(thing) < 3 or not thing.isalpha() or any(thing in kind for kind in spoken_for):
        return 0
    if place + 1 >= len(words) or not _touching(said, words, place + 1):
        return int(bool(rules.ends))
    follows = words[place + 1][0].lower().replace("’", "'")
    return 2 if follows in rules.verbs else int(follows in rules.ends)


def _described(said: str, words: Sequence[_Word], index: int, rules: Topics) -> Iterator[int]:
    """Yield how many unlisted words behind "my" may stand before a noun of theirs: "my lovely kettle"."""
    if rules.forms or words[index][0].lower() not in rules.own:
        return
    spoken_for = (rules.never, rules.verbs, rules.ends, rules.joins, rules.aside, rules.own, rules.other)
    for skipped in (1, 2):
        place = index + skipped
        if place + 1 >= len(words) or not _touching(said, words, place):
            return
        word = words[place][0].lower()
        if len(word) < 3 or not word.isalpha() or any(word in kind for kind in spoken_for):
            return
        if not _is_title(words, place + 1):  # "my American Express card"
            yield skipped


def _words(said: str, start: int = 0, end: int | None = None) -> list[_Word]:
    found = WORD.finditer(said, start, len(said) if end is None else end)
    return [(word[0], word.start(), word.end()) for word in found]


def _touching(said: str, words: Sequence[_Word], index: int) -> bool:
    return not said[words[index - 1][2] : words[index][1]].strip()


def _cased(word: str) -> str:
    """Return a word as it stands within a sentence: iPhone and PS4 stay, PARCEL does not."""
    if any(character.isdigit() for character in word) or (word[1:] != word[1:].lower() and word != word.upper()):
        return word
    return word if len(word) <= 3 and word == word.upper() else word.lower()
