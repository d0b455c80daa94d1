"""What pages of booths read: counts, sheets and the log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from common.texts import localized
from voting.kinds import CorrectionKind, Secrecy
from voting.models import Booth, Correction, Poll, Sheet, Turnout
from voting.questionnaire.definition import Question
from voting.sayings import said


def with_counts(booths: QuerySet[Booth]) -> QuerySet[Booth]:
    """Adds how many people were checked in and how many sheets stand where. One query in all."""
    people = (
        Turnout.objects.filter(booth=OuterRef("pk"), withdrawn_at__isnull=True)
        .order_by()
        .values("booth")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return booths.annotate(
        people=Coalesce(Subquery(people), 0),
        unfinished=Count("sheets", filter=Q(sheets__accepted_at=None, sheets__discarded_at=None)),
        accepted=Count("sheets", filter=Q(sheets__accepted_at__isnull=False)),
        discarded=Count("sheets", filter=Q(sheets__discarded_at__isnull=False)),
    )


def counts_of(booth: Booth) -> Any:
    """One booth with its counts. One query."""
    return with_counts(Booth.objects.filter(pk=booth.pk)).get()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A sheet in the list. `todo` is "enter", "compare" or ""."""

    pk: int
    number: str
    state: str
    people: str
    todo: str
    may_discard: bool


def sheet_row(sheet: Sheet, user_id: int) -> SheetRow:
    """A sheet of `sheets_of`, for an officer or another reader."""
    names = [str(who) for who in (sheet.first_by, sheet.second_by) if who is not None]
    state, todo = _state(sheet, user_id)
    is_open = sheet.accepted_at is None and sheet.discarded_at is None
    return SheetRow(sheet.pk, sheet.number, state, ", ".join(names), todo, is_open)


def _state(sheet: Sheet, user_id: int) -> tuple[str, str]:
    if sheet.discarded_at is not None:
        return _("Discarded"), ""
    if sheet.accepted_at is not None:
        return _("In the ballot box"), ""
    if sheet.first_by_id is None:
        return _("Given out, not entered"), "enter"
    if sheet.second_by_id is None:
        return _("Entered once"), "" if sheet.first_by_id == user_id else "enter"
    return _("Two entries that differ"), "compare"


def sheets_of(booth: Booth) -> QuerySet[Sheet]:
    return Sheet.objects.filter(booth=booth).select_related("first_by", "second_by")


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line of the log. `questions` are those that changed or differed; `before` and `after` are
    words, empty where they are not to be seen."""

    at: datetime
    sheet: str
    what: str
    who: str
    reason: str
    questions: str
    before: str
    after: str


def corrections_of(booth: Booth) -> QuerySet[Correction]:
    return Correction.objects.filter(sheet__booth=booth).select_related("sheet", "actor")


def shows_answers(poll: Poll) -> bool:
    """Whether the log says what sheets hold: after the count, and where staff may know answers.

    Before it nobody is to see results early; in a confidential poll staff see totals only.
    """
    return poll.counted_at is not None and poll.secrecy != Secrecy.CONFIDENTIAL


def log_row(row: Correction, poll: Poll) -> LogRow:
    """A line of the log as this poll shows it."""
    before, after = _sides(row)
    asked = [q for q in poll.questionnaire.questions() if _differs(row, q)]
    is_open = shows_answers(poll)
    return LogRow(
        at=row.created_at,
        sheet=row.sheet.number,
        what=str(CorrectionKind(row.kind).label),
        who=str(row.actor),
        reason=row.reason,
        questions="; ".join(localized(q.title).text for q in asked),
        before="; ".join(_words(q, before) for q in asked) if is_open else "",
        after=_after(poll, row, asked, after) if is_open else "",
    )


def _sides(row: Correction) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """The entries before (none, one or two) and the answers after."""
    before = row.before or {}
    return [before.get(name) or {} for name in ("first", "second") if name in before], row.after


def _differs(row: Correction, question: Question) -> bool:
    """Whether the two entries before say different things about a question."""
    before, _after = _sides(row)
    if len(before) < 2 or row.kind != CorrectionKind.CORRECTED:
        return False
    return before[0].get(question.key) != before[1].get(question.key)


def _words(question: Question, entries: list[dict[str, Any]]) -> str:
    return " / ".join(_said(question, entry.get(question.key)) for entry in entries)


def _after(poll: Poll, row: Correction, asked: list[Question], after: dict[str, Any] | None) -> str:
    if after is None:
        return ""
    if row.kind == CorrectionKind.ENTERED:
        asked = list(poll.questionnaire.questions())
    return "; ".join(_said(q, after.get(q.key)) for q in asked)


def compared(sheet: Sheet, poll: Poll) -> Iterator[tuple[Any, str, str, bool]]:
    """(question, first entry, second entry, whether they differ), question by question."""
    first, second = sheet.first or {}, sheet.second or {}
    for question in poll.questionnaire.questions():
        one, two = first.get(question.key), second.get(question.key)
        title = localized(question.title)
        yield (
            title,
            _said(question, one),
            _said(question, two),
            one != two,
        )


def _said(question: Question, answer: dict[str, Any] | None) -> str:
    """An answer in one line; a dash for nothing."""
    return ", ".join(said(question, answer)) or "–"
