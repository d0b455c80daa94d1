"""What administrators see of polls: where they stand, never who voted or what.

There are no pages for turnout, ballots, drafts, invitations, sheets or corrections, and nothing here
can be changed: who runs a poll does it at the desk.
"""

from django.contrib import admin
from django.db.models import QuerySet

from common.admin import ReadOnly
from voting.models import Booth, Outcome, Poll


@admin.register(Poll)
class PollAdmin(ReadOnly):
    """The number of voters is not shown: while a poll is open it may be nobody's to know."""

    list_display = (
        "process",
        "kind",
        "secrecy",
        "results_policy",
        "opened_at",
        "closed_at",
        "counted_at",
    )
    list_filter = ("kind", "secrecy")
    list_select_related = ("process",)
    fields = (
        "process",
        "kind",
        "secrecy",
        "results_policy",
        "change_policy",
        "eligibility",
        "opening_policy",
        "definition_digest",
        "opened_at",
        "closed_at",
        "counted_at",
        "root",
    )


@admin.register(Booth)
class BoothAdmin(ReadOnly):
    list_display = ("name", "poll", "channel", "ended_at")
    list_select_related = ("poll",)
    fields = ("poll", "name", "place", "channel", "created_at", "ended_at", "end_reason")


@admin.register(Outcome)
class OutcomeAdmin(ReadOnly):
    """That something was counted, and of which digest; results are read where everybody reads them."""

    list_display = ("poll", "question", "method", "version", "counted_at")
    list_select_related = ("poll",)
    fields = ("poll", "question", "method", "version", "input_digest", "counted_at")

    def get_queryset(self, request: object) -> QuerySet[Outcome]:
        rows: QuerySet[Outcome] = super().get_queryset(request)  # type: ignore[arg-type]
        return rows.defer("result")
