"""The thing a message is about: a noun phrase of the customer's own that is safe to repeat, or none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rewriter.reading.signs import BESIDE, SENTENCE, WORD, Sign
from rewriter.reading.words import Lexicon, Topics
from rewriter.wording import listed

LONGEST_TOPIC = 3  # words
NEVER_CAME = ("missing", "waiting")  # kinds of trouble with what was bought
SKIPPED = 3  # unlisted words that may stand before what they bought
SURE = 2  # trust from which a topic may be told back
ASIDE = 2  # trust that a thing loses by a word ahead that makes it a tool or a place
SHARED = 1_000  # letters: what draft and message both speak of is what the matter is about
WORTH = 40  # letters that a surer topic may stand farther away
OBJECT = 80  # letters that the object of a feeling is worth: "I hate the new app"
APART = 200  # letters that the end of a sentence counts for
JOINED = 30  # the same for an "and" between a sign and what follows
LESSER = 30  # letters that a noun by some other trouble than the most telling one stands farther away
FAR = 450  # letters beyond which a noun may belong to another matter
AT_HAND = 24  # letters between a trouble and the noun that has it
IN_REACH = 80  # the same where the draft speaks of the noun too
ARTICLE = 4  # letters of an article that the words of a feeling may have taken: "I hate the"
_ANOTHERS = ("'s",)  # an article that stands for whose it is: "my husband's"
_KATAKANA = "[ァ-ヶー]"  # a word of these letters ends where they end
_CLAUSE_END = re.compile(r"[.!?;:,\n()]")
_Word = tuple[str, int, int]  # a word with its start and end


@dataclass(frozen=True, slots=True)
class Topic:
    """A noun phrase of theirs, where it stands in its text, and how surely it is one."""

    text: str = ""
    form: str = ""
    place: int = -1
    trust: int = 0
    aside: str = ""  # the word ahead by which it is less likely the matter


def find_topics(
    text: str, signs: Sequence[Sign], lexicon: Lexicon, elsewhere: str, trouble: str, *, heading: bool = False
) -> list[Topic]:
    """Return the noun phrases by trouble or a feeling: those that stand elsewhere too first, then the nearest.

    `text` has blanks for what is quoted. A noun counts beside the trouble or the feeling ("my app crashes", "sick
    of my router"), and a little farther off where it stands elsewhere too: readers turned down what was taken from
    another part of the message. In a `heading`, a listed noun needs no article and may stand anywhere.
    """
    channels = set(map(_singular, lexicon.topic.channels))
    spoken_of = {_singular(found[0]) for found in WORD.finditer(elsewhere)} - channels
    spans = [(sign.start, sign.end) for sign in signs if sign.kind in ("trouble", "feeling") and not sign.emoji]
    telling = {(sign.start, sign.end) for sign in signs if sign.kind == "feeling" or sign.name == trouble}
    breaks = [sentence.start() for sentence in SENTENCE.finditer(text)]
    found: list[tuple[int, Topic]] = []
    phrases = [*noun_phrases(text, lexicon.topic), *(_of_heading(text, lexicon.topic) if heading else ())]
    phrases += _objects(text, signs, lexicon.topic) if lexicon.topic.counted else ()
    bought = list(_bought(text, lexicon.topic)) if _stands_in(text, spans, trouble, lexicon.topic) else []
    phrases += bought
    stood_for = list(_stood_for(text, signs, lexicon.topic))
    phrases += stood_for
    owned = {phrase.text: phrase.form for phrase in phrases if phrase.form.startswith("own")}
    first = min((start for start, _ in spans), default=len(text))
    outcomes = [
        (outcome.start(), next(at for at in (*breaks[1:], len(text)) if at > outcome.start()))
        for outcome in listed(lexicon.topic.outcomes).finditer(text)
        if outcome.start() > first
    ]
    troubles = [sign for sign in signs if sign.kind == "trouble"]
    for phrase in phrases:
        if any(start < phrase.place < end for start, end in outcomes):
            continue  # "it was left in the hall, so we can't open the front door": the door is not the matter
        taken_in = bool(phrase.aside) and any(_takes_in(sign, phrase, lexicon.topic) for sign in troubles)
        topic = replace(phrase, trust=phrase.trust + ASIDE * taken_in)
        object_ = any(sign.kind == "named" and is_object(text, sign, topic, lexicon.topic) for sign in signs)
        if topic.trust < SURE - object_:
            continue  # what they cannot do is done to a thing, be it in no list
        shared = _singular(topic.text.split()[-1]) in spoken_of or (
            not lexicon.topic.own and topic.text in elsewhere
        )
        unsigned = 1 if shared else FAR + 1  # where the trouble stands in the subject line alone
        distances = {span: _distance(text, topic, span, breaks, lexicon.topic) for span in spans}
        near = min(distances.values(), default=unsigned)
        nearest = min((at + LESSER * (span not in telling) for span, at in distances.items()), default=near)
        anywhere = (
            object_
            or topic in bought
            or topic in stood_for
            or (trouble in lexicon.topic.anywhere and is_fitting(topic, trouble, lexicon))
        )
        reach = 0 if not trouble else FAR if anywhere or not spans else IN_REACH if shared else AT_HAND
        if near <= reach or (heading and trouble):
            form = owned.get(topic.text, topic.form)  # "my laptop" once is enough
            lesser = topic.aside in lexicon.topic.within or topic.text.lower().split()[-1] in lexicon.topic.tools
            found.append(
                (nearest - WORTH * topic.trust - SHARED * shared + APART * lesser, replace(topic, form=form))
            )
    return [topic for _, topic in sorted(found, key=lambda each: each[0])]


def _takes_in(sign: Sign, topic: Topic, rules: Topics) -> bool:
    """Say whether trouble has a thing that stands aside: "someone is using my account", "until the screen died"."""
    behind = topic.place + ARTICLE + len(topic.text)
    done_to = topic.aside in rules.done_to and sign.start < topic.place <= sign.end + 1
    return done_to or (topic.aside in rules.clauses and topic.place <= sign.start <= behind + ARTICLE)


def _stood_for(text: str, signs: Sequence[Sign], rules: Topics) -> Iterator[Topic]:
    """Yield what "it" stands for where it is "it" that has the trouble."""
    for sign in signs:
        if sign.kind != "trouble":
            continue
        before = [
            word.lower().replace("’", "'") for word in WORD.findall(text[max(0, sign.start - 20) : sign.start])
        ]
        opens = [word[0].lower() for word in WORD.finditer(text[sign.start : sign.end])][:1]
        if not rules.subjects.isdisjoint(before[-2:] + opens) and (topic := _antecedent(text, sign, False, rules)):
            yield topic


def _stands_in(text: str, spans: Sequence[tuple[int, int]], trouble: str, rules: Topics) -> bool:
    """Say whether trouble is with something that is only "it" where it is told, or with what never came."""
    if not rules.acquired:
        return False
    around = [*(text[max(0, start - BESIDE) : start] for start, _ in spans), *(text[end:][:4] for _, end in spans)]
    return trouble in NEVER_CAME or any(
        not rules.pronouns.isdisjoint(word.lower() for word in WORD.findall(said)) for said in around
    )


def _distance(text: str, topic: Topic, span: tuple[int, int], breaks: Sequence[int], rules: Topics) -> int:
    """Return the letters between a noun phrase and a sign; as its object it is nearer, in another sentence far."""
    start, end = span
    place, behind = topic.place, topic.place + ARTICLE + len(topic.text)
    apart = sum(min(place, start) < at <= max(place, start) for at in breaks)
    within = start <= place + ARTICLE and behind <= end + ARTICLE  # "lost my account" is one sign
    joined = not rules.joins.isdisjoint(word.lower() for word in WORD.findall(text[end:place]))
    insult = within and place <= start and end < behind  # "the stupid app"
    beside = (within and not insult) or (-ARTICLE <= place - end <= BESIDE and not apart and not joined)
    return max(0, place - end, start - behind) + APART * apart + JOINED * joined - OBJECT * beside


def _singular(word: str) -> str:
    """Return a word so that most of its forms in number are alike."""
    return word.lower().rstrip("s")


def is_fitting(topic: Topic, trouble: str, lexicon: Lexicon) -> bool:
    """Say whether a kind of trouble can be about this thing."""
    fitting = lexicon.topic.fitting.get(trouble)
    said, noun = topic.text.lower(), topic.text.lower().split()[-1]
    if fitting is None:
        return said not in lexicon.topic.listed_only
    return not fitting.isdisjoint((said, noun, f"{noun}s", noun.removesuffix("s")))


def said_in_full(topic: Topic, phrases: Sequence[Topic]) -> Topic:
    """Return a noun of the subject line as the message's phrases have it: "results" as "my test results"."""
    head = _singular(topic.text.split()[-1])
    return next((phrase for phrase in phrases if _singular(phrase.text.split()[-1]) == head), topic)


def is_anothers(text: str, rules: Topics) -> bool:
    """Say whether the matter is somebody else's: "my daughter's passport"."""
    return bool(listed(rules.others).search(text))


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


def _of_heading(said: str, rules: Topics) -> Iterator[Topic]:
    """Yield the listed nouns of a subject line, where articles are mostly left out: "Package stuck in customs"."""
    words = [(found[0], found.start(), found.end()) for found in WORD.finditer(said)]
    place = 0
    while place < len(words):
        size = next((size for size in range(LONGEST_TOPIC, 0, -1) if _is_known(said, words, place, size, rules)), 0)
        if size > 1 and words[place + size : place + size + 1] and words[place + size][0][0].isdigit():
            size -= 1  # "Deposit flat 9": it is the flat that has a number
        phrase = [word.lower() for word, _, _ in words[place : place + size]]
        behind = place + size
        goes_on = behind < len(words) and _touching(said, words, behind) and words[behind][0].lower() in rules.never
        aside = place > 0 and words[place - 1][0].lower() in rules.aside
        if phrase and not _is_never(phrase, rules) and not goes_on and not aside:
            text, form = _told(words[place:behind], rules, own=_is_always_own(phrase, rules))
            yield Topic(text, form, words[place][1], SURE)
        place += max(size, 1)


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
        sizes = range(LONGEST_TOPIC, 0, -1)
        noun = index + 1
        known = next((size for size in sizes if _is_known(said, words, noun, size, rules)), 0)
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
            known = next((size for size in sizes if _is_known(said, words, noun, size, rules)), 0)
        made = int(bool(maker and known < 2 and (thing_of or not known)))
        known = 0 if made else known  # "my Galaxy Buds won't charge"
        thing = 0 if known or word not in rules.own else _is_thing(said, words, noun + made, rules)
        if not known and thing < SURE:
            for skipped in _described(said, words, index, rules):
                known = next((size for size in sizes if _is_known(said, words, noun + skipped, size, rules)), 0)
                if known:
                    noun += skipped
                    break
        size = known or (thing and made + 1)
        while size > 1 and lowered[noun + size - 1] in rules.verbs:  # "the camera shows offline"
            size -= 1
        phrase = lowered[noun : noun + size]
        if not phrase or _is_never(phrase, rules):
            continue
        behind = noun + size
        if behind < len(words) and _touching(said, words, behind) and _goes_on(lowered, words, behind, rules):
            continue
        theirs = _is_always_own(phrase, rules)
        if word in rules.bare and not theirs:
            continue
        if word in rules.pointing and phrase[-1] in rules.shows:
            continue  # "I keep getting this message"
        own = word in rules.own or (theirs and not anothers and word in rules.other)
        text, form = _told(words[noun:behind], rules, own=own)
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
        sizes = range(LONGEST_TOPIC, 0, -1)
        size = next((size for size in sizes if _is_known(said, clause, 0, size, rules)), 0)
        if not size and clause[1:] and clause[0][0][0].isupper() and _touching(said, clause, 1):
            place, clause = place + 1, clause[1:]  # "Chase app won't load"
            size = next((size for size in sizes if _is_known(said, clause, 0, size, rules)), 0)
        phrase = [word.lower() for word, _, _ in clause[:size]]
        while phrase and phrase[-1] in rules.verbs:
            phrase.pop()
        behind = place + len(phrase)
        if not phrase or _is_never(phrase, rules) or behind >= len(words) or not _touching(said, words, behind):
            continue
        verb = words[behind][0].lower().replace("’", "'")
        if verb in rules.verbs and verb not in rules.reporting:
            yield _without_article(words[place:behind], rules, anothers=anothers)


def _framed(said: str, rules: Topics, *, anothers: bool) -> Iterator[Topic]:
    """Yield the nouns that are said to have trouble, be it without an article: "an issue with payments"."""
    sizes = range(LONGEST_TOPIC, 0, -1)
    for found in listed(rules.frames).finditer(said):
        words = [(word[0], word.start(), word.end()) for word in WORD.finditer(said, found.end())]
        if words and said[found.end() : words[0][1]].strip():
            continue
        mine = bool(words) and words[0][0].lower() in rules.own
        while words and (words[0][0].lower() in rules.own or words[0][0].lower() in rules.other):
            words = words[1:]
        size = next((size for size in sizes if _is_known(said, words, 0, size, rules)), 0)
        lowered = [word.lower() for word, _, _ in words]
        on = (
            size < len(words) and _touching(said, words, size) and _goes_on(lowered, words, size, rules)
            if size
            else 0
        )
        where = found[0].split()[-1].lower() in rules.aside | rules.within
        place = size and where and lowered[size - 1] in rules.places  # "a problem on my computer"
        if size and not on and not place and not _is_never(lowered[:size], rules):
            topic = _without_article(words[:size], rules, anothers=anothers)
            yield replace(topic, form="own") if mine else topic
    for found in listed(rules.troubled).finditer(said):
        words = [(word[0], word.start(), word.end()) for word in WORD.finditer(said, 0, found.start())]
        for size in sizes:
            if size > len(words) or said[words[-1][2] : found.start()].strip():
                continue
            phrase = [word.lower() for word, _, _ in words[-size:]]
            if _is_known(said, words[-size:], 0, size, rules) and not _is_never(phrase, rules):
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
    text, form = _told(words, rules, own=own)
    return Topic(text, form, words[0][1], SURE)


def _bought(text: str, rules: Topics) -> Iterator[Topic]:
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
        sizes = range(LONGEST_TOPIC, 0, -1)
        place = first
        size = next((size for size in sizes if _is_known(text, words, place, size, rules)), 0)
        while (
            not size and place + 1 < len(words) and place - first < SKIPPED and _is_plain(text, words, place, rules)
        ):
            place += 1
            size = next((size for size in sizes if _is_known(text, words, place, size, rules)), 0)
        first = place if size != 1 else max(first, place - 1)  # "the mega shark card": a shark card
        behind = place + size
        phrase = [word.lower() for word, _, _ in words[first:behind]]
        if not phrase or _is_never(phrase, rules) or phrase[-1] in rules.shows:
            continue
        if behind < len(words) and not any(words[behind][0].lower() in kind for kind in goes_on):
            continue  # "I bought the Pixel Pete's arcade"
        yield Topic(_told(words[first:behind], rules, own=True)[0], "own", words[first][1], SURE)


def _is_never(phrase: Sequence[str], rules: Topics) -> bool:
    """Say whether a phrase is nothing to tell back: its noun is not, and it is no listed compound of it."""
    compound = len(phrase) > 1 and " ".join(phrase[-2:]) in rules.nouns
    return phrase[-1] in rules.never and not compound


def _is_always_own(phrase: Sequence[str], rules: Topics) -> bool:
    """Say whether a thing is theirs whatever article it has: "where is the parcel"."""
    return " ".join(phrase) in rules.always_own or phrase[-1] in rules.always_own


def _told(words: Sequence[_Word], rules: Topics, *, own: bool) -> tuple[str, str]:
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
    holder = words[behind][0][0].isupper() and words[behind][0][-2:] in ("'s", "’s")  # "my MacBook Pro's keyboard"
    return not rules.forms and (holder or _is_title(words, behind) or lowered[behind] in rules.nouns)


def _is_title(words: Sequence[_Word], index: int) -> bool:
    """Say whether a word goes on with a name that began before it: both have a capital."""
    return all(len(word) > 1 and word.istitle() for word, _, _ in words[index - 1 : index + 1])


def _is_known(said: str, words: Sequence[_Word], first: int, size: int, rules: Topics) -> bool:
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


def is_object(text: str, sign: Sign, topic: Topic, rules: Topics) -> bool:
    """Say whether what cannot be done is done to this thing: it follows at once, and is no place or tool."""
    between = [word.lower() for word in WORD.findall(text[sign.end : topic.place])]
    return (
        not _CLAUSE_END.search(text[sign.end : topic.place])
        and 0 <= topic.place - sign.end <= BESIDE
        and not any(word in rules.aside or (word in rules.within and word not in rules.towards) for word in between)
        and topic.text.lower().split()[-1] not in rules.tools
    )


def has_tool(text: str, sign: Sign, rules: Topics) -> bool:
    """Say whether what cannot be done is done with a tool that is not the matter: "when I connect the cable"."""
    behind = [word.lower() for word in WORD.findall(text[sign.end : sign.end + BESIDE + ARTICLE])][:2]
    return any(word in rules.tools for word in behind)


def meant_by_it(text: str, sign: Sign, rules: Topics) -> Topic | None:
    """Return the one thing spoken of before that "it" stands for: "I got a printer but can't connect it"."""
    behind = WORD.match(text[sign.end :].lstrip())
    before = {word.lower() for word in WORD.findall(text[max(0, sign.start - 20) : sign.start])[-3:]}
    if not behind or behind[0].lower() not in rules.pronouns or not before.isdisjoint(rules.strangers):
        return None
    return _antecedent(text, sign, behind[0].lower() in rules.many, rules)


def _antecedent(text: str, sign: Sign, many: bool, rules: Topics) -> Topic | None:
    """Return the one thing, or the one that is many, that is spoken of in the same or the last sentence."""
    breaks = [sentence.start() for sentence in SENTENCE.finditer(text)]
    phrases = [topic for topic in noun_phrases(text, rules) if topic.trust >= SURE]
    said = {
        topic.text.split()[-1]: topic
        for topic in (*phrases, *_bought(text, rules))
        if topic.place < sign.start
        and sum(topic.place < at <= sign.start for at in breaks) < 2
        and topic.text.endswith("s") == many
    }
    return next(iter(said.values())) if len(said) == 1 else None


def _objects(text: str, signs: Sequence[Sign], rules: Topics) -> Iterator[Topic]:
    """Yield the things that cannot be done to, where they have no article: "I can't print labels"."""
    for sign in signs:
        if sign.kind != "named" or "{{" not in sign.name:
            continue
        ahead = _CLAUSE_END.split(text[sign.end : sign.end + 60])[0]
        words = [(found[0], sign.end + found.start(), sign.end + found.end()) for found in WORD.finditer(ahead)]
        first = int(bool(words) and words[0][0].lower() in rules.counted)
        size = next((size for size in (2, 1) if _is_known(text, words, first, size, rules)), 0)
        noun = words[first : first + size]
        behind = first + size
        phrase = [word.lower() for word, _, _ in noun]
        counts = bool(noun) and " ".join(phrase) not in rules.uncounted and phrase[-1] not in rules.uncounted
        if not noun or (counts and not phrase[-1].endswith("s")) or _is_never(phrase, rules):
            continue
        if behind < len(words) and words[behind][0].lower() in rules.nouns:
            continue
        yield Topic(_told(noun, rules, own=False)[0], "name", noun[0][1], SURE)


def _touching(said: str, words: Sequence[_Word], index: int) -> bool:
    return not said[words[index - 1][2] : words[index][1]].strip()


def _cased(word: str) -> str:
    """Return a word as it stands within a sentence: iPhone and PS4 stay, PARCEL does not."""
    if any(character.isdigit() for character in word) or (word[1:] != word[1:].lower() and word != word.upper()):
        return word
    return word if len(word) <= 3 and word == word.upper() else word.lower()
