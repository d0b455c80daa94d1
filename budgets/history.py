"""What happened to a project, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from common.texts import Localized, Phrase, localized
from common.ui.tongues import phrase
from processes.kinds import EntryKind
from processes.models import Entry

_PARTS = ("from", "to")


@dataclass(frozen=True, slots=True)
class Event:
    """One line: a sentence, what was said to it, when, and where it leads ("": nowhere)."""

    title: Phrase
    detail: Localized
    at: datetime
    href: str = ""


def events(entries: Iterable[Entry], href: str) -> list[Event]:
    """Journal entries of a project as lines, in the same order. `href` is the budget's page."""
    return [_event(entry, href) for entry in entries]


def _event(entry: Entry, href: str) -> Event:
    data = entry.data
    detail = Localized(str(data.get("reason", "")), str(data.get("language", "")))
    title, leads = _sentence(entry), ""
    if entry.kind == EntryKind.PROJECTS_MERGED and data.get("into"):
        leads = f"{href}projects/{int(data['into'])}/"
    return Event(title, detail, entry.created_at, leads)


def _sentence(entry: Entry) -> Phrase:
    data = entry.data
    if entry.kind == EntryKind.PROJECT_MOVED:
        start, end = (localized(data.get(part) or "") for part in _PARTS)
        return phrase(_("Moved from %(start)s to %(end)s"), start=start, end=end)
    if entry.kind == EntryKind.PROJECT_ASSESSED:
        return phrase(_("Found feasible") if data.get("feasible") else _("Found not feasible"))
    words = {
        EntryKind.PROPOSAL_POSTED: _("Proposed"),
        EntryKind.PROPOSAL_EDITED: _("Changed by its author"),
        EntryKind.PROPOSAL_WITHDRAWN: _("Withdrawn by its author"),
        EntryKind.PROJECTS_MERGED: _("Merged into another project"),
        EntryKind.PROJECT_PROGRESSED: _("News from the work"),
        EntryKind.PROJECT_DELAYED: _("Delayed"),
        EntryKind.PROJECT_BUILT: _("Completed"),
        EntryKind.PROJECT_CANCELLED: _("Given up"),
    }
    said = words.get(EntryKind(entry.kind)) or str(EntryKind(entry.kind).label)
    return phrase(said)
