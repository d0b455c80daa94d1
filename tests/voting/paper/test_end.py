"""A booth ends, and the count waits for it."""

from datetime import timedelta

from tests.voting.paper.helpers import BLUE, RED, booth_in, enter_twice, let_in, refusal
from tests.voting.polls import end, fresh, open_poll
from voting.actions.booths import (
    add_officer,
    end_booth,
    make_booth,
)
from voting.actions.box import cast_ballot
from voting.actions.paper import enter_sheet
from voting.actions.stages import count
from voting.models import Ballot, Booth, Correction, Sheet
from voting.tasks import run_clock
from voting.voters import person


def test_the_count_waits_until_the_booth_is_ended(poll, booth, ina, jon, alice, charlie):
    let_in(ina, booth, alice, "17")
    cast_ballot(person(charlie, poll), poll=poll, answers=BLUE)
    end(poll)
    run_clock()
    assert fresh(poll).closed_at is not None
    assert not count(poll.pk)
    assert fresh(poll).counted_at is None
    enter_twice(booth, ina, jon, "17")
    end_booth(ina, booth=booth)
    run_clock()
    assert fresh(poll).counted_at is not None
    assert Ballot.objects.count() == 2


def test_a_booth_where_nobody_voted_holds_nothing_up(poll, booth):
    end(poll)
    run_clock()
    assert fresh(poll).counted_at is not None


def test_nobody_is_let_in_after_voting_or_before_it(bob, organisation, poll, booth, ina, alice):
    end(poll)
    assert refusal(lambda: let_in(ina, booth, alice, "1")) == "not_open_any_more"
    run_clock()
    assert refusal(lambda: make_booth(bob, poll=fresh(poll), name="Late")) == "not_open_any_more"
    later = open_poll(bob, organisation, opens_in=timedelta(days=1))
    early = booth_in(later, bob, ina)
    assert refusal(lambda: let_in(ina, early, alice, "1")) == "not_open_yet"
    assert refusal(lambda: enter_sheet(ina, booth=early, number="1", answers=RED)) == "not_open_yet"


def test_an_ended_booth_takes_nothing(poll, booth, bob, ina, jon, alice, charlie):
    let_in(ina, booth, alice, "17")
    enter_twice(booth, ina, jon, "17")
    end_booth(ina, booth=booth)
    assert refusal(lambda: let_in(ina, booth, charlie, "18")) == "booth_ended"
    assert refusal(lambda: enter_sheet(ina, booth=booth, number="18", answers=RED)) == (
        "booth_ended"
    )
    assert refusal(lambda: end_booth(jon, booth=booth)) == "booth_ended"
    assert refusal(lambda: add_officer(bob, booth=Booth.objects.get(), email=alice.email)) == (
        "booth_ended"
    )


def test_officers_finish_their_sheets_and_an_owner_may_leave_them_out(
    poll, booth, bob, edith, ina, jon, alice, charlie
):
    let_in(ina, booth, alice, "17")
    let_in(ina, booth, charlie, "18")
    enter_twice(booth, ina, jon, "17")
    assert refusal(lambda: end_booth(ina, booth=booth)) == "sheets_unfinished"
    assert refusal(lambda: end_booth(bob, booth=booth, reason="x")) == "sheets_unfinished"
    end(poll)
    run_clock()
    assert refusal(lambda: end_booth(ina, booth=booth, reason="x")) == "sheets_unfinished"
    assert refusal(lambda: end_booth(edith, booth=booth, reason="x")) == "not_an_officer"
    assert refusal(lambda: end_booth(bob, booth=booth)) == "reason_missing"
    ended = end_booth(bob, booth=booth, reason="The sheets were lost in the flood.")
    assert ended.end_reason == "The sheets were lost in the flood."
    assert ended.ended_by == bob
    assert Sheet.objects.get(number="18").discarded_at is not None
    assert Correction.objects.last().reason == "The sheets were lost in the flood."
    run_clock()
    assert fresh(poll).counted_at is not None
    assert Ballot.objects.count() == 1


def test_secret_sheets_that_are_missing_need_a_public_reason(secret, urn, ina, jon, alice, charlie):
    let_in(ina, urn, alice)
    let_in(ina, urn, charlie)
    end(secret)
    run_clock()
    enter_twice(urn, ina, jon, "1")
    assert refusal(lambda: end_booth(ina, booth=urn)) == "reason_missing"
    end_booth(ina, booth=urn, reason="One person took the sheet home.")
    run_clock()
    found = fresh(secret)
    assert found.counted_at is not None
    assert (found.turnout_count, Ballot.objects.count()) == (2, 1)
