"""Whoever began an answer and did not send it is told once, a day before voting ends, and nobody else."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from processes.kinds import PUBLIC_ENTRIES, EntryKind
from processes.models import Entry
from tests.voting.budgets import asking, knapsack, open_budget
from tests.voting.polls import fresh, open_poll
from voting.actions import reminders
from voting.actions.box import cast_ballot, withdraw_ballot
from voting.actions.drafts import save_draft
from voting.models import Draft
from voting.tasks import run_clock
from voting.voters import Voter, person

RED = {"colour": {"option": "red"}}


def begin(poll, who, answers=RED, ago=timedelta(hours=3)):
    """A draft that was saved some time ago."""
    save_draft(person(who, poll), poll=poll, answers=answers)
    Draft.objects.filter(poll=poll, user=who).update(saved_at=timezone.now() - ago)


def told():
    rows = Entry.objects.filter(kind=EntryKind.BALLOT_UNFINISHED).order_by("pk")
    return [entry.data["user"] for entry in rows]


@pytest.fixture
def ending(bob, organisation):
    """A confidential poll that ends in 20 hours."""
    return open_poll(bob, organisation, closes_in=timedelta(hours=20), change_policy="until_close")


def test_an_unsent_draft_is_told_of_once(ending, alice, charlie):
    begin(ending, alice)
    begin(ending, charlie)
    run_clock()
    run_clock()
    assert sorted(told()) == sorted([alice.pk, charlie.pk])
    entry = Entry.objects.filter(kind=EntryKind.BALLOT_UNFINISHED).first()
    moment = ending.timetable.closes_at.isoformat()
    data = {"poll": ending.pk, "user": told()[0], "closes_at": moment}
    assert entry.actor is None and entry.data == data
    assert EntryKind.BALLOT_UNFINISHED not in PUBLIC_ENTRIES
    # Who goes on after that is not told a second time.
    begin(ending, alice, {"colour": {"option": "blue"}})
    assert reminders.remind_unfinished() == 0


def test_nobody_is_told_long_before_the_end_or_while_answering(bob, organisation, alice, charlie):
    later = open_poll(bob, organisation, closes_in=timedelta(hours=25))
    begin(later, alice)
    assert reminders.remind_unfinished() == 0
    soon = open_poll(bob, organisation, closes_in=timedelta(hours=23))
    begin(soon, alice, ago=timedelta(minutes=5))
    begin(soon, charlie, answers={})
    assert reminders.remind_unfinished() == 0


def test_who_has_voted_is_left_alone_and_who_withdrew_and_began_again_is_not(
    ending, alice, charlie
):
    for who in (alice, charlie):
        cast_ballot(person(who, ending), poll=ending, answers=RED)
    withdraw_ballot(person(charlie, ending), poll=fresh(ending))
    begin(ending, alice)
    begin(ending, charlie)
    reminders.remind_unfinished()
    assert told() == [charlie.pk]


def test_a_draft_without_an_account_tells_nobody(bob, organisation):
    poll = open_poll(bob, organisation, closes_in=timedelta(hours=5), eligibility="anyone")
    guest = Voter("pass:1", person(bob, poll).verdict)
    save_draft(guest, poll=poll, answers=RED)
    Draft.objects.update(saved_at=Now() - timedelta(hours=3))
    assert reminders.remind_unfinished() == 0


def test_a_closed_poll_and_a_secret_one_have_nothing_to_tell(bob, organisation, alice, monkeypatch):
    open_budget(
        bob,
        organisation,
        monkeypatch,
        asking(knapsack()),
        closes_in=timedelta(hours=5),
        secrecy="secret",
    )
    assert reminders.remind_unfinished() == 0 and not Draft.objects.exists()


def test_a_crash_between_loses_none_and_repeats_none(ending, alice, charlie, monkeypatch):
    begin(ending, alice)
    begin(ending, charlie)
    monkeypatch.setattr(reminders, "CHUNK", 1)
    record = reminders.journal.record

    def dies_at_the_second(*args, **more):
        if told():
            raise SystemExit
        return record(*args, **more)

    monkeypatch.setattr(reminders.journal, "record", dies_at_the_second)
    with pytest.raises(SystemExit):
        reminders.remind_unfinished()
    monkeypatch.setattr(reminders.journal, "record", record)
    assert len(told()) == 1
    assert reminders.remind_unfinished() == 1
    assert sorted(told()) == sorted([alice.pk, charlie.pk])


def test_a_budget_reminds_as_a_poll_does(bob, organisation, alice, monkeypatch):
    poll = open_budget(
        bob, organisation, monkeypatch, asking(knapsack()), closes_in=timedelta(hours=5)
    )
    begin(poll, alice, {"city": {"options": ["p5", "p4"]}})  # over the envelope, kept all the same
    reminders.remind_unfinished()
    assert told() == [alice.pk]
