"""Taking a position: once per person, exact counts, in the right phase."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from common.verdicts import Refused
from consultations.actions import edit_proposal, propose_amendment
from deliberation.actions import take_position, withdraw_position
from deliberation.models import Position
from processes.actions import close
from processes.models import Participation, Process, Subject
from tests import factories
from tests.counts import assert_counts_hold
from tests.scenario import end_phases

pytestmark = pytest.mark.django_db


def counts(subject: Subject) -> tuple[int, int, int]:
    fresh = Subject.objects.get(pk=subject.pk)
    return fresh.agree_count, fresh.mixed_count, fresh.disagree_count


def test_a_position_is_counted_changed_and_withdrawn(world, alice):
    standing = take_position(alice, subject_id=world.article.pk, value="agree")
    assert (standing.value, standing.counts.agree) == ("agree", 1)
    take_position(alice, subject_id=world.article.pk, value="disagree")
    assert counts(world.article) == (0, 0, 1)
    withdraw_position(alice, subject_id=world.article.pk)
    assert counts(world.article) == (0, 0, 0)
    take_position(alice, subject_id=world.article.pk, value="mixed")
    assert counts(world.article) == (0, 1, 0)
    assert Position.objects.count() == 1
    assert_counts_hold(world.process)


def test_repeating_a_position_changes_nothing(world, alice):
    take_position(alice, subject_id=world.article.pk, value="agree")
    before = Position.objects.get()
    take_position(alice, subject_id=world.article.pk, value="agree")
    after = Position.objects.get()
    assert (before.changed_at, before.value) == (after.changed_at, after.value)
    assert counts(world.article) == (1, 0, 0)


def test_a_person_is_one_participant_however_many_positions(world, alice, charlie):
    for article in world.articles:
        take_position(alice, subject_id=article.pk, value="agree")
    take_position(charlie, subject_id=world.article.pk, value="agree")
    process = Process.objects.get(pk=world.process.pk)
    assert (process.participant_count, process.position_count) == (2, 5)
    assert Participation.objects.count() == 2


@pytest.mark.parametrize(
    ("who", "code"), [("nobody", "sign_in_first"), ("alice", "ok"), ("olga", "ok")]
)
def test_anyone_signed_in_may_take_a_position(world, request, who, code):
    person = request.getfixturevalue(who)
    if code == "ok":
        take_position(person, subject_id=world.article.pk, value="agree")
        assert counts(world.article) == (1, 0, 0)
    else:
        with pytest.raises(Refused) as caught:
            take_position(person, subject_id=world.article.pk, value="agree")
        assert caught.value.verdict.code == code
        assert counts(world.article) == (0, 0, 0)


def test_after_the_phase_no_position_moves(world, bob, alice):
    take_position(alice, subject_id=world.article.pk, value="agree")
    end_phases(bob, world.process)
    for attempt in (
        lambda: take_position(alice, subject_id=world.article.pk, value="mixed"),
        lambda: withdraw_position(alice, subject_id=world.article.pk),
    ):
        with pytest.raises(Refused) as caught:
            attempt()
        assert caught.value.verdict.code == "not_open_any_more"
    close(bob, process=world.process)
    with pytest.raises(Refused) as caught:
        take_position(alice, subject_id=world.article.pk, value="mixed")
    assert caught.value.verdict.code == "closed"
    assert counts(world.article) == (1, 0, 0)


def test_headings_take_no_position(world, alice):
    part = Subject.objects.filter(kind="part").first()
    with pytest.raises(Refused) as caught:
        take_position(alice, subject_id=part.pk, value="agree")
    assert caught.value.verdict.code == "part"


def test_unknown_words_and_unknown_subjects_are_refused(world, alice):
    for subject_id, value, code in [
        (world.article.pk, "perhaps", "unknown_value"),
        (10**15, "agree", "not_found"),
    ]:
        with pytest.raises(Refused) as caught:
            take_position(alice, subject_id=subject_id, value=value)
        assert caught.value.verdict.code == code


def test_the_database_alone_refuses_a_second_row_and_an_unknown_value(world, alice):
    take_position(alice, subject_id=world.article.pk, value="agree")
    with pytest.raises(IntegrityError), transaction.atomic():
        Position.objects.create(subject=world.article, user=alice, value="agree")
    with pytest.raises(IntegrityError), transaction.atomic():
        Position.objects.update(value="perhaps")


def test_an_edit_of_an_amendment_resets_its_positions_after_a_warning(world, alice, charlie):
    proposal = propose_amendment(
        alice, section_id=world.section().pk, body="Three metres.", reason="Room."
    )
    take_position(charlie, subject_id=proposal.subject_id, value="agree")
    change = {"title": "Wider", "body": "Four metres.", "reason": "More room."}
    with pytest.raises(Refused) as caught:
        edit_proposal(alice, proposal_id=proposal.pk, **change)
    assert caught.value.verdict.code == "positions_would_reset"
    edit_proposal(alice, proposal_id=proposal.pk, confirmed_resets=1, **change)
    row = Position.objects.get(user=charlie)
    assert row.value is None
    assert row.reset_at is not None
    assert_counts_hold(world.process)
    take_position(charlie, subject_id=proposal.subject_id, value="disagree")
    assert Position.objects.get(user=charlie).reset_at is None
    assert_counts_hold(world.process)


@pytest.mark.django_db(transaction=True)
def test_many_people_and_many_clicks_at_once_leave_exact_counts(world):
    people = [factories.person(f"Person {n}") for n in range(6)]
    values = ["agree", "mixed", "disagree"]

    def click(n: int) -> None:
        try:
            person = people[n % 6]
            if n % 7 == 0:
                withdraw_position(person, subject_id=world.article.pk)
            else:
                take_position(person, subject_id=world.article.pk, value=values[n % 3])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(click, range(120)))
    assert Position.objects.count() == 6
    assert_counts_hold(world.process)
