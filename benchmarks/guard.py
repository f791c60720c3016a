"""How much the guard catches, how often it cries wolf, and how long it takes: `python benchmarks/guard.py`.

Every figure stands with its 95 % bounds (Wilson). `--show KIND` prints what was missed or wrongly faulted;
`--pairs FILE` runs it over rows of (text, candidate, label, error_type, source) as well.
"""

from __future__ import annotations

import argparse
import difflib
import json
import statistics
import time
from collections import defaultdict
from math import sqrt
from pathlib import Path

from mutations import Claim, Pair, claims, languages, pairs

from rewriter.document import parse
from rewriter.guard import Case, judge, mend
from rewriter.guard.added import Bounds, wrongs
from rewriter.guard.align import Verdict, check
from rewriter.model import Carry, Reading, Rephrase, Tone
from rewriter.seal import seal_draft

Z = 1.96
Counts = dict[tuple[str, ...], list[bool]]


def bounds(hits: int, of: int) -> tuple[float, float]:
    if not of:
        return 0.0, 1.0
    share, spread = hits / of, Z * Z / of
    middle, half = share + spread / 2, Z * sqrt(share * (1 - share) / of + spread / (4 * of))
    return (middle - half) / (1 + spread), (middle + half) / (1 + spread)


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


def own_suite(show: str, only: str) -> None:
    plans: Counts = defaultdict(list)
    free: Counts = defaultdict(list)
    good: Counts = defaultdict(list)
    added: Counts = defaultdict(list)
    times: list[float] = []
    plain: list[float] = []
    for language in [only] if only else languages():
        for pair in pairs(language):
            began = time.process_time()
            verdict = check(pair.draft, pair.rewrite, language=language, name="Ana")
            times.append(time.process_time() - began)
            began = time.process_time()
            difflib.SequenceMatcher(None, pair.draft.split(), pair.rewrite.split(), autojunk=False).get_opcodes()
            plain.append(time.process_time() - began)
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
    speed(times, plain)


def _said(verdict: Verdict) -> list[str]:
    return [f"{violation.kind}: {violation.detail}" for violation in verdict.violations]


def speed(times: list[float], plain: list[float]) -> None:
    median, high = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
    ratio = median / statistics.median(plain)
    print(f"\nOne reply and its rewrite: median {median * 1e3:.2f} ms, 95th percentile {high * 1e3:.2f} ms;")
    print(f"  {ratio:.0f} times what difflib takes to find the changed words, which says nothing of what they mean")


def given_pairs(path: Path, show: str) -> None:
    """Print the balanced accuracy per source, and what is caught per kind of error."""
    caught: Counts = defaultdict(list)
    alarms: Counts = defaultdict(list)
    kinds: Counts = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        verdict = check(row["text"], row["candidate"], language="en")
        wrong = row["label"] == "inconsistent"
        source = row["source"].rpartition("/")[2]
        for key in ((source,), ("all",)):
            (caught if wrong else alarms)[key].append(not verdict.faithful)
        if wrong:
            kinds[source, row["error_type"]].append(not verdict.faithful)
        if show in (row["error_type"], "all") and wrong == verdict.faithful:
            print(f"{source} {row['error_type']}\n  {row['text']}\n  {row['candidate']}\n  {_said(verdict)}")
    table("Given pairs, inconsistent, per kind", kinds, faults=True)
    table("Given pairs, inconsistent", caught, faults=True)
    table("Given pairs, consistent", alarms, faults=False)
    print("\nBalanced accuracy")
    for key in sorted(caught):
        if alarms[key]:
            share = statistics.mean(caught[key]), 1 - statistics.mean(alarms[key])
            print(f"  {key[0]:28} {statistics.mean(share):.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", default="", metavar="KIND", help="print what was missed of a kind, or of all")
    parser.add_argument("--language", default="", help="only this one")
    parser.add_argument("--pairs", type=Path, metavar="FILE", help="JSON objects, one a line")
    given = parser.parse_args()
    own_suite(given.show, given.language)
    if given.pairs:
        given_pairs(given.pairs, given.show)
