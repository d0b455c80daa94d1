"""What every page of a consultation begins with: the row, its timetable, its name and its parts."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.prepared import Prepared
from common.texts import localized
from common.ui.timeline import Step
from consultations.models import Consultation
from processes.framing import PublicFrame
from processes.kinds import Activity, Status
from processes.models import phases_of
from processes.permissions import may_read
from processes.timetable import Timetable

_ACTIVITIES: dict[str, Any] = dict(Activity.choices)


@dataclass(frozen=True, slots=True)
class Frame(PublicFrame):
    """A consultation that the reader may see. `href` is its page, ending in a slash."""

    consultation: Consultation

    @property
    def status(self) -> Status:
        """Open, upcoming or closed, by the database's clock."""
        table, process = self.timetable, self.process
        closed = process.closed_at is not None and process.closed_at <= table.now
        if closed or (table.closes_at is not None and table.closes_at <= table.now):
            return Status.CLOSED
        if table.opens_at is None or table.opens_at > table.now:
            return Status.UPCOMING
        return Status.OPEN

    @property
    def tabs(self) -> list[tuple[str, str, None, bool]]:
        """The consultation's pages."""
        names = _tab_names(get_language() or "")
        has_results = self.process.results_published_at is not None
        return [
            (f"{self.href}{path}", names[tab], None, tab == self.current_tab)
            for tab, path in _TABS
            if tab != "results" or has_results
        ]

    @property
    def draft_href(self) -> str:
        return f"{self.href}draft/"

    @property
    def proposals_href(self) -> str:
        return f"{self.href}proposals/"


_TABS = (
    ("overview", ""),
    ("text", "draft/"),
    ("proposals", "proposals/"),
    ("answers", "answers/"),
    ("results", "results/"),
    ("activity", "activity/"),
)


@lru_cache(maxsize=32)
def _tab_names(language: str) -> dict[str, str]:
    return {
        "overview": _("Overview"),
        "text": _("The text"),
        "proposals": _("Proposals"),
        "answers": _("Answers"),
        "results": _("Results"),
        "activity": _("Activity"),
    }


def frame_of(
    user: Any, slug: str, tab: str, *, reads: Prepared[Consultation] | None = None
) -> Frame:
    """The consultation for this reader, or Http404. One query.

    `reads` is the query of a page that needs more of the consultation's own row (`WITH_ABOUT`).
    """
    consultation = (reads or _ROW).first(slug=slug)
    if consultation is None:
        raise Http404
    process = consultation.process
    process.phases_json = consultation.phases_json  # type: ignore[attr-defined]
    process.clock = consultation.clock  # type: ignore[attr-defined]
    if not may_read(user, process):
        raise Http404
    return Frame(
        consultation=consultation,
        process=process,
        href=f"/{get_language()}/consultations/{process.slug}/",
        title=localized(process.title),
        body_name=localized(process.organisation.name),
        current_tab=tab,
    )


def _with_about(slug: str) -> QuerySet[Consultation]:
    return (
        Consultation.objects.select_related("process__organisation", "process__area", "current")
        .defer("process__search", "process__sample", "about")
        .annotate(phases_json=phases_of("process_id"), clock=Now())
        .filter(process__slug=slug)[:1]
    )


def _row(slug: str) -> QuerySet[Consultation]:
    return _with_about(slug).defer("process__search", "process__sample", "about", "about_html")


_ROW: Prepared[Consultation] = Prepared(_row, slug=str)
WITH_ABOUT: Prepared[Consultation] = Prepared(_with_about, slug=str)


def steps(timetable: Timetable) -> list[Step]:
    """The phases as the drawn timeline wants them."""
    return [
        Step(
            title=localized(span.name).text,  # type: ignore[arg-type]
            starts_at=span.opens_at,
            ends_at=span.closes_at,
            opens=" · ".join(
                str(label) for value, label in _ACTIVITIES.items() if value in span.activities
            ),
        )
        for span in timetable.spans
    ]
