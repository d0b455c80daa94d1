"""A poll opens and closes by the clock, is counted once, and its rows tell no order."""

import threading
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from common.verdicts import Refused
from processes.actions import publish
from processes.kinds import EntryKind
from processes.models import Entry, Participation, Phase
from tests import factories
from tests.voting.polls import COLOURS, RANKED, draft_poll, end, end_and_count, fresh, open_poll
from voting import voters
from voting.actions import stages
from voting.actions.box import cast_ballot
from voting.box import bundle, published
from voting.models import Ballot, Poll, Turnout
from voting.secrecy.tree import proof, proves
from voting.tasks import run_clock, stir_secret_polls

pytestmark = pytest.mark.django_db


def cast(user, poll, option="red"):
    poll = fresh(poll)
    answers = {"colour": {"option": option}}
    return cast_ballot(voters.person(user, poll), poll=poll, answers=answers)


def people(number):
    return [factories.person(f"Voter {n}") for n in range(number)]


def test_the_clock_opens_closes_and_counts(bob, alice, organisation):
    poll = draft_poll(bob, organisation)
    publish(bob, process=poll.process)
    assert run_clock() == 1
    assert fresh(poll).opened_at is not None
    cast(alice, poll)
    assert run_clock() == 0, "there is nothing to do while it is open"
    end(poll)
    assert run_clock() >= 1
    done = fresh(poll)
    assert done.closed_at is not None and done.counted_at is not None
    assert done.outcomes.exists()
    assert done.process.closed_at is not None
    assert done.process.results_published_at is not None
    assert run_clock() == 0


def test_a_poll_opens_by_hand_only_where_that_was_declared(bob, charlie, organisation):
    by_hand = draft_poll(bob, organisation, opening_policy="hand", slug="motion")
    publish(bob, process=by_hand.process)
    run_clock()
    assert fresh(by_hand).opened_at is None
    with pytest.raises(Refused):
        stages.open_poll(charlie, poll=fresh(by_hand))
    stages.open_poll(bob, poll=fresh(by_hand))
    with pytest.raises(Refused) as refusal:
        stages.open_poll(bob, poll=fresh(by_hand))
    assert refusal.value.verdict.code == "already_open"
    with pytest.raises(Refused):
        stages.close_poll(charlie, poll=fresh(by_hand))
    stages.close_poll(bob, poll=fresh(by_hand))
    with pytest.raises(Refused):
        stages.close_poll(bob, poll=fresh(by_hand))
    by_clock = draft_poll(bob, organisation, slug="clock")
    with pytest.raises(Refused) as refusal:
        stages.open_poll(bob, poll=fresh(by_clock))
    assert refusal.value.verdict.code == "opens_by_clock"


def test_what_is_asked_is_frozen_and_its_digest_is_in_the_journal(bob, organisation):
    poll = fresh(open_poll(bob, organisation))
    assert [q.key for q in poll.questionnaire.questions()] == ["colour", "tree"]
    assert poll.questionnaire.digest == poll.definition_digest
    entry = Entry.objects.get(kind=EntryKind.POLL_OPENED)
    assert entry.data["digest"] == poll.definition_digest


def test_counting_twice_changes_nothing(bob, alice, organisation):
    poll = open_poll(bob, organisation)
    cast(alice, poll)
    done = end_and_count(poll)
    outcomes = list(done.outcomes.values_list("pk", flat=True))
    assert stages.count(poll.pk) is False
    assert list(done.outcomes.values_list("pk", flat=True)) == outcomes
    assert Entry.objects.filter(kind=EntryKind.POLL_COUNTED).count() == 1
    assert Entry.objects.filter(kind=EntryKind.RESULTS_PUBLISHED).count() == 1


def test_an_open_poll_is_not_counted(bob, organisation):
    poll = open_poll(bob, organisation)
    assert stages.count(poll.pk) is False
    assert fresh(poll).counted_at is None


def test_a_count_that_fails_leaves_nothing_and_is_done_again(bob, alice, organisation):
    poll = open_poll(bob, organisation, secrecy="secret")
    cast(alice, poll)
    end(poll)
    with (
        mock.patch.object(stages, "_take_part", side_effect=RuntimeError("the power went")),
        pytest.raises(RuntimeError),
        transaction.atomic(),
    ):
        run_clock()
    assert fresh(poll).counted_at is None and not fresh(poll).outcomes.exists()
    assert run_clock() >= 1
    assert fresh(poll).counted_at is not None


def test_everyone_who_voted_takes_part_when_it_is_counted_not_before(bob, alice, organisation):
    poll = open_poll(bob, organisation, secrecy="secret")
    cast(alice, poll)
    assert not Participation.objects.filter(process=poll.process).exists()
    done = end_and_count(poll)
    assert [row.user for row in Participation.objects.filter(process=poll.process)] == [alice]
    assert done.process.participant_count == 1


def test_stirring_changes_no_row_and_loses_the_order(bob, organisation):
    poll = open_poll(bob, organisation, secrecy="secret")
    voted = people(40)
    for person in voted:
        cast(person, poll)

    def state():
        ballots = sorted(Ballot.objects.values_list("mark", "answers__colour__option"))
        return ballots, sorted(Turnout.objects.values_list("voter", "voted_on"))

    def order(table):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, xmin::text FROM {table} ORDER BY ctid")
            rows = cursor.fetchall()
        return [str(key) for key, _number in rows], {number for _key, number in rows}

    before, turnout_before = state(), order("voting_turnout")[0]
    ballots_before = order("voting_ballot")[0]
    assert stir_secret_polls() == 1
    assert state() == before
    turnout, _numbers = order("voting_turnout")
    ballots, _numbers = order("voting_ballot")
    assert sorted(turnout) == sorted(turnout_before) and turnout != turnout_before
    assert sorted(ballots) == sorted(ballots_before) and ballots != ballots_before
    # Whoever lays the two tables side by side finds a person's ballot no more often than by chance.
    place = {key: index for index, key in enumerate(turnout_before)}
    other = {key: index for index, key in enumerate(ballots_before)}
    pairs = zip(turnout, ballots, strict=True)
    met = sum(place[voter] == other[ballot] for voter, ballot in pairs)
    assert met < 8


def test_the_published_list_is_the_tree_behind_the_root(bob, organisation):
    poll = open_poll(bob, organisation, questions=[COLOURS, RANKED], secrecy="secret")
    for person in people(7):
        cast(person, poll)
    done = end_and_count(poll)
    rows = list(published(done))
    marks = [data["mark"] for data, _leaf in rows]
    assert marks == sorted(marks) and len(marks) == 7
    leaves = [leaf for _data, leaf in rows]
    for index, leaf in enumerate(leaves):
        assert proves(leaf, proof(leaves, index), bytes.fromhex(done.root))
    lines = list(bundle(done))
    assert len(lines) == 8 and f'"root":"{done.root}"' in lines[0]


@pytest.mark.django_db(transaction=True)
def test_a_closing_waits_for_the_ballot_that_is_on_its_way(bob, alice, organisation):
    """The ballot has claimed its place but is not in yet; the closing comes; both are whole."""
    poll = fresh(open_poll(bob, organisation))
    claimed, may_go_on = threading.Event(), threading.Event()
    said = []

    def slowly(*arguments):
        claimed.set()
        assert may_go_on.wait(20)
        return insert(*arguments)

    def vote():
        try:
            said.append(
                cast_ballot(
                    voters.person(alice, poll), poll=poll, answers={"colour": {"option": "red"}}
                )
            )
        finally:
            connection.close()

    def close():
        try:
            said.append(stages.close_poll(bob, poll=Poll.objects.get(pk=poll.pk)))
        finally:
            connection.close()

    from voting.actions import box

    insert = box._insert
    with mock.patch.object(box, "_insert", slowly):
        voter = threading.Thread(target=vote)
        voter.start()
        assert claimed.wait(20)
        closer = threading.Thread(target=close)
        closer.start()
        closer.join(0.5)
        assert closer.is_alive(), "it waits for the ballot"
        may_go_on.set()
        voter.join(20)
        closer.join(20)
    assert len(said) == 2
    stages.count(poll.pk)
    assert Ballot.objects.filter(poll=poll).count() == fresh(poll).turnout_count == 1


def test_dates_that_move_move_the_end(bob, alice, organisation):
    poll = open_poll(bob, organisation)
    Phase.objects.filter(process=poll.process_id).update(closes_at=Now() + timedelta(days=60))
    run_clock()
    assert fresh(poll).closed_at is None
    cast(alice, poll)
