"""Pabulib's files: what is read, what is written again, what is refused and where."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from budgets.allocation import pabulib
from budgets.allocation.model import Election, ElectionError, Project, approvals
from budgets.allocation.pabulib import PbError, PbFile, Table, read, write
from budgets.allocation.pb_election import election, limits, warnings
from budgets.allocation.pb_writing import pb_file
from budgets.allocation.running import allocate
from budgets.allocation.tables import (
    election_from_json,
    election_json,
    write_allocation,
    write_ballots,
    write_projects,
)
from tests.pure.allocations import TOWN, elections

SMALL = """META
key;value
description;A "small" one
budget;100.50
vote_type;approval
num_votes;3
max_length;2
PROJECTS
project_id;cost;name;category
7;60;"Path; for cycles";move
12;30,5;"Library ""East""
second line";read
VOTES
voter_id;vote;age
a;7,12;40
b;12;
c;;17
"""


def small(old: str = "", new: str = "") -> bytes:
    assert old in SMALL
    return SMALL.replace(old, new, 1).encode() if old else SMALL.encode()


def of_type(kind: str, columns: str, *votes: str, meta: str = "") -> Election:
    head = f"META\nkey;value\nbudget;10\nvote_type;{kind}\n{meta}"
    rows = "\n".join(f"{number};{vote}" for number, vote in enumerate(votes))
    text = f"{head}PROJECTS\nproject_id;cost\nx;5\ny;4\nz;3\nVOTES\nvoter_id;{columns}\n{rows}\n"
    return election(read(text.encode()))


def test_a_file_is_an_election():
    found = election(read(small()), threshold=2)
    assert found == Election(
        (Project("7", Decimal(60), "move"), Project("12", Decimal("30.5"), "read")),
        Decimal("100.50"),
        {approvals(["7", "12"]): 1, approvals(["12"]): 1, (): 1},
        threshold=2,
    )
    assert read(small()).names == {"7": "Path; for cycles", "12": 'Library "East"\nsecond line'}


def test_everything_is_written_again():
    for raw in (
        small(),
        small().replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + small(),
        small().removesuffix(b"\n"),
        small("a;7,12;40", " a ; 7, 12 ;40"),
        small("key;value", "key; value; source").replace(b"budget;100.50", b"budget; 100.50;law"),
    ):
        found = read(raw)
        assert read(write(found)) == found
        assert write(found) == raw.replace(b'A "small" one', b'"A ""small"" one"')


def test_what_needs_no_quotes_is_written_byte_for_byte():
    raw = small('A "small" one', "A small one")
    assert write(read(raw)) == raw
    assert write(read(raw.replace(b"\n", b"\r\n"))) == raw.replace(b"\n", b"\r\n")


def test_titles_and_names_may_be_in_small_letters_with_spaces_around():
    raw = small("PROJECTS", "projects ").replace(b"project_id;cost", b"Project_ID ; cost")
    assert election(read(raw)).digest == election(read(small())).digest


def test_points_ranks_and_single_choices():
    assert of_type("cumulative", "vote;points", "x,y;3,1", "y;0").ballots == {
        (("x", 3), ("y", 1)): 1,
        (): 1,
    }
    assert of_type("scoring", "points;vote", "2.5,1.0;z,x").ballots == {(("x", 10), ("z", 25)): 1}
    assert of_type("ordinal", "vote", "z,x").ballots == {(("x", 2), ("z", 3)): 1}
    shorter = of_type("ordinal", "vote", "z,x", meta="max_length;2\n")
    assert shorter.ballots == {(("x", 1), ("z", 2)): 1}
    given = of_type("ordinal", "vote;points", "z,x;7,1")
    assert given.ballots == {(("x", 1), ("z", 7)): 1}
    assert of_type("choose-1", "vote", "x").kind == "approval"
    assert of_type("approval", "vote", "x", meta="max_sum_cost;10\n").kind == "knapsack"


def test_limits_and_warnings_are_told():
    found = read(small("max_length;2", "max_length;2\nmin_points;0.5"))
    assert (limits(found).max_length, limits(found).min_points) == (2, Decimal("0.5"))
    assert limits(found).min_length is None
    assert warnings(found) == ()
    wrong = read(small("num_votes;3", "num_votes;4"))
    assert warnings(wrong) == ('num_votes says "4", but there are 3',)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("META", "MATE", "line 1: the file must begin with META"),
        ("PROJECTS", "", "line 9: 4 fields are too many for 2 columns"),
        ("VOTES\n", "", "the section VOTES is missing"),
        ("VOTES", "META", "line 13: the section META stands twice"),
        ("PROJECTS", "VOTES", "line 8: PROJECTS is expected instead of VOTES"),
        ("project_id;cost", "id;cost", 'PROJECTS needs one column "project_id"'),
        ("project_id;cost;name", "project_id;cost;cost", 'PROJECTS needs one column "cost"'),
        ("voter_id;vote", "voter_id;votes", 'VOTES needs one column "vote"'),
        ("a;7,12;40", "a;7,12;40;x", "line 15: 4 fields are too many for 3 columns"),
        ("7;60", "7;sixty", 'line 10: a cost must be a number, not "sixty"'),
        ("7;60", "7;NaN", "line 10: a cost must be a number"),
        ("7;60", "7;inf", "line 10: a cost must be a number"),
        ("7;60", "7;1e99999999", "line 10: a cost must be a number"),
        ("7;60", "7;-60", "line 10: a cost must be a number"),
        ("7;60", "7;٦٠", "line 10: a cost must be a number"),
        ("7;60", "7;", "line 10: a cost must be a number"),
        ("7;60", "7;1,000,000", "line 10: a cost must be a number"),
        ("7;60", "7;0.00", 'line 10: the cost of the project "7" must be more than zero'),
        ("7;60", ";60", 'line 10: "" cannot be the id of a project'),
        ("7;60", '"7,8";60', 'line 10: "7,8" cannot be the id of a project'),
        ("7;60", "12;60", 'line 12: the project "12" stands twice'),
        ("budget;100.50", "budget;", 'META has no "budget"'),
        ("budget;100.50", "budget;0", "the budget must be more than zero"),
        ("budget;100.50", "budget;a lot", 'the budget must be a number, not "a lot"'),
        ("vote_type;approval", "vote_type;dice", 'votes of the type "dice" are not known'),
        ("b;12;", "b;13;", 'line 16: a vote names the project "13", which does not exist'),
        ("b;12;", "b;12,12;", "line 16: a vote names a project twice"),
        ("b;12;", "b;12,;", 'line 16: a vote names the project "", which does not exist'),
        ("b;12;", "a;12;", 'line 16: the voter "a" stands twice'),
        ("b;12;", 'b;"12;', "quotes or fields are not as in CSV"),
        ("b;12;", 'b;"1"2;', "line 16: quotes or fields are not as in CSV"),
        ("max_length;2", "max_sum_cost;much\nmax_length;many", None),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(old, new, message):
    if message is None:
        with pytest.raises(PbError, match="max_length must be a number"):
            limits(read(small(old, new)))
        return
    with pytest.raises(PbError) as caught:
        election(read(small(old, new)))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "vote", "message"),
    [
        ("cumulative", "x,y;1", "1 points for 2 projects"),
        ("cumulative", "x;", "0 points for 1 projects"),
        ("cumulative", ";1", "1 points for 0 projects"),
        ("scoring", "x;-1", 'line 12: "-1" cannot be points'),
        ("scoring", "x;nan", '"nan" cannot be points'),
        ("ordinal", "x,x;2,1", "names a project twice"),
    ],
)
def test_points_that_do_not_fit_are_refused(kind, vote, message):
    with pytest.raises(PbError) as caught:
        of_type(kind, "vote;points", vote)
    assert message in str(caught.value)


def test_what_is_no_text_is_refused(monkeypatch):
    with pytest.raises(PbError, match="not a text file"):
        read(b"PK\x03\x04\0\0")
    with pytest.raises(PbError, match="line 3: the text is not UTF-8"):
        read(b"META\nkey;value\n\xff;1\n")
    with pytest.raises(PbError, match="META is missing"):
        read(b"\n \n")
    monkeypatch.setattr(pabulib, "MOST_BYTES", 2**20)
    with pytest.raises(PbError, match="too big"):
        read(b"x" * (2**20 + 1))


def test_a_single_enormous_field_is_refused():
    with pytest.raises(PbError, match="line 15: quotes or fields"):
        read(small("a;7,12;40", f"a;{'7,' * 200_000};40"))


@given(raw=st.binary(max_size=200))
@example(raw=b"META;;;\nkey;value\n")
def test_nonsense_never_does_worse_than_a_refusal(raw):
    _try(raw)


PIECES = st.sampled_from(
    ["META", "PROJECTS", "VOTES", "\n", "\r\n", ";", ",", '"', "key;value", "project_id;cost", "0",
     "voter_id;vote", "voter_id;vote;points", "vote_type;approval", "vote_type;cumulative", "7", "1.5",
     "budget;100", "7;60", "a;7", "a;7;3", "\n", "\n", " ", "é", "-1", "nan", "9" * 40]
)  # fmt: skip


@given(pieces=st.lists(PIECES, max_size=40))
def test_shuffled_files_never_do_worse_than_a_refusal(pieces):
    _try("".join(pieces).encode())


@given(place=st.integers(0, len(SMALL) - 1), piece=PIECES, length=st.integers(0, 5))
def test_damaged_files_never_do_worse_than_a_refusal(place, piece, length):
    _try((SMALL[:place] + piece + SMALL[place + length :]).encode())


def _try(raw: bytes) -> None:
    try:
        found = read(raw)
        assert read(write(found)) == found
        allocate("mes_cost_add1_until_overspend", election(found))
    except PbError as error:
        assert "\n" not in str(error)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@given(data=st.data())
def test_any_text_survives(data):
    """In cells, names of columns and keys; a row may be shorter than the head, but not blank."""

    def table(*columns: str) -> Table:
        more = data.draw(st.lists(CELLS, max_size=2).filter(lambda new: not clash(new, columns)))
        size = len(columns) + len(more)
        row = st.lists(CELLS, min_size=2, max_size=size).filter(lambda cells: any(cells[1:]))
        rows = data.draw(st.lists(row.map(tuple), max_size=4))
        return Table((*columns, *more), tuple(rows))

    def clash(new, columns) -> bool:
        return bool({one.strip().lower() for one in new} & set(columns))

    file = PbFile(
        table("key", "value"),
        table("project_id", "cost"),
        table("voter_id", "vote"),
        newline=data.draw(st.sampled_from(["\n", "\r\n"])),
        has_mark=data.draw(st.booleans()),
        ends_open=data.draw(st.booleans()),
    )
    assert read(write(file)) == file


@given(of=st.sampled_from(["approval", "knapsack", "points", "ranking"]).flatmap(elections))
def test_an_election_is_written_and_read_again(of):
    file = read(write(pb_file(of, {"description": "A town"}, {"a": "Path; long"}, ["a"])))
    assert election(file).digest == of.digest
    assert file.value("description") == "A town"
    assert warnings(file) == ()
    assert election_from_json(json.loads(json.dumps(election_json(of)))).digest == of.digest


def test_envelopes_are_files_of_their_own():
    projects = tuple(Project(p.key, p.cost, envelope="x") for p in TOWN.projects)
    of = Election(projects, TOWN.budget, TOWN.ballots, envelopes={"x": TOWN.budget})
    with pytest.raises(ElectionError, match="file of its own"):
        pb_file(of, {}, {})
    assert election_from_json(election_json(of)).digest == of.digest


def test_tables_hold_a_row_for_each_thing():
    out = StringIO(newline="")
    write_projects(TOWN, out)
    assert out.getvalue().splitlines()[:2] == ["project,cost,category,envelope", "p,60,,"]
    out = StringIO(newline="")
    write_ballots(TOWN, out)
    assert out.getvalue().splitlines()[1:3] == ["5,c,1,1", "5,p,1,1"]
    out = StringIO(newline="")
    write_allocation(allocate("mes_cost", TOWN), out)
    lines = out.getvalue().splitlines()
    assert lines[1] == "p,1,1,6,60,,shares,6,10,40"
    assert lines[4] == "c,,0,5,30,,short,,,"


def test_no_cell_is_a_formula():
    out = StringIO(newline="")
    write_projects(Election((Project("=1+1", Decimal(1)),), Decimal(1), {}), out)
    assert out.getvalue().splitlines()[1] == "'=1+1,1,,"
