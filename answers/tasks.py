"""Promises kept by the clock. Every task may run twice without harm."""

from celery import shared_task
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from answers.actions import escalate_late, owe_answers
from answers.kinds import RuleKind
from processes.kinds import Activity
from processes.models import Phase, Process


@shared_task(name="answers.tasks.mark_late")
def mark_late() -> int:
    """Mark what is late. How many obligations."""
    return escalate_late()


@shared_task(name="answers.tasks.apply_promises")
def apply_promises() -> int:
    """Make the obligations that promises call for. How many were made.

    A threshold counts from publication on; the most supported are known when positions end.
    """
    still_open = Phase.objects.filter(
        process=OuterRef("pk"),
        activities__contains=[Activity.TAKE_POSITION],
        closes_at__gt=Now(),
    )
    running = Process.objects.filter(
        Q(promise__rule=RuleKind.THRESHOLD) | Q(closed_at__isnull=False) | ~Exists(still_open),
        published_at__isnull=False,
        results_published_at__isnull=True,
        promise__isnull=False,
    )
    return sum(len(owe_answers(process=process)) for process in running)
