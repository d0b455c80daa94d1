"""What the pages of a budget read, in a fixed number of queries whatever there is."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Cast, JSONObject

from budgets.models import (
    Budget,
    Category,
    Conflict,
    Cosignature,
    Envelope,
    MergeRequest,
    Picture,
    Project,
)
from common.prepared import Prepared
from common.texts import Localized, localized, named
from deliberation.models import Position, Source
from processes.kinds import PUBLIC_ENTRIES, EntryKind
from processes.models import Entry, Subject

SOURCES = 5  # on the page of a project; the rest is one click away
NEWS = 30  # lines of a project's own history
_HEAVY = ("search", "sample", "text")


@dataclass(frozen=True, slots=True)
class Pot:
    """An envelope as pages show it."""

    pk: int
    key: str
    title: Localized
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Theme:
    """A category as pages show it."""

    pk: int
    key: str
    title: Localized


def _pots(budget: str) -> ArraySubquery:
    rows = Envelope.objects.filter(budget=OuterRef(budget)).order_by("order", "pk")
    amount = Cast("amount", CharField())  # exact: a number in JSON would be a float
    return ArraySubquery(rows.values(row=JSONObject(pk="pk", key="key", title="title", sum=amount)))


def _themes(budget: str) -> ArraySubquery:
    rows = Category.objects.filter(budget=OuterRef(budget)).order_by("order", "pk")
    return ArraySubquery(rows.values(row=JSONObject(pk="pk", key="key", title="title")))


def _is_set(column: str) -> ExpressionWrapper:
    return ExpressionWrapper(Q(**{f"{column}__isnull": False}), output_field=BooleanField())


def pots_of(budget: Budget) -> list[Pot]:
    """Its envelopes in order. No query on a row read here, else one."""
    if hasattr(budget, "pots_json"):
        rows: list[dict[str, Any]] = budget.pots_json
        return [Pot(r["pk"], r["key"], localized(r["title"]), Decimal(r["sum"])) for r in rows]
    return [Pot(e.pk, e.key, localized(e.title), e.amount) for e in budget.envelope_list]


def themes_of(budget: Budget) -> list[Theme]:
    """Its categories in order. No query on a row read here, else one."""
    if hasattr(budget, "themes_json"):
        rows: list[dict[str, Any]] = budget.themes_json
        return [Theme(r["pk"], r["key"], localized(r["title"])) for r in rows]
    return [Theme(c.pk, c.key, localized(c.title)) for c in budget.categories.all()]


def _with_about(slug: str) -> QuerySet[Budget]:
    """A budget with timetable, envelopes (`pots_json`) and categories (`themes_json`)."""
    rows = (
        Budget.objects.with_timetable()
        .filter(process__slug=slug)
        .defer("process__search", "process__sample", "poll__definition", "boundaries", "about")
    )
    located = Project.objects.standing().filter(budget=OuterRef("pk"), latitude__isnull=False)
    return rows.annotate(
        pots_json=_pots("pk"),
        themes_json=_themes("pk"),
        is_drawn=_is_set("boundaries"),
        is_located=Exists(located),
    )[:1]


def _budget(slug: str) -> QuerySet[Budget]:
    return _with_about(slug).defer(
        "process__search", "process__sample", "poll__definition", "boundaries", "about",
        "about_html",
    )  # fmt: skip


BUDGET: Prepared[Budget] = Prepared(_budget, slug=str)
WITH_ABOUT: Prepared[Budget] = Prepared(_with_about, slug=str)


def _pictures(project: str) -> QuerySet[Any, Any]:
    return Picture.objects.filter(
        project=OuterRef(project), report__isnull=True, removed_at__isnull=True
    ).order_by("pk")


FIRST_PICTURE = Subquery(_pictures("project__pk").values(row=JSONObject(pk="pk", alt="alt"))[:1])
_PICTURE = JSONObject(pk="pk", alt="alt", width="width", height="height", by="added_by_id")
_NAME = JSONObject(
    subject="subject_id",
    number="number",
    title="subject__title",
    titles="subject__titles",
    language="subject__language",
)


def read_project(user: Any, *, slug: str, subject_id: int) -> Project | None:
    """A project with all that frames it and all small things that its page shows. One query.

    `my_value` is the reader's position, `has_signed` and `follows` what they did; as lists of JSON
    objects `pictures_json`, `merged_json` (projects merged into it), `rivals_json` (of which at most
    one can be chosen with it: {"reason", "language", "projects"}) and `asked_json` (mergers that wait).
    """
    project = _PROJECT.first(slug=slug, subject_id=subject_id, user_id=user.pk or 0)
    if project is not None:
        project.take_frame()
    return project


def _project(slug: str, subject_id: int, user_id: int) -> QuerySet[Project]:
    mine = Position.objects.filter(subject=OuterRef("subject_id"), user=user_id)
    signed = Cosignature.objects.filter(project=OuterRef("pk"), user=user_id)
    follow = Subject.objects.filter(pk=OuterRef("subject_id"), followers__user=user_id)
    rows = Project.objects.with_frame().filter(subject_id=subject_id, budget__process__slug=slug)
    return rows.annotate(
        my_value=Subquery(mine.values("value")),
        has_signed=Exists(signed),
        follows=Exists(follow),
        pictures_json=ArraySubquery(_pictures("pk").values(row=_PICTURE)),
        merged_json=ArraySubquery(
            Project.objects.filter(merged_into=OuterRef("pk"), subject__hidden_at__isnull=True)
            .order_by("number")
            .values(row=_NAME)
        ),
        rivals_json=ArraySubquery(_rivals()),
        asked_json=ArraySubquery(_asked()),
        pots_json=_pots("budget_id"),
        themes_json=_themes("budget_id"),
        is_drawn=_is_set("budget__boundaries"),
    )[:1]


def _rivals() -> QuerySet[Any, Any]:
    """The conflicts that a project is in, each with its other projects."""
    others = (
        Project.objects.filter(conflicts=OuterRef("pk"))
        .exclude(pk=OuterRef(OuterRef("pk")))
        .order_by("number")
    )
    return (
        Conflict.objects.filter(projects=OuterRef("pk"))
        .order_by("pk")
        .values(
            row=JSONObject(
                reason="reason", language="language", projects=ArraySubquery(others.values(n=_NAME))
            )
        )
    )


def _asked() -> QuerySet[Any, Any]:
    """Mergers that a project is asked about and that wait for an answer."""
    rows = MergeRequest.objects.filter(
        Q(project=OuterRef("pk")) | Q(into=OuterRef("pk")),
        merged_at__isnull=True,
        refused_at__isnull=True,
    )
    return rows.order_by("pk").values(row=JSONObject(pk="pk", expires_at="expires_at"))


_PROJECT: Prepared[Project] = Prepared(_project, slug=str)


def name_of(row: dict[str, Any]) -> Localized:
    """The title in one of the lists of `read_project`, for the reader."""
    return named(row["title"], row["language"], row["titles"])


def newest_sources(subject_id: int) -> list[Source]:
    """The newest sources that stand. One query."""
    return _SOURCES.all(subject_id=subject_id)


def _sources(subject_id: int) -> QuerySet[Source]:
    return (
        Source.objects.filter(
            subject_id=subject_id, hidden_at__isnull=True, withdrawn_at__isnull=True
        )
        .select_related("author")
        .only("title", "url", "category", "note", "language", "created_at", "author__name",
              "author__closed_at")
        .order_by("-id")[:SOURCES]
    )  # fmt: skip


_SOURCES: Prepared[Source] = Prepared(_sources)


def history_of(subject_id: int) -> list[Entry]:
    """What everybody may know of what happened to a project, newest first. One query."""
    return _HISTORY.all(subject_id=subject_id)


def _history(subject_id: int) -> QuerySet[Entry]:
    kinds = sorted({*PUBLIC_ENTRIES, EntryKind.PROPOSAL_EDITED, EntryKind.PROPOSAL_WITHDRAWN})
    rows = Entry.objects.filter(subject=subject_id, kind__in=kinds).order_by("-id")
    return rows.only("kind", "data", "created_at")[:NEWS]


_HISTORY: Prepared[Entry] = Prepared(_history)


def hidden_why(subject_id: int) -> dict[str, Any]:
    """{"rule", "reason"} of the moderator's decision that hides a project. One query."""
    entry = (
        Entry.objects.filter(subject_id=subject_id, kind=EntryKind.HIDDEN, data__thing="subject")
        .order_by("-pk")
        .first()
    )
    return entry.data if entry is not None else {}


def counts_of(budget_id: int) -> dict[str, int]:
    """{"projects", "chosen", "built"} that stand, and "signatures". One query."""
    return _COUNTS.first(budget_id=budget_id) or {}


def _counts(budget_id: int) -> QuerySet[Any, Any]:
    rows = Project.objects.standing().filter(budget=budget_id).order_by().values("budget")
    return rows.annotate(
        projects=Count("pk"),
        chosen=Count("chosen_at"),
        built=Count("built_on"),
        signatures=Sum("cosignature_count"),
    ).values("projects", "chosen", "built", "signatures")


_COUNTS: Prepared[dict[str, int]] = Prepared(_counts)


def latest_of(budget_id: int) -> list[Subject]:
    """The newest projects that stand. One query."""
    return _LATEST.all(budget_id=budget_id)


def _latest(budget_id: int) -> QuerySet[Subject]:
    rows = Subject.objects.standing().filter(
        project__budget=budget_id, project__merged_into__isnull=True
    )
    return (
        rows.annotate(number=F("project__number"))
        .order_by("-pk")
        .only("title", "titles", "language", "created_at")[:5]
    )


_LATEST: Prepared[Subject] = Prepared(_latest)
