"""Phrases of an admin's own phrasebook that the guard would take out of every suggestion."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import get_args

from rewriter.datafile import open_toml
from rewriter.errors import PromptError
from rewriter.guard.added import Bounds, wrongs
from rewriter.lexicon import load
from rewriter.model import NAME_SLOT
from rewriter.prompting import SHIPPED, Address, Phrasebook, Prompts
from rewriter.tomltext import Place


@dataclass(frozen=True, slots=True)
class Customer:
    """What a customer wrote, and their words that phrases take up: customer.toml of a language's lexicon."""

    wrote: str
    topic: str
    form: str
    told: str
    times: str
    trouble: str
    plight: str = ""


def unsayable(folder: Path, prompts: Prompts) -> Iterator[str]:
    """Yield file, line and reason for each phrase of the admin's phrasebooks that no customer would ever read."""
    for language, book in sorted(prompts.phrasebooks.items()):
        path, shipped = folder / f"phrasebook/{language}.toml", SHIPPED / f"phrasebook/{language}.toml"
        if not path.exists():
            continue
        file = open_toml(path)
        known = {text for _, text in open_toml(shipped).texts()} if shipped.exists() else set()
        for place, phrase, why in refused(book, prompts, known):
            file.wrong(f'"{phrase}" can never be said: {why.rstrip(".")}.', *place)
        try:
            file.refuse_wrong()
        except PromptError as error:
            yield from error.lines


def refused(book: Phrasebook, prompts: Prompts, known: Collection[str] = ()) -> Iterator[tuple[Place, str, str]]:
    """Yield place, phrase and reason for each phrase of a book that the guard refuses, without those `known`."""
    customer = load("customer", book.language, Customer)
    if customer is None:
        return
    for place, phrase, texts, bounds in _phrases(book, prompts, customer, known):
        try:
            judged = [wrongs(text, bounds) for text in texts()]
        except PromptError:
            yield place, phrase, "it cannot be filled in"
            continue
        if judged and all(judged):
            yield place, phrase, judged[0][0].detail


def _phrases(
    book: Phrasebook, prompts: Prompts, customer: Customer, known: Collection[str]
) -> Iterator[tuple[Place, str, Callable[[], list[str]], Bounds]]:
    """Yield each phrase that is not `known`: its place, how the customer would read it, and what bounds it."""
    greets = Bounds(book.language, names=("Reyes",))
    for register, greeting in book.greeting.items():
        for kind, phrases in (("named", greeting.named), ("nameless", greeting.nameless)):
            for number, phrase in enumerate(phrases):
                if phrase not in known:
                    place = ("greeting", register, kind, number)
                    yield place, phrase, partial(_greeted, phrase, prompts), greets
    bounds = Bounds(book.language, customer.wrote, topic=f"{customer.topic} {customer.told}", may_greet=False)
    for at, passage in enumerate(book.passage):
        addresses: tuple[Address, ...] = (passage.address,) if passage.address else get_args(Address)
        for number, phrase in enumerate(passage.say):
            if phrase not in known:
                said = partial(_said, phrase, book, prompts, customer, addresses)
                yield ("passage", at, "say", number), phrase, said, bounds


def _greeted(phrase: str, prompts: Prompts) -> list[str]:
    return [prompts.say(phrase, name=NAME_SLOT, family_name="Reyes")]


def _said(
    phrase: str, book: Phrasebook, prompts: Prompts, customer: Customer, addresses: Collection[Address]
) -> list[str]:
    """Return a phrase as a customer reads it in each form of address; [] where it takes up what they lack."""
    words = {"topic": customer.topic, "told": customer.told, "times": customer.times}
    words |= {"the_trouble": customer.trouble, "plight": customer.plight}
    texts = []
    for address in addresses:
        for name, forms in (("the_topic", book.topic), ("with_the_topic", book.with_topic)):
            words[name] = prompts.say(forms.get(customer.form, ""), topic=customer.topic, address=address)
        if all(words[name] for name in prompts.mentions(phrase)):
            text = prompts.say(phrase, **words)
            texts.append(text[:1].upper() + text[1:])
    return texts
