"""The reference library on one file: `python allocation_reference.py FILE`. Needs pabutools alone, no
part of Kenes.

Prints JSON: seconds from file to winners, and the winners of Equal Shares with cost utilities, every
voter's share raised by one until overspending.
"""

import json
import sys
import time

from pabutools.election import Cost_Sat
from pabutools.election.pabulib import parse_pabulib
from pabutools.rules import exhaustion_by_budget_increase, method_of_equal_shares


def main() -> None:
    sys.setrecursionlimit(100_000)  # it calls itself for every winner
    began = time.perf_counter()
    instance, profile = parse_pabulib(sys.argv[1])
    winners = exhaustion_by_budget_increase(
        instance,
        profile.as_multiprofile(),
        method_of_equal_shares,
        {"sat_class": Cost_Sat},
        exhaustive_stop=False,
        budget_step=profile.num_ballots(),
    )
    seconds = time.perf_counter() - began
    json.dump(
        {"seconds": seconds, "winners": sorted(project.name for project in winners)}, sys.stdout
    )


if __name__ == "__main__":
    main()
