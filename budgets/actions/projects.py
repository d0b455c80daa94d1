"""People propose projects, change them, take them back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from budgets.actions.pictures import Drawing, attach_pictures
from budgets.models import Budget, Category, Envelope, Project, ProjectRevision
from budgets.permissions import (
    is_revision_open,
    may_edit_project,
    may_propose,
    may_withdraw_project,
)
from common.html import html_to_text, render_markdown
from common.resources import NOT_FOUND
from common.ui.money import money
from common.verdicts import Refused, no, require
from common.written import text_within
from processes import counters, journal
from processes.kinds import EntryKind, SubjectKind
from processes.models import Subject

SUBJECT_TEXT = 20_000  # characters of a project that search looks at
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Idea:
    """What somebody writes into the form of a project. `envelope` and `category` are ids.

    Latitude and longitude are WGS 84 degrees, both or neither.
    """

    title: str
    body: str
    envelope: int
    category: int | None = None
    estimate: Decimal | None = None
    place: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    on_behalf_of: str = ""


@dataclass(slots=True)
class _Checked:
    """An idea that may stand: its columns, of the project and of the subject."""

    title: str
    columns: dict[str, Any] = field(default_factory=dict)
    next_number: int = 1


@transaction.atomic
def propose_project(
    actor: Any,
    *,
    budget: Budget | str,
    idea: Idea,
    pictures: Sequence[Drawing] = (),
    language: str = "",
    once: UUID | None = None,
) -> Project:
    """Propose a project. `budget` may be given by its slug. Six queries, and one with pictures.

    The budget's row is locked: numbers follow each other without a gap. Raises IntegrityError
    (project_sent_once) when a form with the number `once` was posted before.
    """
    place = _budget(budget)
    require(may_propose(actor, place))
    if once is not None and Project.objects.filter(once=once).exists():
        raise IntegrityError("project_sent_once")
    checked = _checked(place, idea)
    process, at = place.process, place.process.timetable.now
    subject = Subject.objects.create(
        process=process,
        kind=SubjectKind.PROJECT,
        author=actor,
        title=checked.title,
        text=html_to_text(checked.columns["body_html"], SUBJECT_TEXT),
        language=language or process.languages[0],
        created_at=at,
    )
    project = Project.objects.create(
        budget=place,
        subject=subject,
        number=checked.next_number,
        once=once,
        created_at=at,
        **checked.columns,
    )
    if pictures:
        attach_pictures(actor, project=project, pictures=pictures)
    counters.take_part(process.pk, actor.pk, contributions=1)
    journal.record(EntryKind.PROPOSAL_POSTED, actor=actor, process=process, subject=subject)
    return project


def _budget(budget: Budget | str) -> Budget:
    """The budget with its timetable, its row locked. One query."""
    rows = Budget.objects.with_timetable().select_for_update(of=("self",), no_key=True)
    by_slug = isinstance(budget, str)
    found = rows.filter(
        **({"process__slug": budget} if by_slug else {"pk": budget.pk})  # type: ignore[union-attr]
    ).first()
    if found is None:
        raise Refused(NOT_FOUND)
    found.take_frame()
    return found


def _checked(budget: Budget, idea: Idea) -> _Checked:
    """What may stand of an idea. One query. Raises Refused with the sentence for whoever wrote it."""
    body = text_within(idea.body, empty=_("Describe the project."))
    envelope = _envelope(budget, idea)
    columns = {
        "envelope_id": envelope.pk,
        "category_id": envelope.chosen_category,  # type: ignore[attr-defined]
        "body": body,
        "body_html": render_markdown(body),
        "estimate": _estimate(budget, envelope, idea.estimate),
        "place": text_within(idea.place, limit=200),
        "on_behalf_of": text_within(idea.on_behalf_of, limit=120),
        **_point(idea),
    }
    title = text_within(
        idea.title, limit=settings.TITLE_LIMIT, empty=_("Give the project a title.")
    )
    number = envelope.last_number + 1  # type: ignore[attr-defined]
    return _Checked(" ".join(title.split()), columns, number)


def _envelope(budget: Budget, idea: Idea) -> Envelope:
    """The chosen envelope with `chosen_category` (an id or None) and the `last_number` used. One query."""
    categories = Category.objects.filter(pk=idea.category or 0, budget=OuterRef("budget"))
    last = Project.objects.filter(budget=OuterRef("budget")).order_by().values("budget")
    found = (
        Envelope.objects.filter(pk=idea.envelope, budget=budget)
        .annotate(
            chosen_category=Subquery(categories.values("pk")),
            last_number=Coalesce(
                Subquery(last.annotate(last=Max("number")).values("last")), Value(0)
            ),
        )
        .first()
    )
    if found is None:
        raise Refused(no("no_envelope", _("Choose where the money comes from."), 400))
    if idea.category and found.chosen_category is None:
        raise Refused(no("no_category", _("Choose one of the categories."), 400))
    return found


def _estimate(budget: Budget, envelope: Envelope, estimate: Decimal | None) -> Decimal | None:
    """The estimate in cents, within the budget's bounds and its envelope."""
    if estimate is None:
        return None
    amount = estimate.quantize(_CENT, ROUND_HALF_UP)
    least = budget.smallest_cost or _CENT
    bounds = [bound for bound in (budget.largest_cost, envelope.amount) if bound is not None]
    most = min(bounds)
    if amount < least:
        message = _("A project costs at least %(amount)s.")
        raise Refused(no("too_cheap", message % {"amount": money(least, budget.currency)}, 400))
    if amount > most:
        message = _("A project costs at most %(amount)s.")
        raise Refused(no("too_dear", message % {"amount": money(most, budget.currency)}, 400))
    return amount


def _point(idea: Idea) -> dict[str, Decimal | None]:
    """Where it lies, to about a decimetre; both coordinates or none."""
    if idea.latitude is None and idea.longitude is None:
        return {"latitude": None, "longitude": None}
    if idea.latitude is None or idea.longitude is None:
        raise Refused(no("half_a_place", _("Give both coordinates, or neither."), 400))
    if not (abs(idea.latitude) <= 90 and abs(idea.longitude) <= 180):
        message = _("Latitudes go from -90 to 90, longitudes from -180 to 180.")
        raise Refused(no("not_on_earth", message, 400))
    places = Decimal("0.000001")
    return {
        "latitude": idea.latitude.quantize(places),
        "longitude": idea.longitude.quantize(places),
    }


def project_for(project_id: int) -> Project:
    """A project with all that frames it, its row locked. One query. Raises Refused (404)."""
    rows = Project.objects.with_frame().select_for_update(of=("self",), no_key=True)
    project = rows.filter(pk=project_id).first()
    if project is None:
        raise Refused(NOT_FOUND)
    project.take_frame()
    return project


@transaction.atomic
def edit_project(
    actor: Any, *, project_id: int, idea: Idea, pictures: Sequence[Drawing] = ()
) -> Project:
    """Change one's own project. The earlier text is kept; a revision that was asked for has come."""
    project = project_for(project_id)
    require(may_edit_project(actor, project))
    checked, subject = _checked(project.budget, idea), project.subject
    before = {name: getattr(project, name) for name in checked.columns}
    is_same = before == checked.columns and checked.title == subject.title
    if is_same and not pictures:
        return project
    told = ("body", "estimate")
    if checked.title != subject.title or any(before[n] != checked.columns[n] for n in told):
        ProjectRevision.objects.create(
            project=project, title=subject.title, body=project.body, estimate=project.estimate
        )
    changes: dict[str, Any] = {**checked.columns, "edited_at": Now()}
    if is_revision_open(project):
        changes["revised_at"] = Now()
    Project.objects.filter(pk=project.pk).update(**changes)
    if checked.title != subject.title:
        subject.title, subject.titles = checked.title, {}
    subject.text = html_to_text(checked.columns["body_html"], SUBJECT_TEXT)
    subject.save(update_fields=["title", "titles", "text"])
    if pictures:
        attach_pictures(actor, project=project, pictures=pictures)
    journal.record(
        EntryKind.PROPOSAL_EDITED, actor=actor, process=subject.process_id, subject=subject
    )
    project.refresh_from_db(fields=[*checked.columns, "edited_at", "revised_at"])
    return project


@transaction.atomic
def withdraw_project(actor: Any, *, project_id: int) -> Project:
    """Take one's project back. It stays readable as withdrawn, and so does what was said about it."""
    project = project_for(project_id)
    require(may_withdraw_project(actor, project))
    subject = project.subject
    claimed = Subject.objects.filter(
        pk=subject.pk, withdrawn_at__isnull=True, hidden_at__isnull=True
    ).update(withdrawn_at=Now())
    if claimed:
        subject.refresh_from_db(fields=["withdrawn_at"])
        counters.take_part(subject.process_id, actor.pk, contributions=-1)
        journal.record(
            EntryKind.PROPOSAL_WITHDRAWN, actor=actor, process=subject.process_id, subject=subject
        )
    return project


def move_cosignatures(project_id: int, delta: int) -> bool:
    """Add to a project's co-signatures; False if it stands no longer. One query."""
    rows = Project.objects.standing().filter(pk=project_id)
    changed = Project.objects.filter(pk__in=rows.values("pk"), merged_into__isnull=True)
    return bool(changed.update(cosignature_count=F("cosignature_count") + delta))
