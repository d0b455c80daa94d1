"""Real participatory budgets choose what exact reference implementations and the cities chose."""

import json
from functools import cache

import pytest

from budgets.allocation.catalogue import RULES
from budgets.allocation.comparing import compare
from budgets.allocation.pabulib import PbFile, read, write
from budgets.allocation.pb_election import election, limits, warnings
from budgets.allocation.running import allocate
from tests.shared import folder

pytestmark = pytest.mark.shared_data


@cache
def reference() -> dict[str, dict]:
    return json.loads((folder("pabulib") / "reference.json").read_text())


@cache
def file(name: str) -> PbFile:
    return read((folder("pabulib") / name).read_bytes())


def chosen(name: str, rule: str, **options) -> list[str]:
    return sorted(allocate(rule, election(file(name)), **options).winners)


def test_every_rule_chooses_what_the_reference_chooses():
    compared = 0
    for name, known in reference().items():
        for rule in RULES.keys() & known.keys():
            assert chosen(name, rule) == sorted(known[rule]), (name, rule)
            compared += 1
    assert compared == 39


def test_no_lot_decides_what_the_reference_chooses():
    """Whatever the lot, the same projects: what ties there are, the declared rule settles without it."""
    for name, known in reference().items():
        if known["projects"] > 100:
            continue
        for rule in RULES.keys() & known.keys():
            assert chosen(name, rule, seed="another") == sorted(known[rule]), (name, rule)


def test_cities_chose_what_their_rules_say():
    rule_of = {"greedy": "greedy_by_votes", "equalshares/add1": "mes_cost_add1_until_overspend"}
    agreed = 0
    for name, known in reference().items():
        if known["greedy_matches_city"] or known.get("mes_add1_matches_city"):
            rule = rule_of.get(known["rule"].removesuffix("-comparison"), "greedy_by_votes")
            if known["vote_type"] != "approval":
                rule = "greedy_by_score"
            assert chosen(name, rule) == sorted(known["city_selected"]), name
            agreed += 1
    assert agreed == 7


def test_gdynia_stopped_at_the_first_project_that_did_not_fit():
    name = "Poland_Gdynia_2020_Dabrowa__small.pb"
    assert chosen(name, "greedy_by_votes_no_skip") == reference()[name]["city_selected"]


def test_support_is_what_the_files_say():
    for name in reference():
        found = file(name)
        for rule, column in (("greedy_by_votes", "votes"), ("greedy_by_score", "score")):
            of = election(found)
            if found.projects.place(column) is None or of.kind not in RULES[rule].kinds:
                continue
            if (column == "votes") == of.counts_points:
                continue
            rows = (found.projects.column(name) for name in ("project_id", column))
            said = dict(zip(*rows, strict=True))
            assert allocate(rule, of).support == {key: int(number) for key, number in said.items()}


def test_files_are_written_as_they_were():
    for name in reference():
        raw = (folder("pabulib") / name).read_bytes()
        found = read(raw)
        assert read(write(found)) == found
        if raw.count(b"\n") in (raw.count(b"\r\n"), raw.count(b"\n") + raw.count(b"\r\n")):
            assert write(found) == raw, name
        assert warnings(found) == ()


def test_limits_of_files_are_told():
    assert limits(file("Poland_Lodz_2020.pb")).min_project_score_threshold == 100
    assert limits(file("Poland_Krakow_2022_Podgorze.pb")).max_length == 3
    assert limits(file("Switzerland_Zurich_D5.pb")).max_sum_points == 5


def test_equal_shares_leave_fewer_voters_with_nothing():
    rules = ("greedy_by_votes", "mes_cost_add1_until_overspend")
    for name in ("Poland_Swiecie_2023.pb", "Poland_Wieliczka_2023_Green_Budget.pb"):
        greedy, equal = compare(election(file(name)), rules)
        assert equal.satisfaction.counts[0] < greedy.satisfaction.counts[0]
        assert sum(equal.satisfaction.counts) == reference()[name]["votes"]
