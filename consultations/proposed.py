"""What the page of a proposal shows, in a fixed number of queries whatever has been said."""

from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import JSONObject, Now

from common.prepared import Prepared
from consultations.models import Change, Proposal, Wording
from deliberation.models import Position
from processes.kinds import EntryKind
from processes.models import Entry, phases_of

MOVED = 20  # parts of the text that a contribution is credited with, on its page
_HEAVY = ("search", "sample", "text")


def read_proposal(user: Any, *, slug: str, subject_id: int, language: str) -> Proposal | None:
    """An amendment or a new article with all that frames it.

    Subject (with its frame), author, process, body, official answer, what is owed and the article
    or part it is about are joined; `my_value` is the reader's position, `place` how the current
    text calls the part, best in `language`: {"label", "language"} or None. One query.
    """
    proposal = _PROPOSAL.first(
        slug=slug, subject_id=subject_id, user_id=user.pk or 0, language=language
    )
    if proposal is not None:
        proposal.subject.take_frame(proposal)
    return proposal


def _proposal(slug: str, subject_id: int, user_id: int, language: str) -> QuerySet[Proposal]:
    mine = Position.objects.filter(subject=OuterRef("subject_id"), user=user_id)
    place = Wording.objects.filter(
        section=OuterRef("section_id"), version=OuterRef("consultation__current_id")
    )
    return (
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
            place=Subquery(
                place.order_by(Case(When(language=language, then=0), default=1), "pk").values(
                    row=JSONObject(label="label", language="language")
                )[:1]
            ),
        )[:1]
    )


def moved_by_proposal(subject_id: int) -> list[dict[str, Any]]:
    """The parts of the text that a contribution moved, newest first. One query.

    [{"number", "subject_id", "title", "titles", "title_language", "note"}].
    """
    return _MOVED.all(subject_id=subject_id)


def _moved(subject_id: int) -> QuerySet[Any, Any]:
    return (
        Change.objects.filter(moved_by=subject_id, version__published_at__isnull=False)
        .order_by("-version__number", "pk")
        .values(
            "note",
            number=F("version__number"),
            subject_id=F("section__subject_id"),
            title=F("section__subject__title"),
            titles=F("section__subject__titles"),
            title_language=F("section__subject__language"),
        )[:MOVED]
    )


def hidden_why(subject_id: int) -> dict[str, Any]:
    """{"rule", "reason"} of the moderator's decision that hides a subject. One query."""
    entry = (
        Entry.objects.filter(subject_id=subject_id, kind=EntryKind.HIDDEN, data__thing="subject")
        .order_by("-pk")
        .first()
    )
    return entry.data if entry is not None else {}


_PROPOSAL: Prepared[Proposal] = Prepared(_proposal, slug=str, language=str)
_MOVED: Prepared[dict[str, Any]] = Prepared(_moved)
