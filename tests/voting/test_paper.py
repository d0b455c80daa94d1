"""Ballots on paper and by telephone: who may what and when, and that nothing is lost or doubled."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from accounts.actions import verify_person
from accounts.kinds import VerificationLevel
from accounts.models import User
from common.verdicts import Refused
from tests import factories
from tests.voting.polls import end, fresh, open_poll
from voting.actions.booths import (
    Identity,
    add_officer,
    check_in,
    end_booth,
    make_booth,
    remove_officer,
    take_back,
)
from voting.actions.box import WrongAnswers, cast_ballot, withdraw_ballot
from voting.actions.paper import decide_sheet, discard_sheet, enter_sheet
from voting.actions.stages import count
from voting.models import Ballot, Booth, Correction, Poll, Sheet, Turnout
from voting.tasks import run_clock
from voting.voters import person

RED = {"colour": {"option": "red"}}
BLUE = {"colour": {"option": "blue"}}


def refusal(act: Callable[[], object]) -> str:
    """The code with which something was refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.verdict.code


@pytest.fixture
def ina(db: None) -> User:
    """An officer, of no public body."""
    return factories.person("Ina")


@pytest.fixture
def jon(db: None) -> User:
    """The other officer."""
    return factories.person("Jon")


@pytest.fixture
def poll(bob, organisation) -> Poll:
    return open_poll(bob, organisation, secrecy="confidential")


@pytest.fixture
def secret(bob, organisation) -> Poll:
    return open_poll(bob, organisation, secrecy="secret")


def booth_in(poll: Poll, bob: User, *officers: User, channel: str = "paper") -> Booth:
    booth = make_booth(bob, poll=poll, name="Town hall", channel=channel)
    for officer in officers:
        add_officer(bob, booth=booth, email=officer.email)
    return booth


@pytest.fixture
def booth(poll, bob, ina, jon) -> Booth:
    return booth_in(poll, bob, ina, jon)


@pytest.fixture
def urn(secret, bob, ina, jon) -> Booth:
    return booth_in(secret, bob, ina, jon)


def let_in(officer: User, booth: Booth, who: User, sheet: str = "") -> Sheet | None:
    return check_in(officer, booth=booth, who=Identity(email=who.email), sheet_number=sheet).sheet


def enter_twice(booth: Booth, ina: User, jon: User, number: str, answers: dict = RED) -> Sheet:
    enter_sheet(ina, booth=booth, number=number, answers=answers)
    return enter_sheet(jon, booth=booth, number=number, answers=answers).sheet


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


# One person votes once.


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


# Sheets.


def test_a_sheet_that_nobody_was_given_cannot_be_entered(booth, ina):
    assert refusal(lambda: enter_sheet(ina, booth=booth, number="9", answers=RED)) == (
        "sheet_unknown"
    )
    assert refusal(lambda: enter_sheet(ina, booth=booth, number=" ", answers=RED)) == (
        "number_missing"
    )


def test_wrong_answers_are_refused_by_question(booth, ina, alice):
    let_in(ina, booth, alice, "17")
    with pytest.raises(WrongAnswers) as caught:
        enter_sheet(ina, booth=booth, number="17", answers={"colour": {"option": "pink"}})
    assert set(caught.value.problems) == {"colour"}
    assert Sheet.objects.get().first is None


@pytest.mark.parametrize(("right", "answers"), [("first", RED), ("second", BLUE)])
def test_entries_that_differ_are_decided_with_a_reason(booth, ina, jon, alice, right, answers):
    let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    found = enter_sheet(jon, booth=booth, number="17", answers=BLUE)
    assert found.state == "differs"
    assert not Ballot.objects.exists()
    sheet = found.sheet
    assert refusal(lambda: decide_sheet(ina, sheet=sheet, right=right, reason=" ")) == (
        "reason_missing"
    )
    assert refusal(lambda: decide_sheet(ina, sheet=sheet, right="x", reason="y")) == (
        "choice_missing"
    )
    done = decide_sheet(ina, sheet=sheet, right=right, reason="Read again.")
    assert done.state == "accepted"
    assert Ballot.objects.get().answers == answers
    last = Correction.objects.last()
    assert (last.kind, last.actor, last.reason) == ("corrected", ina, "Read again.")
    assert last.before == {"first": RED, "second": BLUE}
    assert last.after == answers
    again = refusal(lambda: decide_sheet(ina, sheet=sheet, right=right, reason="Again."))
    assert again == "nothing_to_decide"


def test_neither_entry_may_be_right(booth, ina, jon, alice):
    let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    sheet = enter_sheet(jon, booth=booth, number="17", answers=BLUE).sheet
    assert decide_sheet(jon, sheet=sheet, right="neither", reason="Both.").state == "waits"
    green = {"colour": {"option": "green"}}
    assert enter_sheet(jon, booth=booth, number="17", answers=green).state == "waits"
    assert enter_sheet(ina, booth=booth, number="17", answers=green).state == "accepted"
    assert Ballot.objects.get().answers == green


def test_who_decides(booth, bob, edith, ina, jon, alice, charlie, nobody):
    third = factories.person("Third")
    add_officer(bob, booth=booth, email=third.email)
    let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    sheet = enter_sheet(jon, booth=booth, number="17", answers=BLUE).sheet
    for who in (third, edith, charlie, alice):
        code = refusal(
            lambda: decide_sheet(who, sheet=sheet, right="first", reason="I say.")  # noqa: B023
        )
        assert code == "not_an_officer"
    assert refusal(lambda: decide_sheet(nobody, sheet=sheet, right="first", reason="x")) == (
        "sign_in_first"
    )
    assert decide_sheet(bob, sheet=sheet, right="first", reason="I looked.").state == "accepted"


def test_a_sheet_once_accepted_takes_nothing_more(booth, bob, ina, jon, alice):
    third = factories.person("Third")
    add_officer(bob, booth=booth, email=third.email)
    let_in(ina, booth, alice, "17")
    sheet = enter_twice(booth, ina, jon, "17")
    entering = refusal(lambda: enter_sheet(third, booth=booth, number="17", answers=RED))
    assert entering == "sheet_accepted"
    assert refusal(lambda: discard_sheet(ina, sheet=sheet, reason="No.")) == "sheet_accepted"
    assert Ballot.objects.count() == 1


def test_a_third_entry_is_refused_while_two_differ(booth, bob, ina, jon, alice):
    third = factories.person("Third")
    add_officer(bob, booth=booth, email=third.email)
    let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    enter_sheet(jon, booth=booth, number="17", answers=BLUE)
    assert refusal(lambda: enter_sheet(third, booth=booth, number="17", answers=RED)) == (
        "sheet_differs"
    )


def test_a_spoilt_sheet_is_discarded_and_the_person_gets_another(poll, booth, ina, jon, alice):
    sheet = let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    assert refusal(lambda: discard_sheet(ina, sheet=sheet, reason="")) == "reason_missing"
    discard_sheet(ina, sheet=sheet, reason="Torn.")
    line = Correction.objects.last()
    assert (line.kind, line.reason, line.before["first"]) == ("discarded", "Torn.", RED)
    assert refusal(lambda: discard_sheet(ina, sheet=sheet, reason="x")) == "sheet_discarded"
    assert refusal(lambda: enter_sheet(jon, booth=booth, number="17", answers=RED)) == (
        "sheet_discarded"
    )
    let_in(ina, booth, alice, "18")
    enter_twice(booth, ina, jon, "18", BLUE)
    assert Ballot.objects.get().answers == BLUE
    assert fresh(poll).turnout_count == 1


def test_outsiders_discard_nothing(booth, ina, alice, charlie, edith):
    sheet = let_in(ina, booth, alice, "17")
    for who in (alice, charlie, edith):
        code = refusal(lambda: discard_sheet(who, sheet=sheet, reason="x"))  # noqa: B023
        assert code == "not_an_officer"


def test_the_log_and_the_sheets_cannot_be_deleted_or_rewritten(booth, ina, alice):
    let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    for act in (
        lambda: Correction.objects.update(reason="Nothing."),
        lambda: Correction.objects.all().delete(),
        lambda: Sheet.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


# Secret votes.


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


# The end.


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


# Races, on connections of their own.


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of each when all begin together: "ok" or the code of the refusal."""
    barrier = threading.Barrier(len(acts))
    found = [""] * len(acts)

    def run(place: int) -> None:
        try:
            barrier.wait(timeout=20)
            acts[place]()
            found[place] = "ok"
        except Refused as refused:
            found[place] = refused.verdict.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("secrecy", ["secret", "confidential"])
def test_web_and_paper_at_once_count_one(bob, organisation, ina, jon, secrecy):
    poll = open_poll(bob, organisation, secrecy=secrecy, change_policy="until_close")
    booth = booth_in(poll, bob, ina, jon)
    for number in range(8):
        someone = factories.person(f"Voter {number}")
        found = at_once(
            lambda: cast_ballot(person(someone, poll), poll=fresh(poll), answers=RED),  # noqa: B023
            lambda: let_in(ina, booth, someone, str(number)),  # noqa: B023
        )
        assert sorted(found) == ["ok", "voted_already"]
        assert Turnout.objects.filter(user=someone).count() == 1
    assert fresh(poll).turnout_count == 8
    on_paper = Turnout.objects.filter(channel="paper").count()
    assert Ballot.objects.count() == 8 - on_paper


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_let_one_person_in_once(bob, organisation, ina, jon):
    poll = open_poll(bob, organisation)
    booth = booth_in(poll, bob, ina, jon)
    other = make_booth(bob, poll=poll, name="Library")
    add_officer(bob, booth=other, email=jon.email)
    for number in range(8):
        someone = factories.person(f"Voter {number}")
        found = at_once(
            lambda: let_in(ina, booth, someone, f"a{number}"),  # noqa: B023
            lambda: let_in(jon, other, someone, f"b{number}"),  # noqa: B023
        )
        assert sorted(found) == ["ok", "voted_already"]
    assert fresh(poll).turnout_count == Sheet.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_make_one_ballot(bob, organisation, ina, jon):
    poll = open_poll(bob, organisation)
    booth = booth_in(poll, bob, ina, jon)
    for number in range(8):
        let_in(ina, booth, factories.person(f"Voter {number}"), str(number))
        found = at_once(
            lambda: enter_sheet(ina, booth=booth, number=str(number), answers=RED),  # noqa: B023
            lambda: enter_sheet(jon, booth=booth, number=str(number), answers=RED),  # noqa: B023
            lambda: enter_sheet(jon, booth=booth, number=str(number), answers=RED),  # noqa: B023
        )
        assert found.count("ok") == 2
    assert Ballot.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_secret_sheets_at_once_never_outnumber_people(bob, organisation, ina, jon, alice):
    poll = open_poll(bob, organisation, secrecy="secret")
    booth = booth_in(poll, bob, ina, jon)
    let_in(ina, booth, alice)
    end(poll)
    run_clock()
    found = at_once(
        lambda: enter_sheet(ina, booth=booth, number="1", answers=RED),
        lambda: enter_sheet(jon, booth=booth, number="2", answers=RED),
    )
    assert sorted(found) == ["ok", "too_many_sheets"]
    assert Sheet.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_entry_and_the_end_at_once_lose_no_ballot(bob, organisation, ina, jon, alice):
    poll = open_poll(bob, organisation)
    booth = booth_in(poll, bob, ina, jon)
    let_in(ina, booth, alice, "1")
    end(poll)
    run_clock()
    enter_sheet(ina, booth=booth, number="1", answers=RED)
    found = at_once(
        lambda: enter_sheet(jon, booth=booth, number="1", answers=RED),
        lambda: end_booth(bob, booth=booth, reason="Late."),
    )
    count(poll.pk)
    sheet = Sheet.objects.get()
    assert found in (["ok", "ok"], ["booth_ended", "ok"])
    assert (sheet.accepted_at is not None) == (Ballot.objects.count() == 1)
    assert (sheet.accepted_at is None) == (sheet.discarded_at is not None)
