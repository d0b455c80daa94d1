"""Counters of polls, and results, are compared with rows; what can be is repaired."""

import io

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from opendata import recount
from tests import factories
from tests.voting.polls import end_and_count, fresh, open_poll
from voting.actions.booths import Identity, add_officer, check_in, end_booth, make_booth
from voting.actions.box import cast_ballot, withdraw_ballot
from voting.actions.paper import enter_sheet
from voting.models import Poll, Quota
from voting.questionnaire.definition import Option, Question, QuestionKind
from voting.voters import person

pytestmark = pytest.mark.django_db

SEX = Question(
    key="sex",
    kind=QuestionKind.SINGLE,
    title={"en": "You are"},
    options=(Option("f", {"en": "a woman"}), Option("m", {"en": "a man"})),
    demographic="sex",
)
F = {"sex": {"option": "f"}}
M = {"sex": {"option": "m"}}


@pytest.fixture
def poll(bob, organisation, alice, charlie):
    """Two on the web, one of them withdrew; one on paper."""
    poll = open_poll(
        bob, organisation, questions=(SEX,), secrecy="named", change_policy="until_close"
    )
    Quota.objects.create(poll=poll, cell={"sex": "f"}, target=10)
    Quota.objects.create(poll=poll, cell={"sex": "m"}, target=10)
    poll = fresh(poll)
    cast_ballot(person(alice, poll), poll=poll, answers=M)
    cast_ballot(person(alice, poll), poll=poll, answers=F)
    cast_ballot(person(charlie, poll), poll=poll, answers=M)
    withdraw_ballot(person(charlie, poll), poll=poll)
    ina, jon, third = (factories.person(name) for name in ("Ina", "Jon", "Third"))
    booth = make_booth(bob, poll=poll, name="Town hall")
    for officer in (ina, jon):
        add_officer(bob, booth=booth, email=officer.email)
    check_in(ina, booth=booth, who=Identity(email=third.email), sheet_number="1")
    for officer in (ina, jon):
        enter_sheet(officer, booth=booth, number="1", answers=F)
    end_booth(ina, booth=booth)
    return fresh(poll)


def run(*args):
    out = io.StringIO()
    call_command("recount", *args, stdout=out)
    return out.getvalue()


def found():
    return {(d.table, d.counter): (d.stored, d.counted) for d in recount.check().drifts}


def test_everything_agrees_before_and_after_the_count(poll):
    assert (poll.turnout_count, [q.count for q in Quota.objects.order_by("pk")]) == (2, [2, 0])
    assert found() == {}
    end_and_count(poll)
    assert found() == {}
    assert "Every counter equals" in run("--check")


def test_wrong_counters_are_found_and_repaired(poll):
    Poll.objects.filter(pk=poll.pk).update(turnout_count=7)
    Quota.objects.filter(cell={"sex": "f"}).update(count=5)
    assert found() == {("voting_poll", "turnout_count"): (7, 2), ("voting_quota", "count"): (5, 2)}
    with pytest.raises(CommandError):
        run("--check", "--process", poll.process.slug)
    assert "Repaired" in run()
    assert found() == {}


def test_a_ballot_too_many_or_too_few_is_told_and_never_repaired(poll):
    with pgtrigger.ignore("voting.Ballot:ballots_stay"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM voting_ballot WHERE channel = 'paper'")
    assert found()["voting_poll", "sheet_ballots"] == (0, 1)
    with pytest.raises(CommandError):
        run()
    assert found()["voting_poll", "sheet_ballots"] == (0, 1)


def test_a_result_that_is_not_the_sum_of_its_ballots_is_told(poll):
    end_and_count(poll)
    with pgtrigger.ignore("voting.Outcome:outcomes_stay"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE voting_outcome SET result = jsonb_set(result, '{rows,0,count}', '9') "
            "WHERE question = 'sex' AND method = 'frequencies'"
        )
    assert found() == {("voting_outcome", "answered"): (9, 2)}
    with pytest.raises(CommandError):
        run()
