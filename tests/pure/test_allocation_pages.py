"""The worked examples in docs/algorithms are what the rules find."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from budgets.allocation.catalogue import RULES
from budgets.allocation.model import Ballot, Election, Project, approvals, money, points
from budgets.allocation.result import Allocation, Note
from budgets.allocation.running import allocate

PAGES = Path(__file__).resolve().parents[2] / "docs" / "algorithms"
EXAMPLE = re.compile(r"```budget (\S+) (\S+)\n(.+)\n((?:.+\n)+)```\n+```result\n((?:.+\n)+)```")
EXAMPLES = [
    example
    for page in sorted(PAGES.glob("budget-*.md"))
    for example in EXAMPLE.findall(page.read_text())
]
# Explained together with the rule whose example stands on the page.
WITHOUT_EXAMPLE = {"mes_cardinality_add1_until_overspend", "mes_points_add1_until_overspend"}


def ballot(text: str) -> Ballot:
    """ "park, pool" approves both, "park 3, pool 1" gives points."""
    words = [word.split() for word in text.split(",")]
    if len(words[0]) == 1:
        return approvals(word[0] for word in words)
    return points({key: int(number) for key, number in words})


def election(budget: str, standing: str, lines: str) -> Election:
    projects = [word.split() for word in standing.split(",")]
    ballots = {
        ballot(line.split(" × ")[1]): int(line.split(" × ")[0]) for line in lines.splitlines()
    }
    has_points = any(number > 1 for one in ballots for _, number in one)
    return Election(
        tuple(Project(key, Decimal(cost)) for key, cost in projects),
        Decimal(budget),
        ballots,
        "points" if has_points else "approval",
    )


def noted(name: str, note: Note) -> str:
    return ", ".join([name, *(f"{key} {value}" for key, value in note.params.items())])


def written(found: Allocation) -> str:
    """A result as the pages write it."""
    lines = []
    for one in found.rounds:
        line = f"{one.number}. {one.project} for {money(one.cost)}: support {one.support}"
        line += f"; left {money(one.left)}"
        if one.payments:
            line += f"; payers {one.payers}, up to {one.payments[0].most}"
        lines.append(line)
    for tie in found.ties:
        equal = " = ".join(tie.projects)
        lines.append(f"tie {tie.round}: {equal}, by {tie.decided_by}: {tie.chosen}")
    for key in sorted(found.losers, key=lambda key: (-found.support[key], key)):
        lines.append(noted(f"{key}: {found.losers[key].code}", found.losers[key]))
    lines += [noted(note.code, note).replace(", ", ": ", 1) for note in found.notes]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("rule", "budget", "projects", "ballots", "expected"), EXAMPLES)
def test_each_example_is_true(rule, budget, projects, ballots, expected):
    found = allocate(rule, election(budget, projects, ballots))
    assert written(found) == expected
    assert all(tie.decided_by != "lot" for tie in found.ties), "an example needs no lot"


def test_each_rule_has_an_example_and_a_paragraph_for_citizens():
    assert {example[0] for example in EXAMPLES} == RULES.keys() - WITHOUT_EXAMPLE
    for page in ("greedy", "equal-shares", "phragmen", "knapsack"):
        assert "**For citizens.**" in (PAGES / f"budget-{page}.md").read_text()
    text = (PAGES / "budget-equal-shares.md").read_text()
    assert all(f"`{name}`" in text for name in WITHOUT_EXAMPLE)
