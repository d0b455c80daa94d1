"""What is owed, what was answered, what is late."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from answers.actions import answer, answer_many, escalate_late, owe_answers, promise
from answers.models import Answer, Obligation
from answers.tasks import apply_promises
from common.verdicts import Refused
from consultations.actions import propose_amendment, withdraw_proposal
from deliberation.actions import take_position
from processes.actions import close
from processes.models import Entry
from tests import factories
from tests.scenario import end_phases

pytestmark = pytest.mark.django_db


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.verdict.code


@pytest.fixture
def amendments(world, alice):
    """Three amendments of the first article with 2, 1 and 1 people who agree, and one with none."""
    rows = [
        propose_amendment(
            alice, section_id=world.section().pk, body=f"{n} metres wide.", reason="Room."
        )
        for n in range(3, 7)
    ]
    people = [factories.person(f"Person {n}") for n in range(2)]
    for row, supporters in zip(rows, [people, people[:1], people[1:]], strict=False):
        for person in supporters:
            take_position(person, subject_id=row.subject_id, value="agree")
    return rows


def in_days(days: int):
    return timezone.now() + timedelta(days=days)


def owed_subjects() -> set[int]:
    return set(Obligation.objects.values_list("subject_id", flat=True))


def test_the_most_supported_are_owed_with_all_who_share_the_last_place(world, bob, amendments):
    promise(bob, process=world.process, rule="top", number=2, due_at=in_days(30))
    owe_answers(process=world.process)
    assert owed_subjects() == {row.subject_id for row in amendments[:3]}
    owe_answers(process=world.process)
    assert Obligation.objects.count() == 3
    assert Entry.objects.filter(kind="answer_owed").count() == 3


def test_above_a_threshold_all_are_owed(world, bob, amendments):
    promise(bob, process=world.process, rule="threshold", number=2, due_at=in_days(30))
    assert apply_promises() == 1, "a threshold counts while positions are open"
    assert owed_subjects() == {amendments[0].subject_id}


def test_the_most_supported_are_known_when_positions_end(world, bob, amendments):
    promise(bob, process=world.process, rule="top", number=1, due_at=in_days(30))
    assert apply_promises() == 0
    end_phases(bob, world.process)
    assert apply_promises() == 1
    assert apply_promises() == 0


def test_withdrawn_contributions_are_owed_nothing_new(world, bob, alice, amendments):
    withdraw_proposal(alice, proposal_id=amendments[0].pk)
    promise(bob, process=world.process, rule="top", number=1, due_at=in_days(30))
    owe_answers(process=world.process)
    assert owed_subjects() == {row.subject_id for row in amendments[1:3]}


def test_an_answer_discharges_the_obligation_and_a_changed_one_keeps_its_moment(
    world, bob, otto, amendments
):
    promise(bob, process=world.process, rule="top", number=1, due_at=in_days(30))
    owe_answers(process=world.process)
    subject_id = amendments[0].subject_id
    first = answer(otto, subject_id=subject_id, decision="adopted", body="We *agree*.")
    obligation = Obligation.objects.get()
    assert obligation.answered_at is not None
    assert "<em>agree</em>" in first.body_html
    answer(otto, subject_id=subject_id, decision="adopted_in_part", body="Half of it.")
    assert Obligation.objects.get().answered_at == obligation.answered_at
    row = Answer.objects.get()
    assert (row.decision, row.answered_at) == ("adopted_in_part", first.answered_at)
    entry = Entry.objects.get(kind="answer_changed")
    assert entry.data["before"] == "adopted"
    answer(otto, subject_id=subject_id, decision="adopted_in_part", body="Half of it.")
    assert Entry.objects.filter(kind="answer_changed").count() == 1, "the same again is no change"


def test_many_are_answered_at_once_or_none(world, otto, olga, amendments):
    ids = [row.subject_id for row in amendments]
    assert refusal(
        answer_many, otto, subject_ids=[*ids, 10**9], decision="refused", body="No."
    ) == ("not_found")
    assert Answer.objects.count() == 0
    rows = answer_many(otto, subject_ids=ids, decision="refused", body="Too wide for the street.")
    assert len(rows) == 4
    assert Entry.objects.filter(kind="answered").count() == 4


def test_only_people_of_the_body_with_the_role_answer(
    world, bob, otto, edith, olga, alice, nobody, amendments
):
    call = {"subject_id": amendments[0].subject_id, "decision": "refused", "body": "No."}
    for actor, code in [
        (nobody, "sign_in_first"),
        (alice, "not_of_this_body"),
        (olga, "not_of_this_body"),
        (edith, "role_too_small"),
    ]:
        assert refusal(answer, actor, **call) == code
    answer(bob, **call)
    close(bob, process=world.process)
    answer(otto, **(call | {"body": "Also after closing."}))


def test_an_answer_needs_a_decision_and_a_reason_kindly_and_firmly(world, otto, amendments):
    subject_id = amendments[0].subject_id
    call = {"subject_id": subject_id}
    assert refusal(answer, otto, decision="perhaps", body="x", **call) == "unknown_decision"
    assert refusal(answer, otto, decision="refused", body=" \n", **call) == "reason_missing"
    answer(otto, decision="refused", body="No.", **call)
    for change in ({"body": ""}, {"decision": "perhaps"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.update(**change)


def test_what_is_late_is_marked_once(world, bob, amendments):
    promise(bob, process=world.process, rule="top", number=1, due_at=in_days(-1))
    owe_answers(process=world.process)
    assert escalate_late() == 1
    assert escalate_late() == 0
    assert Entry.objects.filter(kind="answer_late").count() == 1
    assert Obligation.objects.get().late_at is not None


def test_only_editors_promise_and_not_after_closing(world, bob, otto, alice, amendments):
    call = {"process": world.process, "rule": "top", "number": 1, "due_at": in_days(3)}
    assert refusal(promise, alice, **call) == "not_of_this_body"
    assert refusal(promise, otto, **call) == "role_too_small"
    assert refusal(promise, bob, **(call | {"number": 0})) == "number"
    close(bob, process=world.process)
    assert refusal(promise, bob, **call) == "closed"
