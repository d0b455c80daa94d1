"""Real elections elect whom the public counts elected."""

import json

import pytest

from tests.shared import folder
from voting.tally.formats import read
from voting.tally.methods import count

pytestmark = pytest.mark.shared_data


def elections():
    base = folder("elections")
    for name, expected in json.loads((base / "reference.json").read_text())["files"].items():
        yield read((base / name).read_bytes(), name), expected, name


def numbers(result) -> list[int]:
    return [int(one) for one in result.winners]


def test_every_ward_elects_its_councillors():
    for found, expected, name in elections():
        assert found.seats == expected["seats"], name
        assert len(found.contest.candidates) == expected["candidates"], name
        result = count("stv-scottish", found.contest, seats=found.seats)
        assert result.ballots == expected["valid_ballots"], name
        wanted = expected.get("elected_numbers") or expected["scottish_stv"]
        assert sorted(numbers(result)) == wanted, name


def test_wards_listed_elsewhere_agree():
    base = folder("elections")
    listed = json.loads((base / "all_winners_half.json").read_text())
    present = [name for name in listed if (base / name).exists()]
    assert present
    for name in present:
        found = read((base / name).read_bytes(), name)
        result = count("stv-scottish", found.contest, seats=found.seats)
        assert sorted(numbers(result)) == listed[name], name


def test_glasgow_gives_its_parties_their_seats():
    parties: dict[str, int] = {}
    for found, _, name in elections():
        if name.startswith("glasgow_2007"):
            for one in count("stv-scottish", found.contest, seats=found.seats).winners:
                party = found.names[one].rpartition(", ")[2]
                parties[party] = parties.get(party, 0) + 1
    expected = json.loads((folder("elections") / "reference.json").read_text())["party_totals"]
    assert parties == expected


def test_by_elections_agree_method_by_method():
    compared = 0
    for found, expected, name in elections():
        if "condorcet_winner" not in expected:
            continue
        for method in ("plurality", "irv", "schulze"):
            assert numbers(count(method, found.contest)) == expected[method], name
        winner = [expected["condorcet_winner"]]
        assert numbers(count("ranked-pairs", found.contest)) == winner, name
        compared += 1
    assert compared == 4


def test_a_project_leader_is_ranked_by_schulze_as_published():
    base = folder("elections")
    found = read((base / "debian_leader_2010.soi").read_bytes(), "debian_leader_2010.soi")
    expected = json.loads((base / "reference-condorcet.json").read_text())
    result = count("schulze", found.contest, seats=5)
    assert result.ballots == expected["voters"]
    assert [found.names[one] for one in result.winners] == expected["schulze_ranking"]
    table = result.rounds[0].table
    named = {
        found.names[one]: {found.names[other]: int(votes) for other, votes in row.items()}
        for one, row in table.items()
    }
    assert named == expected["pairwise"]
    assert [found.names[one] for one in count("irv", found.contest).winners] == expected["irv"]
