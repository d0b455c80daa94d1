"""Secret votes on paper: turnout and sheets that name nobody."""

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from tests.voting.paper.helpers import BLUE, RED, enter_twice, let_in, refusal
from tests.voting.polls import end
from voting.actions.paper import discard_sheet, enter_sheet
from voting.models import Ballot, Sheet, Turnout
from voting.tasks import run_clock


def test_a_secret_check_in_writes_turnout_alone(secret, urn, ina, alice):
    assert let_in(ina, urn, alice) is None
    assert not Sheet.objects.exists()
    turnout = Turnout.objects.get()
    assert (turnout.user, turnout.channel) == (alice, "paper")


def test_secret_sheets_are_entered_after_voting_and_name_nobody(secret, urn, ina, jon, alice):
    let_in(ina, urn, alice)
    assert refusal(lambda: enter_sheet(ina, booth=urn, number="1", answers=RED)) == "not_ended_yet"
    end(secret)
    run_clock()
    sheet = enter_twice(urn, ina, jon, "1")
    assert sheet.turnout is None
    ballot = Ballot.objects.get()
    assert (ballot.turnout, ballot.channel, ballot.answers) == (None, "paper", RED)


def test_there_are_never_more_secret_sheets_than_people(secret, urn, ina, jon, alice, charlie):
    let_in(ina, urn, alice)
    let_in(ina, urn, charlie)
    end(secret)
    run_clock()
    enter_twice(urn, ina, jon, "1")
    enter_sheet(ina, booth=urn, number="2", answers=RED)
    assert refusal(lambda: enter_sheet(ina, booth=urn, number="3", answers=RED)) == (
        "too_many_sheets"
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Sheet.objects.create(booth=urn, number="3")
    discard_sheet(ina, sheet=Sheet.objects.get(number="2"), reason="Its number was misread.")
    enter_twice(urn, ina, jon, "3", BLUE)
    assert Ballot.objects.count() == 2
