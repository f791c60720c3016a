"""The grammar of facts: for each kind, the patterns of its spans and how a span is read into its value.

A rule is tried only where one of the words or signs that it begins with stands, so that a reply costs little.
Patterns see lower-case text in which digits, blanks, dashes and quotes have one form (`rewriter.facts` folds it);
`Rule.read` is given the match and the same text with its capitals, and says None where the span is no fact.
Every repetition in a pattern is bounded or over a class that its neighbour cannot match, so none runs away.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.facts import calendar, codes, contacts, measures
from rewriter.facts.rule import ANYWHERE, BEGIN, DIGIT, TOKENS, Grammar, Rule, any_of, grammar

__all__ = ["ANYWHERE", "BEGIN", "DIGIT", "TOKENS", "Grammar", "Rule", "any_of", "grammar", "rules"]


def rules(g: Grammar) -> Iterator[Rule]:
    """Yield every rule; where two spans are equally long the earlier rule wins."""
    yield from codes.placeholders()
    yield from contacts.addresses_of_the_web(g)
    yield from calendar.dates(g)
    yield from calendar.times(g)
    yield from codes.network()
    yield from measures.measures(g)
    yield from codes.versions(g)
    yield from codes.identifiers(g)
    yield from contacts.phones(g)
    yield from contacts.postal(g)
    yield from codes.tokens(g)
    yield from measures.numbers(g)
