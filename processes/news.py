"""Journal entries as news: one sentence each, with the address of what they are about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common.texts import Localized, Phrase, localized
from common.ui import words
from common.ui.tongues import phrase
from processes.kinds import PUBLIC_ENTRIES, EntryKind, process_path, subject_path
from processes.models import Entry, ProcessQuerySet

SHOWN = Q(subject__isnull=True) | Q(
    subject__hidden_at__isnull=True, subject__withdrawn_at__isnull=True
)
# One of many that are news together: an entry of their own says it.
IN_TOGETHER = Q(kind=EntryKind.PROJECT_ASSESSED, data__has_key="together")


@dataclass(frozen=True, slots=True)
class News:
    """What happened: `title` is a sentence, `detail` what was said to it (may be empty)."""

    key: int
    kind: str
    title: Phrase
    detail: Localized | str
    at: datetime
    href: str
    process_title: Localized
    process_href: str


def public_entries(processes: ProcessQuerySet) -> Any:
    """The journal of these processes, as far as everyone may read it, newest first."""
    return (
        Entry.objects.filter(SHOWN, ~IN_TOGETHER, kind__in=PUBLIC_ENTRIES, process__in=processes)
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
    name = localized(entry.process.title)
    return News(entry.pk, entry.kind, title, detail, entry.created_at, href, name, process_href)


def _say(entry: Entry, process_href: str) -> tuple[Phrase, Localized | str, str]:
    """Sentence, detail and address of an entry."""
    data = entry.data
    thing = entry.subject.shown if entry.subject is not None else Localized("", "")
    reason = Localized(str(data.get("reason", "")), str(data.get("language", "")))
    match entry.kind:
        case EntryKind.PROCESS_PUBLISHED:
            return phrase(_("Published")), localized(entry.process.summary), process_href
        case EntryKind.PROCESS_RESCHEDULED:
            return phrase(_("The dates changed")), reason, process_href
        case EntryKind.PROCESS_CLOSED:
            return phrase(_("Closed")), reason, process_href
        case EntryKind.RESULTS_PUBLISHED:
            summary = localized(entry.process.results_summary)
            return phrase(_("The results are published")), summary, f"{process_href}results/"
        case EntryKind.VERSION_PUBLISHED:
            number = data.get("version", "")
            sentence = phrase(_("Version %(number)s of the text is published"), number=number)
            return sentence, "", f"{process_href}draft/?version={number}"
        case EntryKind.ANSWERED:
            return phrase(_("Answered: %(title)s"), title=thing), _decision(data), process_href
        case EntryKind.ANSWER_CHANGED:
            sentence = phrase(_("The answer changed: %(title)s"), title=thing)
            return sentence, _decision(data), process_href
    if say_many := _MANY.get(entry.kind):
        sentence, said, page = say_many(data)
        return sentence, said, f"{process_href}{page}"
    if words_of_thing := _PROPOSED.get(entry.kind):
        return phrase(words_of_thing(data), title=thing), reason, process_href
    return phrase(str(EntryKind(entry.kind).label)), "", process_href


def _chosen(data: dict[str, Any]) -> tuple[Phrase, str, str]:
    number = int(data.get("count", 0))
    words_of_count = ngettext(
        "The votes are counted: %(count)s project was chosen",
        "The votes are counted: %(count)s projects were chosen",
        number,
    )
    return phrase(words_of_count, count=words.count(number)), "", "results/"


def _decided(data: dict[str, Any]) -> tuple[Phrase, str, str]:
    """How many were assessed, and how many of them can be done."""
    number, feasible = int(data.get("count", 0)), int(data.get("feasible", 0))
    sentence = ngettext("%(count)s project is assessed", "%(count)s projects are assessed", number)
    can = ngettext("%(count)s can be done.", "%(count)s can be done.", feasible)
    cannot = ngettext("%(count)s cannot be done.", "%(count)s cannot be done.", number - feasible)
    parts = [(feasible, can), (number - feasible, cannot)]
    said = [text % {"count": words.count(part)} for part, text in parts if part]
    return phrase(sentence, count=words.count(number)), " ".join(said), "projects/"


# What is said of many projects at once: a function (data) -> sentence, detail, page of the process.
_MANY: dict[str, Callable[[dict[str, Any]], tuple[Phrase, str, str]]] = {
    EntryKind.PROJECTS_CHOSEN: _chosen,
    EntryKind.DECISIONS_PUBLISHED: _decided,
}


def _assessed(data: dict[str, Any]) -> str:
    return (
        _("It can be done: %(title)s")
        if data.get("feasible")
        else _("It cannot be done: %(title)s")
    )


# What is said of a proposal or project: a function (data of the entry) -> words with %(title)s.
_PROPOSED: dict[str, Callable[[dict[str, Any]], str]] = {
    EntryKind.PROPOSAL_POSTED: lambda data: _("Proposed: %(title)s"),
    EntryKind.PROJECTS_MERGED: lambda data: _("Merged into another project: %(title)s"),
    EntryKind.PROJECT_MOVED: lambda data: _("Moved to another place in the budget: %(title)s"),
    EntryKind.PROJECT_ASSESSED: _assessed,
    EntryKind.PROJECT_PROGRESSED: lambda data: _("News of a project: %(title)s"),
    EntryKind.PROJECT_DELAYED: lambda data: _("It takes longer: %(title)s"),
    EntryKind.PROJECT_BUILT: lambda data: _("Completed: %(title)s"),
    EntryKind.PROJECT_CANCELLED: lambda data: _("Given up: %(title)s"),
}


def _decision(data: dict[str, Any]) -> str:
    return words.decision(str(data.get("decision", "")))
