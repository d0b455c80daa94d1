"""A poll at the desk: who may be here, the way around."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from processes.desk import Frame, framed, pages_of
from processes.kinds import ProcessKind
from voting.desk import reads
from voting.kinds import Eligibility, OpeningPolicy, Secrecy
from voting.models import Poll


@dataclass(slots=True)
class Desk(Frame):
    """A poll at the desk."""

    poll: Poll

    templates: ClassVar[str] = "voting/desk"

    @property
    def stage(self) -> str:
        """See `reads.stage_of`."""
        return reads.stage_of(self.poll)

    @property
    def is_fixed(self) -> bool:
        """Whether what was declared stays: the poll has opened."""
        return self.poll.opened_at is not None

    @property
    def opens_by_hand(self) -> bool:
        return bool(self.poll.opening_policy == OpeningPolicy.HAND)

    def pages(self) -> list[tuple[str, str, str]]:
        pages = [
            ("overview", "", _("Overview")),
            ("questions", "questions/", _("Questions")),
            ("preview", "preview/", _("Preview")),
        ]
        if self.stage != "draft":
            pages.append(("booths", "booths/", _("Booths")))
        if self.stage == "counted" and self.poll.secrecy != Secrecy.CONFIDENTIAL:
            pages.append(("exports", "exports/", _("Single answers")))
        return pages + self._editing_pages() if self.may_edit else pages

    def _editing_pages(self) -> list[tuple[str, str, str]]:
        pages = [
            ("about", "about/", _("Description")),
            ("rules", "rules/", _("Rules")),
        ]
        if self.poll.counted_at is None:
            pages.append(("samples", "samples/", _("Quotas and weights")))
        if self.poll.closed_at is None:
            pages.append(("phases", "phases/", _("Dates")))
            if self.poll.eligibility == Eligibility.INVITED:
                pages.append(("codes", "codes/", _("Invitation codes")))
        pages.append(("copy", "copy/", _("Copy")))
        if self.stage == "draft":
            pages.append(("publish", "publish/", _("Publish")))
        if self.stage == "open":
            pages.append(("close", "close/", _("Close")))
        return pages


def desk_of(user: Any, slug: str, tab: str) -> Desk:
    """The poll for somebody who works for its body (see `framed`). One query."""
    rows = Poll.objects.with_timetable().select_related("copied_from__process")
    rows = rows.defer("copied_from__process__search", "copied_from__process__sample")
    poll = rows.filter(process__slug=slug, process__kind=ProcessKind.POLL).first()
    frame = framed(user, poll and poll.process, tab)
    process = poll.process
    process.phases_json, process.clock = poll.phases_json, poll.clock
    return Desk(poll=poll, **frame)


desk_page = pages_of(desk_of)
