"""Whether a rewrite is worth sending: what the engine without a model adds, to whom, and how much of it.

    python benchmarks/empathy.py                                  # the project's own samples, every tone
    python benchmarks/empathy.py --replies FILE.jsonl             # other replies: customer, reply, perhaps label
    python benchmarks/empathy.py --replies FILE.jsonl --pairs PAIRS.jsonl --count 100
    python benchmarks/empathy.py --pairs PAIRS.jsonl --verdicts VERDICTS.jsonl

Drafts that are the later part of a reply ("2/2 Also, …") are left out: what there is to say stands in the first.

What counts as a complaint is not asked of the product. A row may say so itself (`label`: complaint, question or
other). Where it does not, short lists of words decide: a row with a word of anger or worry, or of a thing that does
not work, is a complaint; one that asks, without any of these and without a "not", "why" or "fix", is a plain
question; all else is neither. Such lists are rough: they take "how do I report a problem?" for a complaint and miss
a complaint in unusual words.

A verdict is a line {"id", "better": "A", "B" or "same", "worse_in_fact": ["A"], "would_not_send": ["B"]}; whoever
publishes figures says who judged.
"""

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import Stemmer
from wilson import bounds

from rewriter import prompting
from rewriter.model import Suggestion
from rewriter.phrasebook import PhrasebookEngine
from rewriter.pipeline import Request, suggest
from rewriter.prompting import SHIPPED, Prompts

FEELING = re.compile(
    r"frustrat|annoy|angr|upset|disappoint|terribl|awful|\bworst\b|\bworse\b|ridiculous|unacceptab|horribl"
    r"|pathetic|\bhate\b|fed up|sick of|tired of|worr(y|ied)|scared|\bhacked\b|\bwtf\b|\bf+u+c*k|\bshit|\bdamn"
    r"|\bsucks\b|useless|a joke|\bscam|\bcrap\b|nightmare|confus|stress|:['’]?\(|[🙁😡🤬😠😤😩😫😭😢😞]",
    re.I,
)
TROUBLE = re.compile(
    r"\bnot work|n['’]?t work|won['’]?t\b|\bcan['’]?t\b|\bcannot\b|unable|\berrors?\b|\bissues?\b|problem|trouble"
    r"|broke|crash|freez|\bbugs?\b|\bfail|\bstuck\b|disappear|missing|never (got|received|arriv|came)|waiting"
    r"|still (no|wait|have)|charged|locked|suspended|terminated|banned|wrong|\blate\b|delay|damaged"
    r"|lost (all|my|both)",
    re.I,
)
PERHAPS = re.compile(  # neither a sure complaint nor a plain question
    r"n['’]t\b|\bnot\b|\bno\b|\bnone\b|nothing|\bwhy\b|how come|going on|\bfix|\blost\b|\bgone\b|billed|cracked"
    r"|denied|compromised|cancel|spam|restrict|!!|\?!|\bffs\b|hell\b|garbage|gouging|buffering|getting this"
    r"|do something|passed away|\bdied\b|décédé",
    re.I,
)
WARM = re.compile(
    r"sorry|apolog|regret|understand|frustrat|annoy|upset|worr|disappoint|appreciate|i can (see|imagine|hear)"
    r"|hate to (see|hear)|not the .{0,20}experience|no one wants|we hear you|should(n['’]t| not) be|difficult"
    r"|patience|(no|never|not) (any )?fun|not what we (like|want)|n['’]t sound good|not sound good"
    r"|hassle|every reason|you should not have|makes sense|long time|no wonder|hard|condolence",
    re.I,
)
LATER_PART = re.compile(r"\W*[2-9]\s?/\s?[2-9]\b")  # "2/2 Also, you can …": the part before it greeted and met
SORRY = re.compile(r"\b(sorry|apolog\w+|regret|forgive)\b", re.I)
OWNED = re.compile(
    r"\b(we|i) (failed|made|got it wrong|let you down|messed)|(our|my) (fault|mistake|error|bad)\b", re.I
)
FAULT = re.compile(r"should not have (had|been)|put you through|experience you should have had", re.I)
GENERAL = frozenset(
    re.findall(
        r"\w+",
        """please help with this that your have from just what when they them their there would could about because
        trouble issue issues problem problems been being were does doing thanks thank want need know like some
        really still will again after before which tried trying hello anyone cannot using used keep keeps getting
        going into only other even more most very much time times able make makes made over back then than also
        here where work works working customer frustrating frustrated frustration annoying sorry upset upsetting
        understand and the you for are but not can how was has had our its his her any all out why get got did too
        see one now who""",
    )
)
STEMMER = Stemmer.Stemmer("english")
SHORT_DRAFT, SHORT_MOVE, GREETING, MOST_WORDS, LONGER_BY = 60, 15, 4, 60, 0.35


@dataclass(frozen=True)
class Row:
    """A draft with the customer's message, and what the row itself says it is."""

    id: str
    customer: str
    draft: str
    html: bool = False
    name: str = ""
    label: str = ""
    language: str = ""
    channel: str = "email"

    @property
    def kind(self) -> str:
        """Complaint, question or other; see the top of this file."""
        if self.label:
            return self.label
        if FEELING.search(self.customer) or TROUBLE.search(self.customer):
            return "complaint"
        return "question" if "?" in self.customer and not PERHAPS.search(self.customer) else "other"


def own_samples() -> list[Row]:
    lines = (SHIPPED / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [
        Row(
            row["id"],
            row.get("customer", ""),
            row.get("draft") or row["draft_html"],
            html="draft_html" in row,
            name=row.get("name", ""),
            language=row.get("lang", ""),
            channel=row.get("channel", "email"),
        )
        for row in rows
        if row.get("lang", "en") == "en"
    ]


def replies(path: Path) -> list[Row]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Row(
            str(row.get("id", number)),
            row["customer"],
            row.get("reply") or row["draft"],
            name=row.get("name", ""),
            label=row.get("label", ""),
        )
        for number, row in enumerate(rows)
        if not LATER_PART.match(row.get("reply") or row["draft"])
    ]


def rewritten(row: Row, prompts: Prompts, tone: str) -> Suggestion:
    request = Request(
        row.draft,
        html=row.html,
        key=row.id,
        customer=row.customer,
        name=row.name,
        tone=tone,
        language=row.language,
        channel=row.channel,  # type: ignore[arg-type]  # as the samples have it
    )
    return suggest(request, PhrasebookEngine(prompts), prompts)


# --- what a suggestion has --------------------------------------------------------------------------------


def moves(suggestion: Suggestion) -> list[str]:
    return [p.text for p in suggestion.parts if p.kind not in ("kept", "rephrased", "personalisation")]


def warm_sentences(suggestion: Suggestion) -> list[str]:
    return [part.text for part in suggestion.parts if WARM.search(part.text)]


def is_specific(row: Row, said: Iterable[str]) -> bool:
    """Say whether a warm sentence takes up a word of the customer's that is about their matter."""
    theirs = stems(row.customer)
    return any(theirs & stems(sentence) for sentence in said)


def stems(text: str) -> set[str]:
    """Return the stems of a text's words that are about a matter: "charged" is "the charge"."""
    text = re.sub(r"\bps ?[345]\b", "playstation", text.lower())
    return {STEMMER.stemWord(word) for word in re.findall(r"[^\W_]{3,}", text) if word not in GENERAL}


def breaches(row: Row, suggestion: Suggestion) -> Iterator[str]:
    """Yield what breaks the dose, whatever the tone."""
    drafted = sum(len(part.text.split()) for part in suggestion.parts if part.carries)
    added = moves(suggestion)
    if suggestion.added_words > MOST_WORDS:
        yield f"{suggestion.added_words} words added"
    if len(added) > 3:
        yield f"{len(added)} sentences added"
    if drafted < SHORT_DRAFT:
        if len(added) > 1 or any(len(text.split()) > SHORT_MOVE for text in added):
            yield "more than one short move in a short draft"
        if suggestion.added_words > SHORT_MOVE + GREETING:
            yield f"{suggestion.added_words} words added to a short draft"
    if any(SORRY.search(text) for text in added) and len(SORRY.findall(suggestion.text)) > 1:
        yield "a second apology"
    if FEELING.search(row.customer) and any("!" in text for text in added):
        yield "an exclamation mark to somebody angry"
    if any(FAULT.search(text) and "have had" in text for text in added) and not OWNED.search(row.draft):
        yield "a fault owned that the draft does not state"


# --- figures -----------------------------------------------------------------------------------------------


def share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({100 * part / whole:.0f} %)" if whole else "none"


def report(rows: list[Row], prompts: Prompts, tone: str) -> None:
    times: list[float] = []
    written: list[tuple[Row, Suggestion]] = []
    for row in rows:
        start = time.process_time()
        written.append((row, rewritten(row, prompts, tone)))
        times.append(time.process_time() - start)
    written = [(row, suggestion) for row, suggestion in written if suggestion.outcome != "declined"]
    complaints = [(row, suggestion) for row, suggestion in written if row.kind == "complaint"]
    questions = [(row, suggestion) for row, suggestion in written if row.kind == "question"]
    met = [(row, s) for row, s in complaints if warm_sentences(s) or moves(s)]
    specific = [row for row, s in complaints if is_specific(row, [*warm_sentences(s), *moves(s)])]
    plain = [row for row, s in questions if not moves(s)]
    openings = Counter(moves(s)[0] for _, s in written if moves(s))
    longer = [
        s.added_words / drafted
        for row, s in written
        if (drafted := sum(len(p.text.split()) for p in s.parts if p.carries)) >= SHORT_DRAFT and s.added_words
    ]
    broken = [f"{row.id}: {breach}" for row, s in written for breach in breaches(row, s)]
    print(f"\n{tone}: {len(written)} drafts, {len(rows) - len(written)} declined")
    print(f"  validation in complaints        {share(len(met), len(complaints))}")
    print(f"  specific restatement            {share(len(specific), len(complaints))}")
    print(f"  plain questions without a move  {share(len(plain), len(questions))}")
    if openings:
        most, often = openings.most_common(1)[0]
        print(f"  most frequent added sentence    {share(often, len(written))}: {most}")
    sorry = sum(any(SORRY.search(text) for text in moves(s)) for _, s in written)
    print(f"  drafts given an apology         {share(sorry, len(written))}")
    added = [s.added_words for _, s in written if s.added_words]
    print(f"  added words                     median {median(added) if added else 0}, most {max(added, default=0)}")
    print(f"  longer by, drafts of 60 words   {100 * median(longer):.0f} %" if longer else "  no draft of 60 words")
    print(f"  guard put back                  {sum(bool(s.reverted) for _, s in written)} drafts")
    print(f"  breaches of the dose            {len(broken)}")
    for breach in broken[:10]:
        print(f"    {breach}")
    print(f"  processor time                  median {1000 * median(times):.1f} ms")


# --- blind pairs --------------------------------------------------------------------------------------------


def write_pairs(rows: list[Row], prompts: Prompts, tone: str, path: Path, count: int, seed: int) -> None:
    """Write pairs for readers, in an order drawn by lot, and beside them the key that says which is which."""
    lot = random.Random(seed)  # noqa: S311  # readers need no secret
    pairs: list[dict[str, str]] = []
    key: list[dict[str, str]] = []
    for row in lot.sample(rows, len(rows)):
        suggestion = rewritten(row, prompts, tone)
        if row.kind != "complaint" or suggestion.outcome != "rewritten" or len(pairs) == count:
            continue
        swapped = lot.random() < 0.5
        texts = (suggestion.text, row.draft) if swapped else (row.draft, suggestion.text)
        pairs.append({"id": row.id, "customer": row.customer, "A": texts[0], "B": texts[1]})
        key.append({"id": row.id, "rewrite": "A" if swapped else "B"})
    for file, lines in ((path, pairs), (key_of(path), key)):
        file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    print(f"{len(pairs)} pairs in {path}; which is the rewrite stands in {key_of(path)}: keep it from the readers.")


def key_of(path: Path) -> Path:
    return path.with_suffix(".key.jsonl")


def read_verdicts(path: Path, pairs: Path) -> None:
    key = {row["id"]: row["rewrite"] for row in map(json.loads, key_of(pairs).read_text("utf-8").splitlines())}
    verdicts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    better = sum(verdict["better"] == key[verdict["id"]] for verdict in verdicts)
    same = sum(verdict["better"] == "same" for verdict in verdicts)
    low, high = bounds(better, len(verdicts))
    worse = [v["id"] for v in verdicts if key[v["id"]] in v.get("worse_in_fact", ())]
    unsent = [v["id"] for v in verdicts if key[v["id"]] in v.get("would_not_send", ())]
    print(f"rewrite preferred   {share(better, len(verdicts))}, 95 % bounds {100 * low:.0f} to {100 * high:.0f} %")
    print(f"no difference       {share(same, len(verdicts))}")
    print(f"worse in fact       {share(len(worse), len(verdicts))} {' '.join(worse)}")
    print(f"would not be sent   {share(len(unsent), len(verdicts))} {' '.join(unsent)}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Whether a rewrite is worth sending.")
    parser.add_argument("--replies", type=Path, help="JSON lines with customer and reply (or draft), perhaps label")
    parser.add_argument("--tone", help="one tone; without it, each one that ships")
    parser.add_argument("--pairs", type=Path, help="write blind pairs here")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verdicts", type=Path, help="read what readers said of --pairs")
    given = parser.parse_args()
    if given.verdicts and not given.pairs:
        sys.exit("--verdicts needs --pairs: the file that the readers judged.")
    if given.verdicts:
        read_verdicts(given.verdicts, given.pairs)
        return
    prompts = prompting.load()
    rows = replies(given.replies) if given.replies else own_samples()
    if given.pairs:
        write_pairs(rows, prompts, given.tone or "warm", given.pairs, given.count, given.seed)
        return
    for tone in [given.tone] if given.tone else sorted(prompts.tones):
        report(rows, prompts, tone)


if __name__ == "__main__":
    main()
