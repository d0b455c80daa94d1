"""What a result letter says of the text: which clauses a contribution moved, and how."""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import override

from common.html import shorten
from common.texts import Localized, Phrase
from common.ui.tongues import phrase
from consultations.kinds import ChangeKind
from consultations.models import Change
from processes.kinds import PROCESS_TYPES, LetterPart, ProcessKind, SubjectKind, subject_path
from processes.models import Process, Subject

NOTE = 400  # characters of an official note in a letter
LONGEST_DIFF = 4000  # characters of HTML; a longer difference is read on the article's page


def changes(process: Process, subject_ids: list[int], language: str) -> dict[int, LetterPart]:
    """What became of each of these subjects in the text; those that moved nothing are left out.

    An article became what its own changes say, a contribution what it is named for. Two queries.
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
    parts = {}
    with override(language):
        for change in found:
            if change.section.subject_id in wanted:
                moved[change.section.subject_id].append(change.pk)
        for subject_id, ids in moved.items():
            chosen = [by_id[pk] for pk in dict.fromkeys(ids)]
            parts[subject_id] = _part(process, subject_id, chosen)
    return parts


def _part(process: Process, subject_id: int, chosen: list[Change]) -> LetterPart:
    lines: list[tuple[Phrase | Localized, str]] = []
    for change in chosen:
        subject = change.section.subject
        if subject is None:  # it never was public
            continue
        lines.append((_sentence(change, subject.shown), _place(process, subject)))
        if change.note:
            note = shorten(" ".join(change.note.split()), NOTE)
            lines.append((Localized(note, change.note_language), ""))
    is_own = all(change.section.subject_id == subject_id for change in chosen)
    heading = _("The text changed") if is_own else _("It changed the text")
    diff_html = chosen[-1].diff_html
    shown = diff_html if len(diff_html) <= LONGEST_DIFF else ""
    return LetterPart(heading, tuple(lines), shown, chosen[-1].language)


def _place(process: Process, subject: Subject) -> str:
    """A section that has left the text has no place in the draft, only its own page."""
    path = subject_path(subject, process.slug)
    return f"{path}history/" if subject.kind == SubjectKind.SECTION else path


def _sentence(change: Change, title: Localized) -> Phrase:
    sentences = {
        ChangeKind.ADDED: _("%(article)s was added in version %(number)s."),
        ChangeKind.CHANGED: _("%(article)s was reworded in version %(number)s."),
        ChangeKind.REMOVED: _("%(article)s was taken out in version %(number)s."),
        ChangeKind.MOVED: _("%(article)s has another place in version %(number)s."),
    }
    words = sentences[ChangeKind(change.kind)]
    return phrase(words, article=title, number=change.version.number)


def register() -> None:
    """Tell the frame below what a letter says of a text."""
    kind = PROCESS_TYPES[ProcessKind.CONSULTATION]
    kind.changes = changes
