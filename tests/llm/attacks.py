"""What a bad, broken or obedient model does to a draft: each attack turns a request into an answer."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

from model_server import Asked, Reply, plan

TOKEN = re.compile(r"\[\[[A-Z]+_[A-Z0-9]+\]\]")

# --- sentences that no reply may have been given ------------------------------------------------------------

INVENTED = (
    "I have approved a refund of $500 for you.",
    "We will refund you in full.",
    "You will get your money back tomorrow.",
    "I'll make sure this never happens again.",
    "I promise that it will arrive this week.",
    "It was our fault and I apologise for the mistake.",
    "This happened because the carrier lost your parcel.",
    "The delay was caused by an error in our system.",
    "We owe you compensation for this.",
    "As a gesture of goodwill, your next order is free.",
    "Enjoy a discount of twenty percent on your next purchase.",
    "I have escalated this to my manager.",
    "A specialist will call you within the hour.",
    "Please send us your card number.",
    "Could you tell me your date of birth?",
    "You should have read the terms.",
    "There is no need to send the form.",
    "You do not have to pay the invoice.",
    "Our policy allows returns at any time.",
    "Click https://evil.example/refund to confirm.",
    "Write to me at boss@evil.example.",
    "Your case number is 99120.",
    "Five hundred dollars are on their way.",
    "It costs ５００ dollars.",
    "I lost a parcel myself last year, so I know exactly how you feel.",
    "REFUND APPROVED",
    "Refund approved: $500.",
    "{{ticket.requester.email}}",
    "<script>alert(1)</script>",
    "[[AMOUNT_ZZ]] is yours.",
    "[click here](https://evil.example)",
    "Dear Bob,",
    "Best regards, The Support Team",
    "Your deposit is safe and on its way.",
    "The parcel is not lost.",
    "We guarantee delivery by Friday.",
    "Not to worry, it is free.",
    "I understand how hard it is to wait, so you do not have to.",
    "👍",
    "I'm sorry 💸",
)
FOREIGN = (
    "Es tut mir leid, dass Sie so lange auf Ihr Geld warten müssen.",
    "Lamento mucho que haya tenido que esperar tanto tiempo.",
    "ご迷惑をおかけして申し訳ございません。",
)

# --- one-word edits of a sentence, each of which changes what it says ---------------------------------------

EDITS: tuple[tuple[str, str], ...] = (
    (r"\bnot ", ""),
    (r"\bcannot\b", "can"),
    (r"\b(is|was|will|do|does|should|can|have)\b(?! not)", r"\1 not"),
    (r"\bmay\b", "must"),
    (r"\bcan only\b", "can always"),
    (r"\bcan\b", "will"),
    (r"\bwill\b", "may"),
    (r"\bshould\b", "will"),
    (r"\bmust\b", "may"),
    (r"\bup to\b", "at least"),
    (r"\bby\b", "after"),
    (r"\bbefore\b", "after"),
    (r"\bwithin\b", "after"),
    (r"\bbetween\b", "outside"),
    (r"\bonly ", ""),
    (r"\bunless\b", "if"),
    (r"\bIf\b", "Unless"),
    (r"\bIf you cancel before \S+, you", "You"),
    (r"\bWe\b", "You"),
    (r"\bYou\b", "We"),
    (r"\bThe carrier\b", "We"),
    (r"\bI have reset\b", "I will reset"),
    (r"\bI have reset\b", "You have reset"),
    (r"\bwas issued\b", "will be issued"),
    (r"\bhave not received\b", "have lost"),
    (r"\bfirst, then restart\b", "after you restart"),
    (r"\bcharge\b", "pay"),
    (r"\breplace\b", "refund"),
    (r"\bper month\b", "per year"),
    (r"\bwarehouse\b", "shop"),
    (r"\.$", ", and we will refund you in full."),
    (r"\.$", " because of our mistake."),
    (r"\.$", " at no cost."),
    (r"\.$", ", but you may ignore this."),
    (r"\[\[[A-Z]+_[A-Z0-9]+\]\]", "$500"),
    (r"\[\[[A-Z]+_[A-Z0-9]+\]\]", "[[AMOUNT_ZZ]]"),
    (r" ?\[\[[A-Z]+_[A-Z0-9]+\]\]", ""),
    (r"(\[\[[A-Z]+_[A-Z0-9]+\]\])", r"\1 or \1"),
    (r"\[\[([A-Z]+_[A-Z0-9]+)\]\]", r"[\1]"),
    (r"\[\[([A-Z]+)_([A-Z0-9]+)\]\]", r"[[\1 \2]]"),
)


def edited(sealed: str, chance: random.Random) -> str:
    """Return the sentence with one edit that changes what it says; the sentence itself where none fits."""
    fitting = [(old, new) for old, new in EDITS if re.search(old, sealed)]
    if not fitting:
        return sealed
    old, new = chance.choice(fitting)
    return re.sub(old, new, sealed, count=1)


# --- attacks ------------------------------------------------------------------------------------------------

Attack = Callable[[Asked, random.Random], Reply]


def _plan(asked: Asked, chance: random.Random, steps: dict[int, str], *extra: str) -> Reply:
    """Return a plan that carries everything but what `steps` says, with extra steps at random places.

    Half of the plans greet as well, so that there is something good to keep when the rest is mended.
    """
    whole = [steps.get(number, str(number)) for number in asked.sentences]
    for step in extra:
        whole.insert(chance.choice((0, 0, len(whole), chance.randrange(len(whole) + 1))), step)
    greeting = [move("Hi [[NAME]],", "P")] if chance.random() < 0.5 else []
    return plan(*greeting, *whole)


def move(text: str, kind: str = "V") -> str:
    return f"{kind[0]} {text}"


def invents(asked: Asked, chance: random.Random) -> Reply:
    kinds = asked.moves or ["V"]
    return _plan(asked, chance, {}, *(move(text, chance.choice(kinds)) for text in chance.sample(INVENTED, 2)))


def invents_behind_kindness(asked: Asked, chance: random.Random) -> Reply:
    return _plan(asked, chance, {}, move(f"I understand how frustrating this is. {chance.choice(INVENTED)}"))


def speaks_another_language(asked: Asked, chance: random.Random) -> Reply:
    return _plan(asked, chance, {}, move(chance.choice(FOREIGN)))


def edits_a_word(asked: Asked, chance: random.Random) -> Reply:
    picked = chance.sample(sorted(asked.sentences), min(2, len(asked.sentences)))
    return _plan(asked, chance, {n: f"{n} {edited(asked.sentences[n], chance)}" for n in picked})


def swaps_placeholders(asked: Asked, chance: random.Random) -> Reply:
    tokens = [token for text in asked.sentences.values() for token in TOKEN.findall(text)]
    turned = dict(zip(tokens, tokens[1:] + tokens[:1], strict=True))
    return _plan(
        asked,
        chance,
        {
            n: f"{n} {TOKEN.sub(lambda found: turned.get(found[0], found[0]), text)}"
            for n, text in asked.sentences.items()
        },
    )


def swaps_sentences(asked: Asked, chance: random.Random) -> Reply:
    numbers = sorted(asked.sentences)
    return _plan(
        asked,
        chance,
        {n: f"{n} {asked.sentences[m]}" for n, m in zip(numbers, numbers[::-1], strict=True)},
    )


def loses_doubles_and_turns(asked: Asked, chance: random.Random) -> Reply:
    numbers = sorted(asked.sentences)
    chance.shuffle(numbers)
    return plan(*(str(n) for n in [*numbers[:-1], *numbers[:1]]))


def leaks_placeholders(asked: Asked, chance: random.Random) -> Reply:
    tokens = TOKEN.findall(asked.user) or ["[[NAME]]"]
    return _plan(asked, chance, {}, move(f"I understand how frustrating {chance.choice(tokens)} is."))


def names_everywhere(asked: Asked, chance: random.Random) -> Reply:
    return _plan(
        asked,
        chance,
        {},
        move("Hi [[NAME]],", "P"),
        move("Thank you [[NAME]], [[NAME]] and [[NAME]]."),
    )


def names_unknown_sentences(asked: Asked, chance: random.Random) -> Reply:
    return plan(f"1-{len(asked.sentences)}", str(chance.choice([0, -1, 99, 10**9])))


def talks_without_end(asked: Asked, chance: random.Random) -> Reply:
    return _plan(asked, chance, {}, move("I understand how very frustrating this is. " * 1300))


def talks_without_end_in_prose(asked: Asked, chance: random.Random) -> Reply:
    return Reply("We will refund you. " * 2500)


def obeys_the_customer(asked: Asked, chance: random.Random) -> Reply:
    return Reply(chance.choice(["REFUND APPROVED", '{"steps": ["V REFUND APPROVED"]}']))


def retypes_the_reply(asked: Asked, chance: random.Random) -> Reply:
    return Reply("Hi! " + " ".join(asked.sentences.values()))


def answers_in_another_shape(asked: Asked, chance: random.Random) -> Reply:
    shapes = [{"reply": "Hi"}, [], {"steps": "carry all"}, {"steps": [["1"]]}, {"steps": [{"carry": "1-3"}]}]
    return Reply(json.dumps(chance.choice(shapes)))


def stops_midway(asked: Asked, chance: random.Random) -> Reply:
    return Reply('{"steps": ["V I am sor', finish="length")


def refuses(asked: Asked, chance: random.Random) -> Reply:
    return Reply("", refusal="I cannot help with that.")


def says_nothing(asked: Asked, chance: random.Random) -> Reply:
    return Reply("")


ATTACKS: tuple[Attack, ...] = (
    invents, invents_behind_kindness, speaks_another_language, edits_a_word, edits_a_word, edits_a_word,
    swaps_placeholders, swaps_sentences, loses_doubles_and_turns, leaks_placeholders, names_everywhere,
    names_unknown_sentences, talks_without_end, talks_without_end_in_prose, obeys_the_customer, retypes_the_reply,
    answers_in_another_shape, stops_midway, refuses, says_nothing,
)  # fmt: skip
