"""What the page of a proposal shows, in a fixed number of queries whatever has been said."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now

from consultations.models import Change, Proposal, Wording
from deliberation.models import Position
from processes.kinds import EntryKind
from processes.models import Entry, phases_of

_HEAVY = ("search", "sample", "text")


def read_proposal(user: Any, *, slug: str, subject_id: int) -> Proposal | None:
    """An amendment or a new article with all that frames it.

    Subject (with its frame), author, process, body, official answer, what is owed and the article
    or part it is about are joined; `my_value` is the reader's position, `place` how the current
    text calls the part. One query.
    """
    mine = Position.objects.filter(subject=OuterRef("subject_id"), user=user.pk)
    place = Wording.objects.filter(
        section=OuterRef("section_id"), version=OuterRef("consultation__current_id")
    )
    proposal = (
        Proposal.objects.filter(subject_id=subject_id, consultation__process__slug=slug)
        .select_related(
            "subject__process__organisation",
            "subject__author",
            "subject__answer__author",
            "subject__obligation",
            "consultation",
            "section__subject",
            "wording__version",
        )
        .defer(
            *(f"subject__{name}" for name in _HEAVY),
            *(f"section__subject__{name}" for name in _HEAVY),
            "subject__process__search",
            "subject__process__sample",
            "consultation__about",
            "consultation__about_html",
            "wording__body_html",
            "wording__explanation",
            "wording__explanation_html",
            "wording__law_changes",
        )
        .annotate(
            phases_json=phases_of("subject__process_id"),
            clock=Now(),
            my_value=Subquery(mine.values("value")),
            place=Subquery(place.order_by("pk").values("label")[:1]),
        )
        .first()
    )
    if proposal is not None:
        proposal.subject.take_frame(proposal)
    return proposal


def moved_by_proposal(subject_id: int, limit: int = 20) -> list[dict[str, Any]]:
    """The parts of the text that a contribution moved, newest first. One query."""
    rows = (
        Change.objects.filter(moved_by=subject_id, version__published_at__isnull=False)
        .order_by("-version__number", "pk")
        .values_list("version__number", "section__subject_id", "section__subject__title", "note")
    )
    names = ("number", "subject_id", "title", "note")
    return [dict(zip(names, row, strict=True)) for row in rows[:limit]]


def hidden_why(subject_id: int) -> dict[str, Any]:
    """{"rule", "reason"} of the moderator's decision that hides a subject. One query."""
    entry = (
        Entry.objects.filter(subject_id=subject_id, kind=EntryKind.HIDDEN, data__thing="subject")
        .order_by("-pk")
        .first()
    )
    return entry.data if entry is not None else {}
