"""Budgets by the clock. Every task may run twice without harm: what was done is written on its row."""

from celery import shared_task

from budgets.actions import expiring, handing_out, sweeping


@shared_task(name="budgets.tasks.mark_late")
def mark_late() -> int:
    """Mark assessments that are late; whoever has them and the coordinators are told. How many."""
    return handing_out.mark_late()


@shared_task(name="budgets.tasks.end_mergers")
def end_mergers() -> int:
    """End requests for mergers that nobody answered in time. How many."""
    return expiring.end_mergers()


@shared_task(name="budgets.tasks.sweep_pictures")
def sweep_pictures() -> int:
    """Delete files that no picture shows. How many."""
    return sweeping.sweep_pictures()
