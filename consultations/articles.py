"""What the page of an article shows, in a fixed number of queries whatever has been said."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject, Now

from common.prepared import Prepared
from common.texts import named
from consultations.drafting.model import LEAVES
from consultations.kinds import ProposalKind
from consultations.models import Change, Proposal, Wording
from deliberation.models import Position, Source
from processes.models import phases_of

TOP = 5  # amendments and sources on the page of an article; the rest is one click away
MOVED_BY = 40  # contributions that a change is credited to, on that page
_HEAVY = ("search", "sample", "text")
_SOURCE = (
    "title", "url", "category", "note", "language", "created_at",
    "author", "author__name", "author__closed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The article before or after."""

    subject_id: int
    label: str
    heading: str


def read_article(user: Any, *, slug: str, subject_id: int, language: str) -> Wording | None:
    """The newest public wording of an article, best in `language`, with all that frames it.

    The wording's section, subject (with its frame), process, body and official answer are joined;
    `my_value` is the reader's position, `before` and `after` the neighbours, `languages` those in
    which the text exists. One query.
    """
    wording = _ARTICLE.first(
        slug=slug, subject_id=subject_id, language=language, user_id=user.pk or 0
    )
    if wording is not None and wording.section.subject is not None:
        wording.section.subject.take_frame(wording)
    return wording


def _article(slug: str, subject_id: int, language: str, user_id: int) -> QuerySet[Wording]:
    mine = Position.objects.filter(subject=OuterRef("section__subject_id"), user=user_id)
    return (
        Wording.objects.filter(
            section__subject_id=subject_id,
            section__consultation__process__slug=slug,
            version__published_at__isnull=False,
        )
        .select_related(
            "version",
            "section__consultation",
            "section__subject__process__organisation",
            "section__subject__answer__author",
        )
        .defer(
            *(f"section__subject__{name}" for name in _HEAVY),
            "section__subject__process__search",
            "section__subject__process__sample",
            "section__consultation__about",
            "section__consultation__about_html",
        )
        .annotate(
            phases_json=phases_of("section__subject__process_id"),
            clock=Now(),
            my_value=Subquery(mine.values("value")),
            languages=ArraySubquery(
                Wording.objects.filter(version=OuterRef("version"), section=OuterRef("section"))
                .order_by("language")
                .values("language")
            ),
            before=_neighbour("order__lt", "-order"),
            after=_neighbour("order__gt", "order"),
        )
        .order_by(
            "-version__number",
            Case(When(language=language, then=Value(0)), default=Value(1)),
            "order",
        )[:1]
    )


def _neighbour(condition: str, order: str) -> Subquery:
    return Subquery(
        Wording.objects.filter(
            version=OuterRef("version"),
            language=OuterRef("language"),
            section__kind__in=LEAVES,
            **{condition: OuterRef("order")},
        )
        .order_by(order)
        .values(row=JSONObject(subject="section__subject_id", label="label", heading="heading"))[:1]
    )


def top_amendments(subject_id: int) -> list[dict[str, Any]]:
    """The most supported amendments to an article that stand. One query."""
    return _AMENDMENTS.all(subject_id=subject_id)


def _amendments(subject_id: int) -> QuerySet[Any, Any]:
    return (
        Proposal.objects.filter(
            kind=ProposalKind.AMENDMENT,
            subject__parent_id=subject_id,
            subject__kind=ProposalKind.AMENDMENT,
        )
        .standing()
        .order_by("-subject__agree_count", "-subject_id")
        .values(
            "subject_id",
            "diff_html",
            "reason_html",
            "created_at",
            title=F("subject__title"),
            titles=F("subject__titles"),
            language=F("subject__language"),
            agree=F("subject__agree_count"),
            mixed=F("subject__mixed_count"),
            disagree=F("subject__disagree_count"),
            comments=F("subject__comment_count"),
            author_id=F("subject__author_id"),
            author_name=F("subject__author__name"),
            author_closed_at=F("subject__author__closed_at"),
            decision=F("subject__answer__decision"),
            due_at=F("subject__obligation__due_at"),
            late_at=F("subject__obligation__late_at"),
        )[:TOP]
    )


def newest_sources(subject_id: int) -> list[Source]:
    """The newest sources that stand. One query."""
    return _SOURCES.all(subject_id=subject_id)


def _sources(subject_id: int) -> QuerySet[Source]:
    return (
        Source.objects.filter(
            subject_id=subject_id, hidden_at__isnull=True, withdrawn_at__isnull=True
        )
        .select_related("author")
        .only(*_SOURCE)
        .order_by("-id")[:TOP]
    )


def changes_of(section_id: int) -> list[dict[str, Any]]:
    """What became of a section from version to version, newest first, each with what moved it.

    [{"number", "kind", "note", "note_language", "diff_html", "language",
    "moved_by": [(subject id, title, kind), ...]}], titles being Localized. One query.
    """
    rows = _CHANGES.all(section_id=section_id)
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        change = found.setdefault(
            row["pk"],
            {
                "number": row["version__number"],
                "kind": row["kind"],
                "note": row["note"],
                "note_language": row["note_language"],
                "diff_html": row["diff_html"],
                "language": row["language"],
                "moved_by": [],
            },
        )
        if row["moved_by__id"] is not None:
            title = named(
                row["moved_by__title"], row["moved_by__language"], row["moved_by__titles"]
            )
            moved = (row["moved_by__id"], title, row["moved_by__kind"])
            change["moved_by"].append(moved)
    return list(found.values())


def _changes(section_id: int) -> QuerySet[Any, Any]:
    return (
        Change.objects.filter(section_id=section_id, version__published_at__isnull=False)
        .order_by("-version__number", "moved_by__id")
        .values(
            "pk",
            "version__number",
            "kind",
            "note",
            "note_language",
            "diff_html",
            "language",
            "moved_by__id",
            "moved_by__title",
            "moved_by__titles",
            "moved_by__language",
            "moved_by__kind",
        )[:MOVED_BY]
    )


_ARTICLE: Prepared[Wording] = Prepared(_article, slug=str, language=str)
_AMENDMENTS: Prepared[dict[str, Any]] = Prepared(_amendments)
_SOURCES: Prepared[Source] = Prepared(_sources)
_CHANGES: Prepared[dict[str, Any]] = Prepared(_changes)
