"""Who makes booths, who officiates, and what a sheet becomes."""

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from tests.voting.paper.helpers import RED, booth_in, enter_twice, let_in, refusal
from tests.voting.polls import fresh
from voting.actions.booths import (
    Identity,
    add_officer,
    end_booth,
    make_booth,
    remove_officer,
    take_back,
)
from voting.actions.paper import enter_sheet
from voting.models import Ballot, Correction, Sheet, Turnout


def test_a_sheet_entered_twice_alike_is_one_ballot_of_its_channel(poll, booth, ina, jon, alice):
    let_in(ina, booth, alice, "17")
    assert enter_sheet(ina, booth=booth, number="17", answers=RED).state == "waits"
    assert not Ballot.objects.exists()
    done = enter_sheet(jon, booth=booth, number=" 17 ", answers=RED)
    assert done.state == "accepted"
    ballot = Ballot.objects.get()
    assert (ballot.answers, ballot.channel) == (RED, "paper")
    assert ballot.turnout.user == alice
    assert Sheet.objects.get().accepted_at is not None
    assert fresh(poll).turnout_count == 1
    assert [row.kind for row in Correction.objects.all()] == ["entered", "entered"]


def test_a_telephone_booth_gives_its_channel(poll, bob, ina, jon, alice):
    booth = booth_in(poll, bob, ina, jon, channel="telephone")
    let_in(ina, booth, alice, "1")
    enter_twice(booth, ina, jon, "1")
    assert Ballot.objects.get().channel == Turnout.objects.get().channel == "telephone"


def test_the_same_person_cannot_enter_a_sheet_twice(booth, ina, alice):
    let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    again = refusal(lambda: enter_sheet(ina, booth=booth, number="17", answers=RED))
    assert again == "second_person_needed"
    assert Correction.objects.count() == 1
    assert not Ballot.objects.exists()


def test_the_database_too_wants_two_people(booth, ina, alice):
    sheet = let_in(ina, booth, alice, "17")
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.filter(pk=sheet.pk).update(first_by=ina, second_by=ina)


@pytest.mark.parametrize("who", ["nobody", "alice", "charlie", "bob", "olga"])
def test_only_officers_of_the_booth_check_in_and_enter(request, booth, ina, alice, who):
    someone = request.getfixturevalue(who)
    expected = "sign_in_first" if who == "nobody" else "not_an_officer"
    let_in(ina, booth, alice, "17")
    assert refusal(lambda: let_in(someone, booth, alice, "18")) == expected
    entering = refusal(lambda: enter_sheet(someone, booth=booth, number="17", answers=RED))
    assert entering == expected
    taking = refusal(lambda: take_back(someone, booth=booth, who=Identity(email=alice.email)))
    assert taking == expected


def test_an_officer_of_another_booth_is_none_here(poll, booth, bob, ina, alice):
    other = make_booth(bob, poll=poll, name="Library")
    assert refusal(lambda: let_in(ina, other, alice, "1")) == "not_an_officer"
    assert refusal(lambda: end_booth(ina, booth=other)) == "not_an_officer"


def test_an_officer_who_was_removed_is_none_any_more(booth, bob, ina, alice):
    remove_officer(bob, booth=booth, user_id=ina.pk)
    assert refusal(lambda: let_in(ina, booth, alice, "1")) == "not_an_officer"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("nobody", "sign_in_first"),
        ("charlie", "not_of_this_body"),
        ("otto", "role_too_small"),
        ("olga", "not_of_this_body"),
    ],
)
def test_booths_are_made_by_owners_and_editors(request, poll, booth, who, code):
    someone = request.getfixturevalue(who)
    assert refusal(lambda: make_booth(someone, poll=poll, name="X")) == code
    assert refusal(lambda: add_officer(someone, booth=booth, email="a@example.org")) == code


def test_an_editor_makes_booths_and_names_are_taken_once(poll, booth, edith):
    make_booth(edith, poll=poll, name="Library")
    assert refusal(lambda: make_booth(edith, poll=poll, name=" Town  hall ")) == "name_taken"
    assert refusal(lambda: make_booth(edith, poll=poll, name=" ")) == "name_missing"
    assert refusal(lambda: make_booth(edith, poll=poll, name="X", channel="web")) == (
        "channel_unknown"
    )


def test_a_secret_vote_has_no_telephone(secret, bob):
    made = refusal(lambda: make_booth(bob, poll=secret, name="Desk", channel="telephone"))
    assert made == "telephone_not_secret"


def test_officers_have_accounts(booth, bob):
    assert refusal(lambda: add_officer(bob, booth=booth, email="x@example.org")) == "no_account"
