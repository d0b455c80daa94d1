"""Phases, publication, dates, closing and results."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from common.verdicts import Refused
from processes.actions import close, publish, publish_results, reschedule, set_phases
from processes.kinds import Activity, Audience, EntryKind
from processes.models import Entry, Phase, Process
from processes.permissions import is_open_for
from tests.scenario import draft_consultation, end_phases, plan

pytestmark = pytest.mark.django_db


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.verdict.code


def test_a_phase_opens_what_it_lists_and_nothing_else(world, alice):
    reschedule_to = plan(activities=[Activity.COMMENT])
    process = world.process
    assert is_open_for(process, Activity.TAKE_POSITION, alice)
    reschedule(process.created_by, process=process, plan=reschedule_to, reason="Only arguing.")
    fresh = Process.objects.with_timetable().get(pk=process.pk)
    assert is_open_for(fresh, Activity.COMMENT, alice)
    assert is_open_for(fresh, Activity.TAKE_POSITION, alice).code == "not_offered"


def test_before_and_after_a_phase_the_refusal_says_when(bob, organisation, alice, world):
    process = world.process
    later = plan(opens_in=timedelta(days=2), closes_in=timedelta(days=3))
    reschedule(bob, process=process, plan=later, reason="Later.")
    verdict = is_open_for(Process.objects.get(pk=process.pk), Activity.COMMENT, alice)
    assert (verdict.code, verdict.status) == ("not_open_yet", 409)
    end_phases(bob, process)
    verdict = is_open_for(Process.objects.get(pk=process.pk), Activity.COMMENT, alice)
    assert (verdict.code, verdict.status) == ("not_open_any_more", 409)


def test_nobody_is_asked_to_sign_in(world, nobody):
    verdict = is_open_for(world.process, Activity.COMMENT, nobody)
    assert (verdict.code, verdict.status) == ("sign_in_first", 401)


def test_residents_only_means_residents_of_the_area_or_below_it(
    world, bob, country, city, village, resident, charlie
):
    process = world.process
    for area, codes in [(city, "ok"), (country, "ok"), (village, "not_a_resident")]:
        phases = plan(audience=Audience.RESIDENTS, area=area)
        reschedule(bob, process=process, plan=phases, reason="For residents.")
        fresh = Process.objects.with_timetable().get(pk=process.pk)
        assert is_open_for(fresh, Activity.COMMENT, resident).code == codes
        assert is_open_for(fresh, Activity.COMMENT, charlie).code == "not_a_resident"


def test_verified_only_means_verified(world, bob, resident, charlie):
    reschedule(
        bob, process=world.process, plan=plan(audience=Audience.VERIFIED), reason="Verified."
    )
    fresh = Process.objects.with_timetable().get(pk=world.process.pk)
    assert is_open_for(fresh, Activity.COMMENT, resident)
    assert is_open_for(fresh, Activity.COMMENT, charlie).code == "not_verified"


def test_the_databases_clock_decides(world, alice):
    """A phase that closed a moment ago by PostgreSQL's clock is closed, whatever Python's says."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE processes_phase SET closes_at = statement_timestamp()")
    fresh = Process.objects.with_timetable().get(pk=world.process.pk)
    assert is_open_for(fresh, Activity.COMMENT, alice).code == "not_open_any_more"


def test_only_owners_and_editors_publish_reschedule_and_close(
    bob, edith, otto, olga, alice, nobody, organisation
):
    process = draft_consultation(bob, organisation).process
    for actor, code in [
        (nobody, "sign_in_first"),
        (alice, "not_of_this_body"),
        (olga, "not_of_this_body"),
        (otto, "role_too_small"),
    ]:
        assert refusal(publish, actor, process=process) == code
        assert refusal(set_phases, actor, process=process, plan=plan()) == code
        assert refusal(reschedule, actor, process=process, plan=plan(), reason="x") == code
        assert refusal(close, actor, process=process) == code
        assert refusal(publish_results, actor, process=process, summary={}) == code
    publish(edith, process=process)
    assert Process.objects.get(pk=process.pk).published_at is not None


def test_the_order_of_a_life_is_publish_close_results(bob, organisation):
    process = draft_consultation(bob, organisation).process
    assert refusal(close, bob, process=process) == "not_published"
    assert refusal(publish_results, bob, process=process, summary={}) == "not_closed"
    publish(bob, process=process)
    assert refusal(publish, bob, process=process) == "already_published"
    close(bob, process=process, reason="Done.")
    assert refusal(close, bob, process=process) == "closed"
    assert refusal(reschedule, bob, process=process, plan=plan(), reason="x") == "closed"
    publish_results(bob, process=process, summary={"en": "Two metres."})
    assert refusal(publish_results, bob, process=process, summary={}) == "already_published"
    kinds = list(
        Entry.objects.filter(process=process).order_by("pk").values_list("kind", flat=True)
    )
    assert kinds == ["process_published", "process_closed", "results_published"]


def test_dates_of_a_published_process_change_only_with_a_reason(world, bob):
    assert refusal(reschedule, bob, process=world.process, plan=plan(), reason=" ") == (
        "reason_missing"
    )
    longer = plan(closes_in=timedelta(days=60))
    reschedule(bob, process=world.process, plan=longer, reason="Many asked for more time.")
    entry = Entry.objects.get(kind=EntryKind.PROCESS_RESCHEDULED)
    assert entry.data["reason"] == "Many asked for more time."
    fresh = Process.objects.get(pk=world.process.pk)
    assert fresh.closes_at == longer[0].closes_at


def test_a_phase_that_ends_before_it_begins_is_refused_kindly_and_firmly(world, bob):
    backwards = plan(opens_in=timedelta(days=2), closes_in=timedelta(days=1))
    assert refusal(reschedule, bob, process=world.process, plan=backwards, reason="x") == (
        "phase_order"
    )
    phase = Phase.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Phase.objects.filter(pk=phase.pk).update(closes_at=phase.opens_at)


def test_the_database_alone_refuses_a_closed_process_that_was_never_published(bob, organisation):
    process = draft_consultation(bob, organisation).process
    with pytest.raises(IntegrityError), transaction.atomic():
        Process.objects.filter(pk=process.pk).update(closed_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Process.objects.filter(pk=process.pk).update(results_published_at=timezone.now())


def test_the_database_alone_keeps_the_journal(world):
    entry = Entry.objects.first()
    with pytest.raises(Exception, match=r"read-only|pgtrigger"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(kind=EntryKind.PROCESS_CLOSED)
    with pytest.raises(Exception, match="pgtrigger"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).delete()
    Entry.objects.filter(pk=entry.pk).update(consumed_at=timezone.now())
