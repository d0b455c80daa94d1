"""The worked examples in docs/algorithms are what the program counts."""

import re
from pathlib import Path

import pytest

from voting.tally.methods import METHODS, count
from voting.tally.model import Contest, Preference, Result, marks, ranking

PAGES = Path(__file__).resolve().parents[2] / "docs" / "algorithms"
EXAMPLE = re.compile(r"```votes (\S+)(.*)\n((?:.+\n)+)```\n+```result\n((?:.+\n)+)```")


def ballot(text: str) -> Preference:
    """ "a > b = c" is a ranking, "a: good, b: poor" are marks; whole numbers are scores."""
    if ":" in text:
        pairs = (part.split(":") for part in text.split(","))
        given = {one.strip(): mark.strip() for one, mark in pairs}
        return marks({one: int(m) if m.isdigit() else m for one, m in given.items()})
    return ranking([one.strip() for one in group.split("=")] for group in text.split(">"))


def contest(lines: str, options: dict[str, str]) -> Contest:
    ballots: dict[Preference, int] = {}
    for line in lines.splitlines():
        copies, _, text = line.partition(" × ")
        ballots[ballot(text)] = int(copies)
    grades = tuple(options.get("grades", "").split(",")) if "grades" in options else ()
    names = re.findall(r"[a-zé]+", re.sub(r": *[a-z]+", "", lines))
    return Contest(tuple(sorted(set(names))), ballots, grades=grades)


def written(result: Result) -> str:
    """A result as the pages write it."""
    lines = []
    for step in result.rounds:
        line = f"{step.number}. " + ", ".join(f"{one} {text}" for one, text in step.tallies.items())
        for word, who in (("excluded", step.excluded), ("elected", step.elected)):
            line += f"; {word} {', '.join(who)}" if who else ""
        lines.append(line)
    if "quota" in result.rounds[0].values:
        lines.insert(0, f"quota {result.rounds[0].values['quota']}")
    return "\n".join([*lines, f"chosen: {', '.join(result.winners)}"]) + "\n"


@pytest.mark.parametrize("method", METHODS)
def test_each_method_has_a_page_whose_example_is_true(method):
    text = (PAGES / f"{method}.md").read_text()
    examples = EXAMPLE.findall(text)
    assert examples
    for name, words, ballots, expected in examples:
        options = dict(word.split("=") for word in words.split())
        assert name == method
        result = count(name, contest(ballots, options), seats=int(options.get("seats", "1")))
        assert written(result) == expected
        assert not result.ties, "an example needs no lot"


def test_the_index_names_every_page():
    index = (PAGES / "README.md").read_text()
    for page in PAGES.glob("*.md"):
        if page.name != "README.md":
            assert f"]({page.name})" in index, page.name
    for link in re.findall(r"\]\(([^)#]+)\)", index):
        assert (PAGES / link).exists(), link
