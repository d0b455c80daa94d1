"""One person votes once, whatever the channel."""

import pytest

from accounts.actions import verify_person
from accounts.kinds import VerificationLevel
from tests.voting.paper.helpers import BLUE, RED, booth_in, let_in, refusal
from tests.voting.polls import fresh, open_poll
from voting.actions.booths import (
    Identity,
    add_officer,
    check_in,
    make_booth,
    take_back,
)
from voting.actions.box import cast_ballot, withdraw_ballot
from voting.actions.paper import enter_sheet
from voting.models import Ballot, Sheet, Turnout
from voting.voters import person


def test_who_voted_here_cannot_vote_on_the_web(poll, booth, ina, alice):
    let_in(ina, booth, alice, "17")
    assert refusal(lambda: cast_ballot(person(alice, poll), poll=poll, answers=RED)) == (
        "voted_already"
    )
    assert Turnout.objects.count() == 1
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("secrecy", ["secret", "confidential"])
def test_not_even_where_answers_may_be_changed(
    bob, organisation, ina, jon, alice, charlie, secrecy
):
    poll = open_poll(bob, organisation, secrecy=secrecy, change_policy="until_close")
    booth = booth_in(poll, bob, ina, jon)
    receipt = cast_ballot(person(charlie, poll), poll=poll, answers=RED)
    let_in(ina, booth, alice, "17")
    voter = person(alice, poll)
    for former in ("", receipt.code):
        again = refusal(
            lambda: cast_ballot(voter, poll=poll, answers=BLUE, former=former)  # noqa: B023
        )
        assert again == "voted_already"
        back = refusal(lambda: withdraw_ballot(voter, poll=poll, former=former))  # noqa: B023
        assert back == "voted_already"
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize("secrecy", ["secret", "confidential"])
def test_who_voted_on_the_web_is_not_let_in(bob, organisation, ina, jon, alice, secrecy):
    poll = open_poll(bob, organisation, secrecy=secrecy, change_policy="until_close")
    booth = booth_in(poll, bob, ina, jon)
    cast_ballot(person(alice, poll), poll=poll, answers=RED)
    assert refusal(lambda: let_in(ina, booth, alice, "17")) == "voted_already"
    assert not Sheet.objects.exists()
    assert fresh(poll).turnout_count == 1


def test_nobody_is_let_in_twice_at_two_booths(poll, booth, bob, ina, alice):
    let_in(ina, booth, alice, "17")
    other = make_booth(bob, poll=poll, name="Library")
    add_officer(bob, booth=other, email=ina.email)
    assert refusal(lambda: let_in(ina, other, alice, "1")) == "voted_already"
    assert refusal(lambda: let_in(ina, booth, alice, "18")) == "voted_already"


def test_a_number_in_the_register_counts_once_however_it_is_written(poll, booth, ina):
    check_in(ina, booth=booth, who=Identity(number="ab 12"), sheet_number="1")
    again = refusal(
        lambda: check_in(ina, booth=booth, who=Identity(number="AB12"), sheet_number="2")
    )
    assert again == "voted_already"
    voter = Turnout.objects.get().voter
    assert voter.startswith("roll:")
    assert len(voter) == 5 + 64
    assert "12" not in voter[:7]


def test_one_way_to_name_a_person_is_enough_and_needed(poll, booth, ina, alice):
    both = Identity(email=alice.email, number="12")
    for who in (Identity(), both):
        code = refusal(
            lambda: check_in(ina, booth=booth, who=who, sheet_number="1")  # noqa: B023
        )
        assert code == "voter_missing"


def test_who_may_not_vote_is_not_let_in(bob, organisation, city, ina, jon, alice, charlie):
    poll = open_poll(bob, organisation, eligibility="residents", area=city)
    booth = booth_in(poll, bob, ina, jon)
    assert refusal(lambda: let_in(ina, booth, charlie, "1")) == "may_not_vote"
    verify_person(None, person=alice, level=VerificationLevel.RESIDENCE, area=city)
    assert let_in(ina, booth, alice, "1").turnout.user == alice


def test_a_sheet_is_given_out_once(booth, ina, alice, charlie):
    let_in(ina, booth, alice, "17")
    assert refusal(lambda: let_in(ina, booth, charlie, "17")) == "sheet_number_taken"
    assert Turnout.objects.count() == 1
    assert refusal(lambda: let_in(ina, booth, charlie, " ")) == "sheet_missing"


def test_a_check_in_can_be_taken_back_and_the_person_votes(poll, booth, ina, alice):
    let_in(ina, booth, alice, "17")
    take_back(ina, booth=booth, who=Identity(email=alice.email))
    assert fresh(poll).turnout_count == 0
    assert Sheet.objects.get().discarded_at is not None
    cast_ballot(person(alice, poll), poll=poll, answers=RED)
    assert fresh(poll).turnout_count == 1
    turnout = Turnout.objects.get()
    assert (turnout.channel, turnout.booth, turnout.withdrawn_at) == ("web", None, None)
    assert refusal(lambda: let_in(ina, booth, alice, "18")) == "voted_already"


def test_a_check_in_that_was_taken_back_can_be_made_again(poll, booth, ina, alice):
    let_in(ina, booth, alice, "17")
    take_back(ina, booth=booth, who=Identity(email=alice.email))
    let_in(ina, booth, alice, "18")
    assert fresh(poll).turnout_count == 1


def test_a_check_in_stays_once_its_sheet_was_entered(booth, ina, alice, charlie):
    let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    back = refusal(lambda: take_back(ina, booth=booth, who=Identity(email=alice.email)))
    assert back == "sheet_entered"
    stranger = refusal(lambda: take_back(ina, booth=booth, who=Identity(email=charlie.email)))
    assert stranger == "not_checked_in"
