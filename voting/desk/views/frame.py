"""A poll at the desk: who may be here, the way around."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.texts import Crumb
from processes.desk import Frame, framed, pages_of
from processes.kinds import ProcessKind, process_path
from voting.desk import reads
from voting.kinds import ON_PAGES, Eligibility, OpeningPolicy, Secrecy
from voting.models import Poll

# Pages of this desk that serve the poll of a budget too; all others stand at the budget's own desk.
FOR_ALL = frozenset({"preview", "codes", "exports"})


@dataclass(slots=True)
class Desk(Frame):
    """A poll at the desk. `home_href` is the desk of its process, another one for a budget."""

    poll: Poll
    home_href: str = ""

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

    @property
    def crumbs(self) -> list[Crumb]:
        desk: Crumb = (f"/{get_language()}/desk/", _("Desk"))
        return [desk] if self.tab == "overview" else [desk, (self.home_href, self.title)]

    def pages(self) -> list[tuple[str, str, str]]:
        if self.home_href != self.href:
            return self._ballot_pages()
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

    def _ballot_pages(self) -> list[tuple[str, str, str]]:
        """What a budget's poll has here."""
        pages = [("preview", "preview/", _("Preview"))]
        if self.stage != "draft":
            pages.append(("booths", "booths/", _("Booths")))
        if self.may_edit and self.poll.closed_at is None and self._has_codes:
            pages.append(("codes", "codes/", _("Invitation codes")))
        if self.stage == "counted" and self.poll.secrecy != Secrecy.CONFIDENTIAL:
            pages.append(("exports", "exports/", _("Single answers")))
        return pages

    @property
    def _has_codes(self) -> bool:
        return bool(self.poll.eligibility == Eligibility.INVITED)

    def _editing_pages(self) -> list[tuple[str, str, str]]:
        pages = [
            ("about", "about/", _("Description")),
            ("rules", "rules/", _("Rules")),
        ]
        if self.poll.counted_at is None:
            pages.append(("samples", "samples/", _("Quotas and weights")))
        if self.poll.closed_at is None:
            pages.append(("phases", "phases/", _("Dates")))
            if self._has_codes:
                pages.append(("codes", "codes/", _("Invitation codes")))
        pages.append(("copy", "copy/", _("Copy")))
        if self.stage == "draft":
            pages.append(("publish", "publish/", _("Publish")))
        if self.stage == "open":
            pages.append(("close", "close/", _("Close")))
        return pages


def desk_of(user: Any, slug: str, tab: str) -> Desk:
    """The poll for somebody who works for its body (see `framed`). One query.

    A budget's poll is here only for what is the same for all (see FOR_ALL).
    """
    rows = Poll.objects.with_timetable().select_related("copied_from__process")
    rows = rows.defer("copied_from__process__search", "copied_from__process__sample")
    kinds = ON_PAGES if tab in FOR_ALL else (ProcessKind.POLL,)
    poll = rows.filter(process__slug=slug, process__kind__in=kinds).order_by("pk").first()
    frame = framed(user, poll and poll.process, tab)
    process = poll.process
    process.phases_json, process.clock = poll.phases_json, poll.clock
    home = f"/{get_language()}/desk{process_path(process)}"
    frame["href"] = f"/{get_language()}/desk/polls/{process.slug}/"
    return Desk(poll=poll, home_href=home, **frame)


desk_page = pages_of(desk_of)
