"""How much of a vendor's limit the program uses where it may use all of it, and whether it ever goes beyond.

`python benchmarks/throughput.py [MINUTES] [--helpdesk zendesk|freshdesk]` has `rewriter watch` at work for so long,
in real time, on the embedded helpdesk, which enforces a plan's limits in windows of full minutes. The tightest is
Zendesk's limit on updates, of which a suggestion takes one, and Freshdesk's of the account, in credits, of which it
takes eleven.
"""

import argparse
import time

from office import FACES, PLAN, Face, office

TIGHTEST = {"zendesk": "zendesk tickets-update", "freshdesk": "freshdesk account"}
UNIT = {"zendesk": "updates", "freshdesk": "credits"}
SHARE = 0.95
MINUTE = 60.0


def measure(face: Face, minutes: int) -> None:
    name, unit = TIGHTEST[face], UNIT[face]
    limit = PLAN[name].total
    with office(face, PLAN) as at:
        for number in range(limit * (minutes + 1)):
            at.hand_over(number)
        print(f"{face}: {limit} {unit} a minute are allowed", flush=True)
        with at.watch() as program:
            while not at.desk.calls:
                time.sleep(0.01)
            began, used, settled = time.monotonic(), 0, 0
            for minute in range(1, minutes + 1):
                time.sleep(max(0.0, began + minute * MINUTE - time.monotonic()))
                before, used = used, at.desk.meter.spent[name]
                ago, settled = settled, at.settled
                spent = f"{used - before} {unit}, {settled - ago} suggestions"
                print(f"  minute {minute}: {spent}, {program.memory:.0f} MB", flush=True)
        share = used / (limit * minutes)
        print(f"  {settled / minutes:.1f} suggestions a minute, {share:.1%} of the limit")
        print(f"  answers with 429: {at.throttled} (none)")
        assert not at.throttled
        assert share >= SHARE


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", nargs="?", type=int, default=2)
    parser.add_argument("--helpdesk", choices=FACES, help="only this one")
    given = parser.parse_args()
    for face in [given.helpdesk] if given.helpdesk else FACES:
        measure(face, given.minutes)
