"""Polls by the clock. Every task may run twice without harm; a sweep finds what was left."""

import structlog
from celery import shared_task

from common.verdicts import Refused
from voting.actions import reminders, stages
from voting.models import Poll
from voting.results import exports

log = structlog.get_logger(__name__)


@shared_task(name="voting.tasks.run_clock")
def run_clock() -> int:
    """Open what is due to open, close what is due to close, count what is closed, and tell whoever has
    not sent an answer that a poll ends soon. How many polls."""
    done = 0
    waiting = Poll.objects.with_timetable().filter(process__published_at__isnull=False)
    for poll in waiting.filter(closed_at__isnull=True):
        try:
            opened = stages.open_poll_if_due(poll)
            done += (opened is not poll) + stages.close_poll_if_due(opened)
        except Refused as refused:
            log.warning("poll_not_opened", poll=poll.pk, code=refused.verdict.code)
    for poll_id in Poll.objects.filter(
        closed_at__isnull=False, counted_at__isnull=True
    ).values_list("pk", flat=True):
        count_poll(poll_id)
        done += 1
    reminders.remind_unfinished()
    return done


@shared_task(name="voting.tasks.count_poll")
def count_poll(poll_id: int) -> bool:
    """Count one closed poll and publish its results. Whether it was this call."""
    return stages.count(poll_id)


@shared_task(name="voting.tasks.stir_secret_polls")
def stir_secret_polls() -> int:
    """Take the order out of the rows of open secret polls. How many."""
    return stages.stir_secret_polls()


@shared_task(name="voting.tasks.make_export")
def make_export(export_id: int) -> bool:
    """Make a file of single answers, or go on where a dead run stopped. Whether it was this call."""
    return exports.run(export_id)


@shared_task(name="voting.tasks.sweep_exports")
def sweep_exports() -> int:
    """Make the files nobody is making, and forget those that are a week old. How many were made."""
    exports.forget_old()
    return sum(exports.run(export_id) for export_id in exports.waiting())
