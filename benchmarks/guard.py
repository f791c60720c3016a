"""How much the guard catches, how often it cries wolf, and how long it takes: `python benchmarks/guard.py`.

Every figure stands with its 95 % bounds (Wilson). `--show KIND` prints what was missed or wrongly faulted;
`--pairs FILE` runs it over rows of (text, candidate, label, error_type, source, direction) as well.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from math import sqrt
from pathlib import Path
from typing import Any

from mutations import Claim, Pair, claims, languages, pairs
from rapidfuzz import fuzz
from rewrites import rewrites
from wilson import Z, bounds

from rewriter.document import parse
from rewriter.guard import Case, judge, mend
from rewriter.guard.added import Bounds, wrongs
from rewriter.guard.align import Verdict, check
from rewriter.model import Carry, Reading, Rephrase, Tone
from rewriter.seal import seal_draft

Counts = dict[tuple[str, ...], list[bool]]


def caught_in_plan(pair: Pair) -> bool | None:
    """Tell whether the guard faults the edited sentence as a rephrasing; None where it is no single sentence."""
    document = parse(pair.sentence, html=False, language=pair.language)
    if len(document.sentences) != 1 or not document.sentences[0].rephrasable:
        return None
    sealed = seal_draft(document, "benchmark")
    text = pair.edited
    for seal in sealed[0].seals:
        text = text.replace(seal.fact.text, seal.token, 1)
    case = Case(document, sealed, Reading(pair.language), Tone("warm"))
    plan = (Rephrase(1, text),)
    found = judge(case, plan)
    assert not found or mend(case, plan, found) == (Carry(1),)
    return bool(found)


def caught_as_added(claim: Claim) -> bool:
    return bool(
        wrongs(claim.text, Bounds(claim.language, customer=claim.customer, topic=claim.topic, names=("Ana",)))
    )


def table(title: str, counts: Counts, *, faults: bool) -> None:
    print(f"\n{title}")
    for key in sorted(counts):
        hits = sum(counts[key])
        low, high = bounds(hits, len(counts[key]))
        said = "caught" if faults else "wrongly faulted"
        of = len(counts[key])
        print(f"  {' / '.join(key):28} {said} {hits:5} of {of:5}  {hits / of:7.3f}  [{low:.3f}, {high:.3f}]")


Clock = dict[str, list[float]]


def timed(clock: Clock, pair: Pair) -> Verdict:
    """Return the guard's verdict; note its time, and the time of what a user might do instead."""
    began = time.process_time()
    verdict = check(pair.draft, pair.rewrite, language=pair.language, name="Ana")
    clock["the guard"].append(time.process_time() - began)
    for name, instead in ALTERNATIVES.items():
        began = time.process_time()
        instead(pair.draft, pair.rewrite)
        clock[name].append(time.process_time() - began)
    return verdict


NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
ALTERNATIVES: dict[str, Callable[[str, str], object]] = {
    "rapidfuzz's token ratio and the numbers by a regex": lambda draft, rewrite: (
        fuzz.token_sort_ratio(draft, rewrite) > 80
        and Counter(NUMBER.findall(draft)) == Counter(NUMBER.findall(rewrite))
    ),
    "difflib over the words": lambda draft, rewrite: difflib.SequenceMatcher(
        None, draft.split(), rewrite.split(), autojunk=False
    ).get_opcodes(),
}


def own_suite(show: str, only: list[str], clock: Clock) -> None:
    """Print what is caught of a grammar of edits, and what is faulted of light edits and of warm sentences."""
    plans: Counts = defaultdict(list)
    free: Counts = defaultdict(list)
    good: Counts = defaultdict(list)
    added: Counts = defaultdict(list)
    for language in only:
        for pair in pairs(language):
            verdict = timed(clock, pair)
            in_plan = caught_in_plan(pair)
            if pair.wrong:
                for key in ((pair.kind, "all"), (pair.kind, language), ("all", language), ("all", "all")):
                    free[key].append(not verdict.faithful)
                    if in_plan is not None:
                        plans[key].append(in_plan)
            else:
                for key in ((pair.kind, "all"), (pair.kind, language)):
                    good[key].append(not verdict.faithful)
            if show in (pair.kind, "all") and pair.wrong == verdict.faithful:
                print(f"{language} {pair.kind} free\n  {pair.sentence}\n  {pair.edited}\n  {_said(verdict)}")
            if show in (pair.kind, "all") and pair.wrong and in_plan is False:
                print(f"{language} {pair.kind} PLAN MISSED\n  {pair.sentence}\n  {pair.edited}")
        for claim in claims(language):
            caught = caught_as_added(claim)
            counts, kind = (added, "claim") if claim.wrong else (good, "warm")
            counts[kind, "all"].append(caught)
            counts[kind, language].append(caught)
            if caught != claim.wrong and show in (kind, "all"):
                print(f"{language} {kind}: {claim.text}")
    table("Edited sentences, as rephrasings of a plan", plans, faults=True)
    table("Edited sentences, in free rewrites", free, faults=True)
    table("Claims slipped into added text", added, faults=True)
    table("Good rewrites", good, faults=False)


def whole_replies(show: str, only: list[str]) -> None:
    """Print the same for whole replies, as people who support customers rewrite them: seen, and kept aside."""
    wrong: Counts = defaultdict(list)
    good: Counts = defaultdict(list)
    for language in only:
        for one in rewrites(language):
            verdict = check(one.draft, one.text, language=language, name=one.name)
            where = "kept aside" if one.aside else "seen"
            counts, kind = (wrong, "wrong") if one.wrong else (good, one.kind)
            for key in ((where, kind, "all"), (where, kind, language)):
                counts[key].append(not verdict.faithful)
            if show in (one.kind, "all") and one.wrong == verdict.faithful and not one.aside:
                print(f"{language} {one.kind}\n  {one.draft}\n  {one.text}\n  {_said(verdict)}")
    table("Whole replies, rewritten wrongly", wrong, faults=True)
    table("Whole replies, rewritten well", good, faults=False)


def _said(verdict: Verdict) -> list[str]:
    return [f"{violation.kind}: {violation.detail}" for violation in verdict.violations]


def speed(clock: Clock) -> None:
    median = statistics.median(clock["the guard"])
    high = sorted(clock["the guard"])[int(len(clock["the guard"]) * 0.95)]
    print(f"\nOne reply and its rewrite: median {median * 1e3:.2f} ms, 95th percentile {high * 1e3:.2f} ms (CPU)")
    for name in ALTERNATIVES:
        instead = statistics.median(clock[name])
        print(f"  {median / instead:7.0f} times {name} ({instead * 1e3:.4f} ms): it knows no meaning")


def given_pairs(path: Path, show: str) -> None:
    """Print the balanced accuracy per source, what is caught per kind of error, and why names were missed."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    caught: Counts = defaultdict(list)
    alarms: Counts = defaultdict(list)
    kinds: Counts = defaultdict(list)
    named: Counts = defaultdict(list)
    missed: list[dict[str, Any]] = []
    for row in rows:
        verdict = check(row["text"], row["candidate"], language="en")
        wrong = row["label"] == "inconsistent"
        source = row["source"].rpartition("/")[2]
        both_ways = row.get("direction") != "candidate_from_text"
        for key in ((source,), ("all",), *([("all but one-way",)] if both_ways else [])):
            (caught if wrong else alarms)[key].append(not verdict.faithful)
        for kind in {violation.kind for violation in verdict.violations}:
            named[(kind,)].append(not wrong)
        if wrong:
            for error in row["error_type"].split("+"):
                kinds[error, source].append(not verdict.faithful)
                kinds[error, "all"].append(not verdict.faithful)
            if verdict.faithful:
                missed.append(row)
        if show in (row["error_type"], "all") and wrong == verdict.faithful:
            print(f"{source} {row['error_type']}\n  {row['text']}\n  {row['candidate']}\n  {_said(verdict)}")
    table("Given pairs, inconsistent, per kind of error (a row may have several)", kinds, faults=True)
    table("Given pairs, inconsistent", caught, faults=True)
    table("Given pairs, consistent", alarms, faults=False)
    table("Given pairs: of the verdicts that name a kind, those on a consistent pair", named, faults=False)
    print("\nBalanced accuracy, with its 95 % bounds")
    for key in sorted(caught):
        if alarms[key]:
            print(f"  {key[0]:28} {balanced(caught[key], alarms[key])}")
    notes(missed)


def balanced(caught: list[bool], alarms: list[bool]) -> str:
    right = statistics.mean(caught), 1 - statistics.mean(alarms)
    share = statistics.mean(right)
    spread = sqrt(right[0] * (1 - right[0]) / len(caught) + right[1] * (1 - right[1]) / len(alarms)) / 2
    return f"{share:.3f}  [{share - Z * spread:.3f}, {share + Z * spread:.3f}]"


def notes(missed: list[dict[str, Any]]) -> None:
    """Print every number, name and negation that was missed, with the words that changed and why they passed."""
    print("\nNumbers, names and negations that were missed")
    for row in missed:
        before, after = (row[side].split() for side in ("text", "candidate"))
        edits = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        lost = [word for tag, i, j, _, _ in edits if tag != "equal" for word in before[i:j]]
        new = [word for tag, _, _, i, j in edits if tag != "equal" for word in after[i:j]]
        numbers = Counter(NUMBER.findall(row["text"])) != Counter(NUMBER.findall(row["candidate"]))
        if numbers or re.search("entity|negation|number|who|subject|contradiction", row["error_type"]):
            print(f"  {row['id']} ({row['error_type']}): {why(lost, new, numbers=numbers)}")
            print(f"    {' '.join(lost)[:100]!r} -> {' '.join(new)[:100]!r}")


def why(lost: list[str], new: list[str], *, numbers: bool) -> str:
    """Return what let a missed change pass, by the words that changed."""
    if numbers:
        return "A NUMBER WAS MISSED"
    if sorted(word.lower() for word in lost) == sorted(word.lower() for word in new):
        return "the same words in another order"
    if any(word[:1].isupper() for word in (*lost, *new)):
        return "a name changed together with its sentence"
    if len(lost) <= 2 and len(new) <= 2:
        return "words that the lexicon calls the same, or too light to tell"
    return "common words for common words in a sentence said anew"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", default="", metavar="KIND", help="print what was missed of a kind, or of all")
    parser.add_argument("--language", default="", help="only this one")
    parser.add_argument("--pairs", type=Path, metavar="FILE", help="JSON objects, one a line")
    given = parser.parse_args()
    chosen = [given.language] if given.language else languages()
    clock: Clock = defaultdict(list)
    own_suite(given.show, chosen, clock)
    whole_replies(given.show, chosen)
    speed(clock)
    if given.pairs:
        given_pairs(given.pairs, given.show)
