"""What a result letter says of the text: which clauses a contribution moved, and how."""

from collections import defaultdict

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.html import shorten
from consultations.kinds import ChangeKind
from consultations.models import Change, Wording
from processes.kinds import PROCESS_TYPES, LetterPart, ProcessKind, SubjectKind, subject_path
from processes.models import Process, Subject

NOTE = 400  # characters of an official note in a letter
LONGEST_DIFF = 4000  # characters of HTML; a longer difference is read on the article's page


def changes(process: Process, subject_ids: list[int], language: str) -> dict[int, LetterPart]:
    """What became of each of these subjects in the text; those that moved nothing are left out.

    An article became what its own changes say, a contribution what it is named for. Three queries.
    """
    wanted = set(subject_ids)
    found = list(
        Change.objects.filter(version__consultation__process=process)
        .select_related("version", "section__subject")
        .defer("section__subject__text", "section__subject__search", "section__subject__sample")
        .order_by("version__number", "pk")
    )
    links = Change.moved_by.through.objects.filter(change__in=found, subject_id__in=wanted)
    moved = defaultdict(list)
    for change_id, subject_id in links.order_by("change_id").values_list("change_id", "subject_id"):
        moved[subject_id].append(change_id)
    by_id = {change.pk: change for change in found}
    names = titles(process, [c.section.subject_id for c in found if c.section.subject_id], language)
    parts = {}
    with override(language):
        for change in found:
            if change.section.subject_id in wanted:
                moved[change.section.subject_id].append(change.pk)
        for subject_id, ids in moved.items():
            chosen = [by_id[pk] for pk in dict.fromkeys(ids)]
            parts[subject_id] = _part(process, subject_id, chosen, names)
    return parts


def _part(
    process: Process, subject_id: int, chosen: list[Change], names: dict[int, str]
) -> LetterPart:
    lines = []
    for change in chosen:
        subject = change.section.subject
        if subject is None:  # it never was public
            continue
        lines.append(
            (_sentence(change, names.get(subject.pk, subject.title)), _place(process, subject))
        )
        if change.note:
            lines.append((shorten(" ".join(change.note.split()), NOTE), ""))
    is_own = all(change.section.subject_id == subject_id for change in chosen)
    heading = _("The text changed") if is_own else _("It changed the text")
    diff_html = chosen[-1].diff_html
    return LetterPart(heading, tuple(lines), diff_html if len(diff_html) <= LONGEST_DIFF else "")


def _place(process: Process, subject: Subject) -> str:
    """A section that has left the text has no place in the draft, only its own page."""
    path = subject_path(subject, process.slug)
    return f"{path}history/" if subject.kind == SubjectKind.SECTION else path


def _sentence(change: Change, title: str) -> str:
    sentences = {
        ChangeKind.ADDED: _("%(article)s was added in version %(number)s."),
        ChangeKind.CHANGED: _("%(article)s was reworded in version %(number)s."),
        ChangeKind.REMOVED: _("%(article)s was taken out in version %(number)s."),
        ChangeKind.MOVED: _("%(article)s has another place in version %(number)s."),
    }
    return sentences[ChangeKind(change.kind)] % {"article": title, "number": change.version.number}


def titles(process: Process, subject_ids: list[int], language: str) -> dict[int, str]:
    """The titles of sections in a language, where their current text has it. One query."""
    rows = Wording.objects.filter(
        section__subject__in=subject_ids,
        language=language,
        version_id=F("section__consultation__current_id"),
        version__consultation__process=process,
    ).annotate(subject_id=F("section__subject_id"))
    return {row.subject_id: row.title for row in rows.defer("body_html", "explanation_html")}


def register() -> None:
    """Tell the frame below what a letter says of a text."""
    kind = PROCESS_TYPES[ProcessKind.CONSULTATION]
    kind.changes, kind.titles = changes, titles
