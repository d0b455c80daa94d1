"""Files of ballots: what is read, and what is refused with the line."""

import pytest
from hypothesis import given

from tests.pure.tallies import weak_contests
from voting.tally import preflib
from voting.tally.files import FormatError
from voting.tally.formats import read
from voting.tally.methods import count
from voting.tally.model import Contest, marks, ranking, strict

HEAD = """# FILE NAME: small.toi
# TITLE: Small
# NUMBER ALTERNATIVES: 4
# NUMBER VOTERS: 6
# ALTERNATIVE NAME 1: One, and only
# ALTERNATIVE NAME 2: Two
# ALTERNATIVE NAME 3: Three
# ALTERNATIVE NAME 4: Four
"""


def read_text(text: str, name: str):
    return read(text.encode(), name)


@pytest.mark.parametrize("suffix", ["soc", "soi", "toc", "toi"])
def test_preflib_ties_stand_in_braces(suffix):
    found = read_text(HEAD + "3: 1,{2,4},3\n2: {3,1}\n1: 4, 2\n", f"x.{suffix}")
    assert found.contest.ballots == {
        ranking(["1", "24", "3"]): 3,
        ranking(["13"]): 2,
        strict("4", "2"): 1,
    }
    assert found.names["1"] == "One, and only"
    assert (found.title, found.seats, found.warnings) == ("Small", None, ())


def test_the_former_preflib_head_is_read_too():
    found = read_text("3\n1,First\n2,Second\n3,Third\n5,5,2\n3,1,2,3\n2,{2,3},1\n", "x.toc")
    assert found.contest.ballots == {strict("1", "2", "3"): 3, ranking(["23", "1"]): 2}
    assert found.names == {"1": "First", "2": "Second", "3": "Third"}


def test_preflib_grades_are_read_as_grades():
    head = HEAD + "# NUMBER CATEGORIES: 2\n# CATEGORY NAME 1: Yes\n# CATEGORY NAME 2: No\n"
    found = read_text(head + "4: {1,2},{3,4}\n2: {},{1,2,3,4}\n", "x.cat")
    assert found.contest.grades == ("Yes", "No")
    assert found.contest.ballots[marks({"1": "Yes", "2": "Yes", "3": "No", "4": "No"})] == 4
    assert preflib.as_rankings(found.contest).ballots == {
        ranking(["12", "34"]): 4,
        ranking(["1234"]): 2,
    }
    approvals = count("approval", preflib.as_approvals(found.contest))
    assert approvals.rounds[0].tallies == {"1": "4", "2": "4", "3": "0", "4": "0"}
    assert approvals.unusable == 2


def test_a_sum_that_differs_from_the_ballots_is_told():
    found = read_text(HEAD + "3: 1,2\n", "x.soi")
    assert found.warnings == ("the file speaks of 6 voters, its lines hold 3",)


def test_blt_withdrawn_candidates_are_skipped():
    found = read_text('3 1\n-2\n4 2 1 0\n1 2 0\n2 3 0\n0\n"A"\n"B"\n"C"\n"T"\n', "x.blt")
    assert found.contest.candidates == ("1", "3")
    assert found.contest.ballots == {strict("1"): 4, strict("3"): 2}
    assert (found.withdrawn, found.empty, found.seats) == (("2",), 1, 1)
    assert found.names == {"1": "A", "2": "B", "3": "C"}
    assert found.title == "T"


def test_blt_knows_equals_blanks_remarks_and_identifiers():
    text = "4 2 # four for two\n(b1) 1 1=3 - 2 0\n(b2) 2 4 0 # a remark\n1 - 0\n0\nA\nB\nC\nD d'E\n"
    found = read_text(text, "x.blt")
    assert found.contest.ballots == {ranking(["13", "2"]): 1, strict("4"): 2}
    assert found.empty == 1
    assert found.names["4"] == "D d'E"
    assert found.title == ""


def test_blt_names_may_carry_parties_and_quotes_or_share_a_line():
    rows = '2 1\n1 1 0\n0\n"Ann ""A"" Lee" "Green"\n"Bo, Jr"\n"Ward"\n'
    assert read_text(rows, "x.blt").names == {"1": 'Ann "A" Lee, Green', "2": "Bo, Jr"}
    line = '2 1\n1 1 0\n0\n"Ann" "Bo" "Ward"\n'
    found = read_text(line, "x.blt")
    assert (found.names, found.title) == ({"1": "Ann", "2": "Bo"}, "Ward")


def test_blt_ballots_may_go_over_lines():
    found = read_text("3 1\n5 1\n2 0 4 3 0\n0\nA\nB\nC\n", "x.blt")
    assert found.contest.ballots == {strict("1", "2"): 5, strict("3"): 4}


def test_a_council_file_brings_its_seats_and_names():
    text = (
        '3,2,\n5,1,2,\n4,,\n2,3,1,3,\n"Candidate 1","Lee, Ann","Green (Gr)",\n'
        '"Candidate 2","Bo","Labour (Lab)",\n"Candidate 3","Bo","Independent (Ind)",\n"Ward 1, North",'
    )
    found = read_text(text, "x.csv")
    assert found.contest.ballots == {strict("1", "2"): 5, strict("3", "1"): 2}
    assert (found.seats, found.empty, found.title) == (2, 4, "Ward 1, North")
    assert found.names["1"] == "Lee, Ann, Green (Gr)"
    assert found.warnings == ("2 ballots name a candidate twice; the first mention counts",)


def test_other_line_ends_marks_and_letters_are_read():
    text = "2,1,\r\n1,2,\r\nCandidate 1,Ó,\r\nCandidate 2,B,\r\n"
    for raw in (b"\xef\xbb\xbf" + text.encode(), text.encode("latin-1")):
        assert read(raw, "x.csv").names == {"1": "Ó", "2": "B"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.soi", HEAD + "3: 1,9\n", "line 9: there is no candidate 9"),
        ("x.soi", HEAD + "three: 1\n", "line 9: a number of copies is expected"),
        ("x.soi", HEAD + "1,2,3\n", 'line 9: "copies: order" is expected'),
        ("x.toi", HEAD + "1: {1,2\n", "line 9: .* braces"),
        ("x.toi", HEAD + "1: {1,{2}}\n", "line 9: .* braces"),
        ("x.soc", "# TITLE: nothing\n", "names no candidates"),
        ("x.blt", "3 1\n1 4 0\n0\nA\nB\nC\n", "line 2: there is no candidate 4"),
        ("x.blt", "3 1\n1 2 0\n", "do not end"),
        ("x.blt", "3 1\n1 2\n", "ends too early"),
        ("x.blt", "3 1\n1.5 2 0\n0\n", "line 2: a ballot's weight"),
        ("x.blt", "3 1\n1 2 0\n0\nA\nB\n", "3 names are expected"),
        ("x.blt", "3 0\n0\nA\nB\nC\n", "seats must be at least 1"),
        ("x.csv", "name,party\n", "line 1: the number of candidates"),
        (
            "x.csv",
            "2,1,\n3,7,\nCandidate 1,A,\nCandidate 2,B,\n",
            "line 2: there is no candidate 7",
        ),
        ("x.csv", "2,1,\n3,1,\nCandidate 1,A,\n", "2 candidates are expected"),
        ("x.csv", "2,1,\nCandidate 1,A,\nCandidate 1,B,\n", "two names"),
        ("x.txt", "whatever", "not known"),
        ("x.soi", " \n", "empty"),
        ("x.soi", "\0\0\0", "not a text file"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(name, text, message):
    with pytest.raises(FormatError, match=message):
        read_text(text, name)


@given(of=weak_contests())
def test_a_preflib_file_reads_back_as_the_contest_that_was_written(of):
    names = {one: f"Name {one}:\n x" for one in of.candidates}
    lines = preflib.write(of, names, title="A\nB", file_name="x.toi", date="2026-11-24")
    found = read_text("".join(lines), f"x.{preflib.suffix(of)}")
    number = {one: str(index) for index, one in enumerate(of.candidates, 1)}
    assert found.contest == Contest(
        tuple(number.values()),
        {
            ranking([number[one] for one in group] for group in ballot): copies
            for ballot, copies in of.ballots.items()
        },
    )
    assert (found.title, found.warnings) == ("A B", ())


def test_the_suffix_says_whether_there_are_ties_and_gaps():
    kinds = {"soc": ["a", "b"], "toc": ["ab"], "soi": ["a"]}
    for suffix, groups in kinds.items():
        assert preflib.suffix(Contest(("a", "b"), {ranking(groups): 1})) == suffix
    assert preflib.suffix(Contest(("a", "b", "c"), {ranking(["ab"]): 1})) == "toi"
