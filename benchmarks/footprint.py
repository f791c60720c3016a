"""What the program itself takes of a machine: processor time for each draft, and memory over many.

`python benchmarks/footprint.py [DRAFTS]` has `rewriter watch` handle so many drafts with the phrasebook, on the
embedded helpdesk with its limits lifted. The helpdesk runs in another process and is not counted. Reads /proc, so
it needs Linux.
"""

import argparse
import statistics
import time

from office import FACES, Face, Process, made_up, office

from rewriter import prompting
from rewriter.phrasebook import PhrasebookEngine
from rewriter.pipeline import suggest

MOST_MS = 8.0
MOST_MB = 250
FLAT_MB = 20  # what memory may grow by after the first thousand drafts
SLICE = 100  # drafts; the kernel counts processor time in hundredths of a second
PATIENCE = 120.0  # seconds without a draft after which something is wrong


def writing(drafts: int = 400) -> float:
    """Return the processor time in ms that the median draft takes from its text to its suggestion."""
    prompts = prompting.load()
    engine = PhrasebookEngine(prompts)
    took = []
    for number in range(drafts):
        request = made_up(number).request
        began = time.thread_time()
        suggest(request, engine, prompts)
        took.append((time.thread_time() - began) * 1e3)
    return statistics.median(took)


def at_work(face: Face, drafts: int) -> None:
    with office(face) as at:
        for number in range(drafts):
            at.hand_over(number)
        with at.watch() as program:
            slices: list[float] = []
            kept: list[float] = []
            wait_for(at, program, SLICE)  # what starting takes is no draft's
            before, at_draft = program.cpu, at.settled
            print(f"{face}: drafts, memory")
            for mark in range(2 * SLICE, drafts + 1, SLICE):
                wait_for(at, program, mark)
                now, settled = program.cpu, at.settled
                slices.append((now - before) * 1e3 / (settled - at_draft))
                before, at_draft = now, settled
                if mark % 1_000 == 0:
                    kept.append(program.memory)
                if mark in (1_000, 5_000, 10_000, drafts):
                    print(f"  {settled:>6,}  {program.memory:.0f} MB", flush=True)
            each = statistics.median(slices)
            print(f"  processor time for each draft, median: {each:.1f} ms (at most {MOST_MS:.0f})")
            print(f"  memory, most: {max(kept):.0f} MB (at most {MOST_MB}), grown since the first thousand: "
                  f"{kept[-1] - kept[0]:+.0f} MB (at most {FLAT_MB})")  # fmt: skip
            assert max(kept) <= MOST_MB
            assert kept[-1] - kept[0] <= FLAT_MB  # time is no such matter: whatever else runs here makes it longer


def wait_for(at, program: Process, settled: int) -> None:
    """Wait until so many drafts are settled."""
    since, before = time.monotonic(), at.settled
    while at.settled < settled:
        time.sleep(0.002)
        if at.settled > before:
            since, before = time.monotonic(), at.settled
        assert not program.ended, "the program ended"
        assert time.monotonic() - since < PATIENCE, "the program stands still"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drafts", nargs="?", type=int, default=2_000)
    parser.add_argument("--helpdesk", choices=FACES, help="only this one")
    given = parser.parse_args()
    if given.drafts < 1_000:
        parser.error("at least 1000 drafts: memory is looked at after each thousand.")
    print(f"Writing a suggestion, processor time at the median: {writing():.1f} ms")
    for face in [given.helpdesk] if given.helpdesk else FACES:
        at_work(face, given.drafts)
