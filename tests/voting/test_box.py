"""The ballot box: who gets a ballot in, once, and what can be done to it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from accounts.models import Group, GroupMember
from common.verdicts import Refused
from processes.actions import publish
from tests.support.queries import named_queries
from tests.voting.polls import COLOURS, RANKED, WORDS, draft_poll, end, fresh, open_poll
from voting import voters
from voting.actions.box import WrongAnswers, cast_ballot, new_code, withdraw_ballot
from voting.actions.stages import close_poll, open_poll_if_due
from voting.models import Ballot, Poll, Quota, Turnout
from voting.questionnaire import definition

RED = {"colour": {"option": "red"}}
BLUE = {"colour": {"option": "blue"}, "tree": {"option": "no"}}

pytestmark = pytest.mark.django_db


def cast(user, poll, answers=None, **more):
    poll = fresh(poll)
    return cast_ballot(voters.person(user, poll), poll=poll, answers=answers or RED, **more)


def code_of(refusal):
    return refusal.value.verdict.code


def counted(poll):
    return [ballot.answers for ballot in Ballot.objects.counted(poll)]


def test_a_ballot_is_in_the_box_and_its_voter_on_the_roll(bob, alice, organisation):
    poll = open_poll(bob, organisation, secrecy="confidential")
    receipt = cast(alice, poll)
    turnout = Turnout.objects.get()
    ballot = Ballot.objects.get()
    assert (turnout.user, turnout.voter, turnout.channel) == (alice, f"user:{alice.pk}", "web")
    assert (ballot.turnout, ballot.mark, ballot.answers) == (turnout, receipt.mark, RED)
    assert fresh(poll).turnout_count == 1


def test_a_secret_ballot_names_nobody(bob, alice, organisation):
    poll = open_poll(bob, organisation, secrecy="secret")
    cast(alice, poll)
    assert Ballot.objects.get().turnout is None
    assert Turnout.objects.get().user == alice


def test_the_database_alone_refuses_to_join_a_secret_ballot_to_its_voter(bob, alice, organisation):
    poll = open_poll(bob, organisation, secrecy="secret")
    cast(alice, poll)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(
            poll=poll, secrecy="secret", turnout=Turnout.objects.get(), mark="a" * 64, answers=RED
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        Ballot.objects.create(
            poll=poll, secrecy="named", turnout=Turnout.objects.get(), mark="b" * 64, answers=RED
        )


def test_ballots_and_turnout_cannot_be_changed_or_taken_out(bob, alice, organisation):
    poll = open_poll(bob, organisation)
    cast(alice, poll)
    for attempt in (
        lambda: Ballot.objects.update(answers=BLUE),
        lambda: Ballot.objects.all().delete(),
        lambda: Turnout.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_an_answer_is_final_where_that_was_declared(bob, alice, organisation):
    poll = open_poll(bob, organisation)
    cast(alice, poll)
    with pytest.raises(Refused) as refusal:
        cast(alice, poll, BLUE)
    assert code_of(refusal) == "voted_already"
    assert counted(poll) == [RED]
    assert fresh(poll).turnout_count == 1


def test_sending_the_same_ballot_again_finds_it(bob, alice, organisation):
    for secrecy in ("named", "secret"):
        poll = open_poll(bob, organisation, secrecy=secrecy)
        code = new_code()
        assert cast(alice, poll, code=code).is_new
        again = cast(alice, poll, BLUE, code=code)
        assert (again.code, again.is_new) == (code, False)
        assert counted(poll) == [RED]


def test_nobody_takes_anothers_ballot_for_the_own_by_its_code(bob, alice, charlie, organisation):
    poll = open_poll(bob, organisation, secrecy="confidential")
    code = new_code()
    cast(alice, poll, code=code)
    with pytest.raises(IntegrityError), transaction.atomic():
        cast(charlie, poll, BLUE, code=code)
    assert counted(poll) == [RED]


def test_the_last_answer_counts_where_answers_may_change(bob, alice, organisation):
    poll = open_poll(bob, organisation, change_policy="until_close")
    cast(alice, poll)
    cast(alice, poll, BLUE)
    assert counted(poll) == [BLUE]
    assert Ballot.objects.count() == 2
    assert fresh(poll).turnout_count == 1


def test_a_secret_ballot_is_replaced_by_its_receipt(bob, alice, charlie, organisation):
    poll = open_poll(bob, organisation, secrecy="secret", change_policy="until_close")
    first = cast(alice, poll)
    with pytest.raises(Refused) as refusal:
        cast(alice, poll, BLUE)
    assert code_of(refusal) == "receipt_needed"
    with pytest.raises(Refused) as refusal:
        cast(alice, poll, BLUE, former=new_code())
    assert code_of(refusal) == "receipt_unknown"
    second = cast(alice, poll, BLUE, former=first.code.lower())
    assert counted(poll) == [BLUE]
    replaced = Ballot.objects.get(mark=second.mark).replaces
    assert replaced.mark == first.mark
    with pytest.raises(Refused) as refusal:
        cast(alice, poll, RED, former=first.code)
    assert code_of(refusal) == "receipt_unknown", "a void ballot cannot be replaced again"
    cast(charlie, poll)
    assert fresh(poll).turnout_count == 2 == len(counted(poll))


def test_an_answer_is_withdrawn_and_may_be_given_again(bob, alice, organisation):
    for secrecy in ("named", "secret"):
        poll = open_poll(bob, organisation, secrecy=secrecy, change_policy="until_close")
        first = cast(alice, poll)
        now = fresh(poll)
        former = {"former": first.code} if secrecy == "secret" else {}
        void = withdraw_ballot(voters.person(alice, now), poll=now, **former)
        assert counted(poll) == [] and fresh(poll).turnout_count == 0
        with pytest.raises(Refused):
            withdraw_ballot(voters.person(alice, now), poll=now, **former)
        former = {"former": void.code} if secrecy == "secret" else {}
        cast(alice, poll, BLUE, **former)
        assert counted(poll) == [BLUE] and fresh(poll).turnout_count == 1
        assert Turnout.objects.get(poll=poll).withdrawn_at is None


def test_who_has_not_answered_cannot_withdraw(bob, alice, organisation):
    poll = fresh(open_poll(bob, organisation))
    with pytest.raises(Refused) as refusal:
        withdraw_ballot(voters.person(alice, poll), poll=poll)
    assert code_of(refusal) == "not_voted"
    assert not Turnout.objects.exists() and fresh(poll).turnout_count == 0


def test_wrong_answers_are_named_and_nothing_is_kept(bob, alice, organisation):
    poll = open_poll(bob, organisation)
    with pytest.raises(WrongAnswers) as wrong:
        cast(alice, poll, {"colour": {"option": "pink"}})
    assert list(wrong.value.problems) == ["colour"]
    assert not Turnout.objects.exists()


@pytest.mark.parametrize(
    ("eligibility", "nobody_code"), [("confirmed", "sign_in_first"), ("anyone", "pass_needed")]
)
def test_nobody_is_asked_who_they_are(bob, nobody, organisation, eligibility, nobody_code):
    poll = open_poll(bob, organisation, eligibility=eligibility)
    with pytest.raises(Refused) as refusal:
        cast(nobody, poll)
    assert code_of(refusal) == nobody_code


def test_a_pass_votes_once_and_in_its_own_poll_only(bob, organisation):
    poll = open_poll(bob, organisation, eligibility="anyone", slug="one")
    other = open_poll(bob, organisation, eligibility="anyone", slug="two")
    token = voters.make_pass(poll, "a" * 32)
    holder = voters.holder_of_pass(token, poll)
    cast_ballot(holder, poll=fresh(poll), answers=RED)
    with pytest.raises(Refused):
        cast_ballot(holder, poll=fresh(poll), answers=BLUE)
    assert voters.holder_of_pass(token, other) is None
    assert voters.holder_of_pass(token[:-2] + "xx", poll) is None
    assert Turnout.objects.get().user is None


def test_residents_of_the_area_and_of_all_below_it_answer(
    bob, resident, charlie, organisation, country, village
):
    poll = open_poll(bob, organisation, eligibility="residents", area=country)
    cast(resident, poll)
    with pytest.raises(Refused) as refusal:
        cast(charlie, poll)
    assert code_of(refusal) == "not_a_resident"
    far = open_poll(bob, organisation, eligibility="residents", area=village, slug="far")
    with pytest.raises(Refused):
        cast(resident, far)


def test_a_group_answers_and_nobody_else(bob, alice, charlie, organisation):
    group = Group.objects.create(organisation=organisation, name="The panel")
    GroupMember.objects.create(group=group, user=alice)
    poll = open_poll(bob, organisation, eligibility="group", group=group)
    cast(alice, poll)
    with pytest.raises(Refused) as refusal:
        cast(charlie, poll)
    assert code_of(refusal) == "not_in_the_group"


def test_before_and_after_its_time_no_ballot_goes_in(bob, alice, organisation):
    early = draft_poll(bob, organisation, opens_in=timedelta(days=1), slug="early")
    with pytest.raises(Refused) as refusal:
        cast(alice, early)
    assert code_of(refusal) == "not_published"
    late = open_poll(bob, organisation, slug="late")
    stale = fresh(late)
    end(late)
    with pytest.raises(Refused) as refusal:
        cast(alice, late)
    assert code_of(refusal) == "not_open_any_more"
    # A page that was opened before the end knows no better: the database does.
    with pytest.raises(Refused) as refusal:
        cast_ballot(voters.person(alice, stale), poll=stale, answers=RED)
    assert code_of(refusal) == "not_open_any_more"
    assert not Turnout.objects.exists()


def test_a_poll_closed_by_hand_takes_no_more(bob, alice, organisation):
    poll = open_poll(bob, organisation)
    stale = fresh(poll)
    close_poll(bob, poll=poll)
    with pytest.raises(Refused):
        cast_ballot(voters.person(alice, stale), poll=stale, answers=RED)


def test_the_first_voter_opens_a_poll_that_no_clock_opened(bob, alice, organisation):
    poll = draft_poll(bob, organisation)
    publish(bob, process=poll.process)
    assert Poll.objects.get(pk=poll.pk).opened_at is None
    cast(alice, poll)
    assert Poll.objects.get(pk=poll.pk).opened_at is not None


def test_what_was_declared_is_fixed_by_the_database_once_it_is_open(bob, organisation):
    poll = open_poll(bob, organisation, secrecy="secret")
    for change in (
        {"secrecy": "named"},
        {"results_policy": "live"},
        {"change_policy": "until_close"},
        {"eligibility": "anyone"},
        {"threshold": "0.5"},
        {"definition": {"pages": []}},
        {"opened_at": None},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Poll.objects.filter(pk=poll.pk).update(**change)
    question = poll.questions.first()
    for attempt in (
        lambda: poll.questions.update(title={"en": "Another question?"}),
        lambda: question.options.all().delete(),
        lambda: poll.pages.update(order=7),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_a_secret_poll_that_asks_for_words_does_not_open(bob, organisation):
    poll = draft_poll(bob, organisation, questions=[COLOURS, WORDS], secrecy="secret")
    publish(bob, process=poll.process)
    with pytest.raises(Refused) as refusal:
        open_poll_if_due(fresh(poll))
    assert code_of(refusal) == "questions_unfit"


def test_a_full_cell_takes_no_more_and_a_withdrawn_answer_frees_its_place(
    bob, alice, charlie, organisation
):
    sex = definition.Question(
        key="sex",
        kind=definition.QuestionKind.SINGLE,
        title={"en": "You are"},
        options=(
            definition.Option("f", {"en": "a woman"}),
            definition.Option("m", {"en": "a man"}),
        ),
        demographic="sex",
    )
    poll = draft_poll(bob, organisation, questions=[sex, COLOURS], change_policy="until_close")
    quota = Quota.objects.create(poll=poll, cell={"sex": "f"}, target=1)
    publish(bob, process=poll.process)
    woman = {"sex": {"option": "f"}, **RED}
    cast(alice, poll, woman)
    with pytest.raises(Refused) as refusal:
        cast(charlie, poll, woman)
    assert code_of(refusal) == "quota_full"
    cast(charlie, poll, {"sex": {"option": "m"}, **RED})
    assert Turnout.objects.count() == 2
    now = fresh(poll)
    withdraw_ballot(voters.person(alice, now), poll=now)
    quota.refresh_from_db()
    assert quota.count == 0
    cast(alice, poll, woman)
    quota.refresh_from_db()
    assert quota.count == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("secrecy", "ballot"),
    [("confidential", 'INSERT INTO "voting_ballot"'), ("secret", "voting_put_secret_ballot")],
)
def test_casting_makes_few_queries(bob, alice, organisation, secrecy, ballot):
    """A request adds its session, its person and the poll: eight, beginning and end included."""
    poll = fresh(open_poll(bob, organisation, secrecy=secrecy))
    expected = {
        "begin": "BEGIN",
        "confirmed address": "account_emailaddress",
        "claim": "WITH claim",
        "ballot": ballot,
        "commit": "COMMIT",
    }
    with named_queries(expected):
        cast_ballot(voters.person(alice, poll), poll=poll, answers=RED)


@pytest.mark.django_db(transaction=True)
def test_a_secret_ballot_and_its_turnout_share_no_transaction_number(bob, alice, organisation):
    poll = open_poll(bob, organisation, secrecy="secret")
    cast(alice, poll)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t.xmin::text, b.xmin::text FROM voting_turnout t, voting_ballot b")
        (turnout, ballot) = cursor.fetchone()
    assert turnout != ballot


def test_a_ranking_is_kept_as_it_was_given(bob, alice, organisation):
    poll = open_poll(bob, organisation, questions=[RANKED], secrecy="secret")
    cast(alice, poll, {"order": {"ranking": ["west", "north"]}})
    assert counted(poll) == [{"order": {"ranking": ["west", "north"]}}]
    assert Client().get("/healthz/live").status_code == 200
