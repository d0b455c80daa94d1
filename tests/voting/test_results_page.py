"""Who sees results, when, and in which form: page, files, and nothing before the end."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import factories
from tests.voting.filled import (
    EFFORT,
    LINES,
    QUALITY,
    SURVEY,
    TRUST,
    Question,
    counted_survey,
    many_answers,
    options,
    put_in,
    text,
)
from tests.voting.polls import COLOURS, draft_poll, end, end_and_count, fresh, open_poll
from voting import voters
from voting.actions.box import cast_ballot
from voting.models import Poll
from voting.questionnaire.definition import QuestionKind
from voting.results.guard import may_export_answers, may_see_results
from voting.results.live import so_far
from voting.tally.preflib import read

pytestmark = pytest.mark.django_db
FILES = ("", "csv", "json", "xlsx")


def address(poll: Poll, name: str = "", language: str = "en") -> str:
    return f"/{language}/polls/{poll.process.slug}/results/{name}"


@pytest.fixture
def everybody(bob, alice, mona, nobody):
    """Nobody, a citizen, an official, a moderator and an administrator."""
    root = factories.person("Root", is_superuser=True, is_staff=True)
    return (nobody, alice, bob, mona, root)


def test_nobody_at_all_sees_a_sealed_result_before_it_is_counted(
    bob, organisation, everybody, client_of
) -> None:
    poll = open_poll(bob, organisation, questions=SURVEY, secrecy="named")
    put_in(poll, many_answers(30))
    for moment in ("open", "over", "closed"):
        if moment == "over":
            end(poll)
        if moment == "closed":
            Poll.objects.filter(pk=poll.pk).update(closed_at=fresh(poll).timetable.now)
        for person in everybody:
            verdict = may_see_results(person, fresh(poll))
            assert not verdict
            assert verdict.status == 409
            assert not may_export_answers(person, fresh(poll))
            client = client_of(person)
            page = client.get(address(poll))
            assert page.status_code == 200
            assert "The results will stand here" in page.content.decode()
            assert "<table" not in page.content.decode()
            for name in ("csv", "json", "xlsx", "preflib/lines"):
                refused = client.get(address(poll, name))
                assert refused.status_code in (401, 403, 409), (person, name)
    poll = end_and_count(poll)
    for person in everybody:
        assert may_see_results(person, poll)


def test_results_of_an_unpublished_poll_are_not_there(bob, alice, nobody, organisation) -> None:
    poll = draft_poll(bob, organisation)
    assert may_see_results(nobody, poll).status == 404
    assert may_see_results(alice, poll).status == 404
    assert may_see_results(bob, poll).code == "not_open_yet"


def test_live_results_are_for_all_and_named_as_so_far(bob, organisation) -> None:
    poll = open_poll(bob, organisation, questions=(TRUST,), secrecy="named", results_policy="live")
    put_in(poll, [{"trust": {"option": "yes"}}] * 3)
    page = Client().get(address(poll)).content.decode()
    assert "These are results so far" in page
    assert "100.0%" in page


def test_a_live_count_serves_for_a_while(bob, organisation) -> None:
    poll = open_poll(bob, organisation, questions=(TRUST,), secrecy="named", results_policy="live")
    put_in(poll, [{"trust": {"option": "yes"}}])
    poll = fresh(poll)
    first, _moment = so_far(poll)
    put_in(poll, [{"trust": {"option": "no"}}])
    with CaptureQueriesContext(connection) as queries:
        again, _moment = so_far(poll)
    assert again == first
    assert len(queries) == 0


def test_two_live_counts_of_a_confidential_poll_differ_by_five_ballots(
    bob, organisation, time_machine
) -> None:
    """Else the second less the first would say what one person answered."""
    poll = open_poll(
        bob, organisation, questions=(TRUST,), secrecy="confidential", results_policy="live"
    )

    time_machine.move_to(timezone.now())

    def put(number: int) -> int:
        put_in(poll, [{"trust": {"option": "yes"}}] * number)
        Poll.objects.filter(pk=poll.pk).update(turnout_count=poll.ballots.count())
        time_machine.shift(timedelta(minutes=10))
        found, _moment = so_far(fresh(poll))
        return found["", "turnout"]["ballots"]

    assert put(10) == 10
    assert put(1) == 10
    assert put(3) == 10
    assert put(1) == 15
    cache.clear()


def test_the_page_makes_few_queries_whatever_the_number_of_questions_and_ballots(
    bob, organisation
) -> None:
    few = counted_survey(bob, organisation, many_answers(5), questions=(TRUST,), secrecy="named")
    many = counted_survey(bob, organisation, many_answers(120), secrecy="named")
    for poll in (few, many):
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(address(poll)).status_code == 200
        assert len(queries) <= 3, [q["sql"][:120] for q in queries]


def test_the_page_says_how_many_were_asked_answered_and_skipped(bob, organisation) -> None:
    poll = counted_survey(bob, organisation, many_answers(200), secrecy="confidential")
    page = Client().get(address(poll)).content.decode()
    assert page.count("Asked: 200") == len(SURVEY) - 1
    assert "Skipped: " in page
    assert "On paper" in page
    french = Client().get(address(poll, language="fr")).content.decode()
    assert 'lang="fr"' in french
    assert 'style="' not in page


def test_every_kind_of_question_is_shown_in_every_kind_of_poll(bob, organisation) -> None:
    for secrecy in ("named", "confidential"):
        for number in (0, 1, 30):
            poll = counted_survey(bob, organisation, many_answers(number), secrecy=secrecy)
            assert Client().get(address(poll)).status_code == 200
            for name in ("csv", "json", "xlsx"):
                assert Client().get(address(poll, name)).status_code == 200


def test_the_figures_in_the_files_are_those_of_the_outcomes(bob, organisation) -> None:
    answers = many_answers(150)
    poll = counted_survey(bob, organisation, answers, secrecy="named")
    reply = Client().get(address(poll, "csv"))
    assert reply["Content-Disposition"].endswith('-results.csv"')
    lines = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
    yes = next(
        row
        for row in lines
        if (row["question"], row["grouping"], row["answer"]) == ("trust", "", "yes")
    )
    assert int(yes["count"]) == sum(a["trust"]["option"] == "yes" for a in answers)
    whole = {row["measure"]: row["count"] for row in lines if row["question"] == "reason"}
    assert int(whole["asked"]) == int(whole["answered"]) + int(whole["skipped"])
    data = json.loads(Client().get(address(poll, "json")).content)
    assert data["definition_digest"] == poll.definition_digest
    assert {one["method"] for one in data["outcomes"]} >= {"turnout", "frequencies", "groups"}
    book = zipfile.ZipFile(io.BytesIO(Client().get(address(poll, "xlsx")).content))
    assert b"Do you trust the council?" in book.read("xl/worksheets/sheet1.xml")


def test_no_cell_of_a_file_is_a_formula(bob, organisation) -> None:
    trap = Question(
        "trap",
        QuestionKind.SINGLE,
        {"en": '=HYPERLINK("http://example.org","x")'},
        options=(*options("a", "b"),),
    )
    poll = counted_survey(
        bob, organisation, [{"trap": {"option": "a"}}] * 3, questions=(trap,), secrecy="named"
    )
    lines = list(csv.reader(io.StringIO(Client().get(address(poll, "csv")).content.decode())))
    assert not [cell for line in lines for cell in line if cell[:1] in ("=", "@", "\t", "\r")]
    assert any(cell.startswith("'=HYPERLINK") for line in lines for cell in line)
    book = zipfile.ZipFile(io.BytesIO(Client().get(address(poll, "xlsx")).content))
    sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet and b"<hyperlink" not in sheet


def test_a_file_of_no_known_kind_is_not_there(bob, organisation) -> None:
    poll = counted_survey(bob, organisation, [], questions=(TRUST,), secrecy="named")
    assert Client().get(address(poll, "exe")).status_code == 404


def test_rankings_are_published_in_preflib_format_where_single_answers_may_be(
    bob, alice, organisation, client_of
) -> None:
    answers = [{"lines": {"ranking": r}} for r in (["north"], ["south", "west"], ["south", "west"])]
    secret = counted_survey(bob, organisation, answers, questions=(LINES,), secrecy="secret")
    named = counted_survey(bob, organisation, answers, questions=(LINES,), secrecy="named")
    hidden = counted_survey(bob, organisation, answers, questions=(LINES,), secrecy="confidential")
    reply = Client().get(address(secret, "preflib/lines"))
    content = b"".join(reply.streaming_content).decode()
    contest = read(content, "lines.soi").contest
    assert sorted(contest.ballots.values()) == [1, 2]
    assert "ALTERNATIVE NAME 1: North" in content
    assert Client().get(address(named, "preflib/lines")).status_code == 401
    assert client_of(alice).get(address(named, "preflib/lines")).status_code == 403
    assert client_of(bob).get(address(named, "preflib/lines")).status_code == 200
    for person in (AnonymousUser(), bob):
        assert client_of(person).get(address(hidden, "preflib/lines")).status_code == 403
    assert client_of(bob).get(address(secret, "preflib/colour")).status_code == 404


def test_polls_of_a_series_stand_side_by_side(bob, organisation) -> None:
    first = counted_survey(
        bob, organisation, [{"effort": {"point": 4}}] * 6, questions=(EFFORT,),
        secrecy="named", series="tram",
    )  # fmt: skip
    second = counted_survey(
        bob, organisation, [{"effort": {"point": 5}}] * 6, questions=(EFFORT,),
        secrecy="named", series="tram",
    )  # fmt: skip
    for poll in (first, second):
        page = Client().get(address(poll)).content.decode()
        assert "Over time" in page
        assert "25.00" in page, "from 4 to 5 is a quarter more"


def test_a_motion_says_whether_it_passed(bob, organisation) -> None:
    poll = counted_survey(
        bob, organisation, [{"trust": {"option": "yes"}}] * 7 + [{"trust": {"option": "no"}}] * 3,
        questions=(TRUST,), secrecy="secret", threshold="0.66667", quorum="0.5", eligible_count=30,
    )  # fmt: skip
    page = Client().get(address(poll)).content.decode()
    assert "It is adopted. 7 of 10 voted yes (70.0%); 7 were needed." in page
    assert "The quorum was not reached: 10 voted, 15 were needed." in page


def test_the_regional_means_stand_as_a_series(bob, organisation) -> None:
    area = Question(
        "area", QuestionKind.SINGLE, text("Area"), options=options("one", "two"), demographic="area"
    )
    answers = [
        {"quality": {"points": {"staff": point, "cost": 3}}, "area": {"option": name}}
        for name, points in (("one", [4] * 10), ("two", [5] * 10))
        for point in points
    ]
    poll = counted_survey(bob, organisation, answers, questions=(QUALITY, area), secrecy="named")
    page = Client().get(address(poll)).content.decode()
    assert "Staff: Areas as a series" in page
    assert "Chronological mean 4.50." in page


def test_answers_that_are_level_are_named_together(bob, client, organisation):
    poll = open_poll(bob, organisation, questions=[COLOURS], secrecy="secret")
    for option in ("red", "blue", "red", "blue", "green"):
        now = fresh(poll)
        voter = voters.person(factories.person(), now)
        cast_ballot(voter, poll=now, answers={"colour": {"option": option}})
    done = end_and_count(poll)
    page = client.get(f"/en/polls/{done.process.slug}/results/").content.decode()
    assert "Chosen most often, by 40.0% each: “Red”, “Blue”." in page
    assert "more than any other" not in page
