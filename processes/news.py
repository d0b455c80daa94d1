"""Journal entries as news: one sentence each, with the address of what they are about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.texts import localized
from common.ui import words
from processes.kinds import PUBLIC_ENTRIES, EntryKind, process_path, subject_path
from processes.models import Entry, ProcessQuerySet

SHOWN = Q(subject__isnull=True) | Q(
    subject__hidden_at__isnull=True, subject__withdrawn_at__isnull=True
)


@dataclass(frozen=True, slots=True)
class News:
    """What happened: `title` is a sentence, `detail` what was said to it (may be "")."""

    key: int
    kind: str
    title: str
    detail: str
    at: datetime
    href: str
    process_title: str
    process_href: str


def public_entries(processes: ProcessQuerySet) -> Any:
    """The journal of these processes, as far as everyone may read it, newest first."""
    return (
        Entry.objects.filter(SHOWN, kind__in=PUBLIC_ENTRIES, process__in=processes)
        .select_related("process", "subject")
        .order_by("-id")
    )


def news_of(entry: Entry) -> News:
    """The entry as a sentence in the reader's language. Makes no query."""
    prefix = f"/{get_language()}"
    process_href = prefix + process_path(entry.process)
    title, detail, href = _say(entry, process_href)
    if entry.subject is not None:
        href = prefix + subject_path(entry.subject, entry.process.slug)
    name = localized(entry.process.title).text
    return News(entry.pk, entry.kind, title, detail, entry.created_at, href, name, process_href)


def _say(entry: Entry, process_href: str) -> tuple[str, str, str]:
    """Sentence, detail and address of an entry."""
    data = entry.data
    thing = entry.subject.title if entry.subject is not None else ""
    match entry.kind:
        case EntryKind.PROCESS_PUBLISHED:
            return _("Published"), localized(entry.process.summary).text, process_href
        case EntryKind.PROCESS_RESCHEDULED:
            return _("The dates changed"), str(data.get("reason", "")), process_href
        case EntryKind.PROCESS_CLOSED:
            return _("Closed"), str(data.get("reason", "")), process_href
        case EntryKind.RESULTS_PUBLISHED:
            summary = localized(entry.process.results_summary).text
            return _("The results are published"), summary, f"{process_href}results/"
        case EntryKind.VERSION_PUBLISHED:
            number = data.get("version", "")
            sentence = _("Version %(number)s of the text is published") % {"number": number}
            return sentence, "", f"{process_href}draft/?version={number}"
        case EntryKind.PROPOSAL_POSTED:
            return _("Proposed: %(title)s") % {"title": thing}, "", process_href
        case EntryKind.ANSWERED:
            return _("Answered: %(title)s") % {"title": thing}, _decision(data), process_href
        case EntryKind.ANSWER_CHANGED:
            sentence = _("The answer changed: %(title)s") % {"title": thing}
            return sentence, _decision(data), process_href
    return str(EntryKind(entry.kind).label), "", process_href


def _decision(data: dict[str, Any]) -> str:
    return words.decision(str(data.get("decision", "")))
