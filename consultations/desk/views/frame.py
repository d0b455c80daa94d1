"""A consultation at the desk: who may be here, the way around."""

from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from consultations.models import Consultation
from processes.desk import Frame, framed, pages_of
from processes.models import phases_of


@dataclass(slots=True)
class Desk(Frame):
    """A consultation at the desk."""

    consultation: Consultation

    @property
    def stage(self) -> str:
        """draft, running, closed or done."""
        process = self.process
        if process.published_at is None:
            return "draft"
        if process.closed_at is None:
            return "running"
        return "closed" if process.results_published_at is None else "done"

    def pages(self) -> list[tuple[str, str, str]]:
        pages = [("overview", "", _("Overview"))]
        if self.stage != "draft":
            pages.append(("queue", "queue/", _("Contributions")))
        return pages + self._editing_pages() if self.may_edit else pages

    def _editing_pages(self) -> list[tuple[str, str, str]]:
        pages = [
            ("about", "about/", _("Description")),
            ("text", "text/", _("The text")),
        ]
        if self.stage in ("draft", "running"):
            pages += [
                ("phases", "phases/", _("Phases")),
                ("promise", "promise/", _("The promise")),
            ]
        last = {
            "draft": ("publish", "publish/", _("Publish")),
            "running": ("close", "close/", _("Close")),
            "closed": ("results", "results/", _("Results")),
        }.get(self.stage)
        return [*pages, last] if last else pages


def desk_of(user: Any, slug: str, tab: str) -> Desk:
    """The consultation for somebody who works for its body (see `framed`). One query."""
    rows = (
        Consultation.objects.select_related("process__organisation", "process__area", "current")
        .defer("process__search", "process__sample")
        .annotate(phases_json=phases_of("process_id"), clock=Now())
    )
    consultation = rows.filter(process__slug=slug).first()
    frame = framed(user, consultation and consultation.process, tab)
    process = consultation.process
    process.phases_json, process.clock = consultation.phases_json, consultation.clock
    return Desk(consultation=consultation, **frame)


desk_page = pages_of(desk_of)
