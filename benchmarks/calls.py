"""How many calls to the helpdesk a suggestion takes, and what a poll costs as the tickets grow.

`python benchmarks/calls.py` runs the real command line against the embedded helpdesk.
"""

import json

from office import FACES, Face, office

DRAFTS = 100
MOST = {"zendesk": 2.2, "freshdesk": 6.2}
WRITES = 1  # without a write there is no suggestion
WAITING = 50
FEW, MANY = 100, 20_000
MOST_MORE = 4


def a_suggestion(face: Face) -> float:
    """Return the calls for each of a run of 100 drafts, sign-in and search included."""
    with office(face) as at:
        for number in range(DRAFTS):
            at.hand_over(number)
        told = json.loads(at.run("run", "--json"))
        settled = sum(told[outcome] for outcome in ("suggested", "unchanged", "declined"))
        assert settled == DRAFTS, told
        assert told["calls"] == sum(at.desk.calls.values()), "the run counts other calls than the helpdesk"
        return told["calls"] / DRAFTS


def a_run(face: Face, tickets: int) -> int:
    """Return the calls of a run that handles 50 drafts among so many tickets, the others updated since."""
    with office(face) as at:
        for number in range(WAITING):
            at.hand_over(number)
        for number in range(WAITING, tickets):
            at.desk.tag(at.open(number, tags=["vip"]), "seen")
        told = json.loads(at.run("run", "--json"))
        assert told["pulled"] == WAITING, told
        return int(told["calls"])


def main() -> None:
    print(f"Calls for each suggestion, over a run of {DRAFTS} (no run can do with less than {WRITES}, its write)")
    for face in FACES:
        each = a_suggestion(face)
        print(f"  {face:<10} {each:.2f}, at most {MOST[face]}")
        assert each <= MOST[face]
    print(f"Calls of a run that finds {WAITING} drafts")
    for face in FACES:
        few, many = a_run(face, FEW), a_run(face, MANY)
        print(f"  {face:<10} {few} among {FEW:,} tickets, {many} among {MANY:,}: {many - few} more, "
              f"at most {MOST_MORE}")  # fmt: skip
        assert many - few <= MOST_MORE


if __name__ == "__main__":
    main()
