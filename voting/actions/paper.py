"""Ballot sheets: entered by two people, compared, and put into the box. Nothing is ever lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.permissions import may_own
from common.verdicts import YES, Refused, Verdict, no, require
from voting.actions.booths import BOOTH_ENDED, checked_in, discard_now, held
from voting.actions.box import WrongAnswers, take_sheet
from voting.actions.quotas import FULL
from voting.kinds import CorrectionKind
from voting.models import Booth, Correction, Sheet
from voting.permissions import NOT_AN_OFFICER, may_judge_sheets, may_officiate
from voting.questionnaire.answers import check

WAITS, DIFFERS, ACCEPTED = "waits", "differs", "accepted"


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a sheet: it waits for the second entry, both differ, or it is in the box."""

    sheet: Sheet
    state: str


def may_enter(booth: Booth) -> Verdict:
    """Whether sheets are entered now. The booth must come with its poll."""
    poll = booth.poll
    if booth.ended_at is not None or poll.counted_at is not None:
        return BOOTH_ENDED
    if poll.opened_at is None:
        return no("not_open_yet", _("Voting has not opened yet."), 409)
    if poll.is_secret and poll.closed_at is None:
        message = _(
            "Sheets of a secret vote are entered after voting, so that nobody can tell from the order "
            "whose they are."
        )
        return no("not_ended_yet", message, 409)
    return YES


def enter_sheet(officer: Any, *, booth: Booth, number: str, answers: Mapping[str, Any]) -> Entered:
    """Enter a sheet, as the first or the second of two people. Equal entries cast one ballot.

    Raises Refused, or WrongAnswers for answers that the questions do not allow.
    """
    require(may_officiate(officer, booth))
    number = " ".join(number.split())[:40]
    if not number:
        raise Refused(no("number_missing", _("Give the number on the sheet."), 400))
    with transaction.atomic():
        booth = held(booth)
        require(may_enter(booth))
        checked = check(booth.poll.questionnaire, answers)
        if checked.errors:
            raise WrongAnswers(checked.errors)
        sheet = _sheet(booth, number)
        if sheet.first_by_id is None:
            sheet.first, sheet.first_by = checked.answers, officer
        else:
            require(may_enter_second(officer, sheet))
            sheet.second, sheet.second_by = checked.answers, officer
        sheet.save(update_fields=["first", "first_by", "second", "second_by"])
        _log(sheet, CorrectionKind.ENTERED, officer, after=checked.answers)
        return _compared(booth, sheet)


def may_enter_second(officer: Any, sheet: Sheet) -> Verdict:
    if sheet.accepted_at is not None:
        return no("sheet_accepted", _("This sheet is in the ballot box already."), 409)
    if sheet.discarded_at is not None:
        return no("sheet_discarded", _("This sheet was discarded."), 409)
    if sheet.second_by_id is not None:
        return no("sheet_differs", _("This sheet was entered twice. Compare the two."), 409)
    if sheet.first_by_id == officer.pk:
        message = _("You have entered this sheet. Another officer must enter it the second time.")
        return no("second_person_needed", message, 409)
    return YES


def _sheet(booth: Booth, number: str) -> Sheet:
    """The sheet with this number; in a secret poll it begins to exist here. Raises Refused."""
    sheet = Sheet.objects.select_for_update().filter(booth=booth, number=number).first()
    if sheet is not None:
        if sheet.discarded_at is not None:
            raise Refused(no("sheet_discarded", _("This sheet was discarded."), 409))
        return sheet
    if not booth.poll.is_secret:
        message = _("No sheet with this number was given out at this booth.")
        raise Refused(no("sheet_unknown", message, 409))
    if Sheet.objects.filter(booth=booth, discarded_at=None).count() >= checked_in(booth):
        message = _("There are as many sheets as people who were checked in at this booth.")
        raise Refused(no("too_many_sheets", message, 409))
    return Sheet.objects.create(booth=booth, number=number)


def _compared(booth: Booth, sheet: Sheet) -> Entered:
    if sheet.second_by_id is None:
        return Entered(sheet, WAITS)
    if sheet.first != sheet.second:
        return Entered(sheet, DIFFERS)
    try:
        take_sheet(booth, answers=sheet.first or {}, turnout=sheet.turnout)
    except Refused as refused:
        if refused.verdict.code != FULL:
            raise
        message = _("Enough people like this one have answered. Discard the sheet for that reason.")
        raise Refused(no(FULL, message, 409)) from None
    Sheet.objects.filter(pk=sheet.pk).update(accepted_at=Now())
    return Entered(sheet, ACCEPTED)


def decide_sheet(actor: Any, *, sheet: Sheet, right: str, reason: str) -> Entered:
    """Settle two entries that differ: `right` is "first" or "second", and that one is put into the
    box; or "neither", and the sheet is entered twice again.

    For the two who entered it and the owners of the public body. Raises Refused.
    """
    reason = reason.strip()
    if right not in ("first", "second", "neither"):
        raise Refused(no("choice_missing", _("Choose what the sheet says."), 400))
    if not reason:
        raise Refused(no("reason_missing", _("Say how you know. It stands in the log."), 400))
    with transaction.atomic():
        booth, sheet = _disputed(actor, sheet)
        before = {"first": sheet.first, "second": sheet.second}
        if right == "neither":
            sheet.first = sheet.second = sheet.first_by = sheet.second_by = None
        else:
            sheet.first = sheet.second = before[right]
        sheet.save(update_fields=["first", "first_by", "second", "second_by"])
        _log(sheet, CorrectionKind.CORRECTED, actor, before, sheet.first, reason)
        return _compared(booth, sheet)


def _disputed(actor: Any, sheet: Sheet) -> tuple[Booth, Sheet]:
    """The booth, held, and its sheet with two entries that differ. Raises Refused."""
    booth = held(sheet.booth)
    sheet = Sheet.objects.select_for_update().get(pk=sheet.pk)
    require(may_decide(actor, booth, sheet))
    require(may_enter(booth))
    is_open = sheet.accepted_at is None and sheet.discarded_at is None
    if not is_open or sheet.second_by_id is None:
        raise Refused(no("nothing_to_decide", _("Nothing is to be decided about this sheet."), 409))
    return booth, sheet


def may_decide(user: Any, booth: Booth, sheet: Sheet) -> Verdict:
    """Whether somebody may see both entries and say which is right."""
    if not user.is_authenticated or user.pk is None:
        return may_officiate(user, booth)
    if user.pk in (sheet.first_by_id, sheet.second_by_id):
        return may_officiate(user, booth)
    return YES if may_own(user, booth.poll.process.organisation_id) else NOT_AN_OFFICER


def discard_sheet(actor: Any, *, sheet: Sheet, reason: str) -> Sheet:
    """Leave a sheet out that is spoilt or not there. Its number, entries and the reason stay."""
    require(may_judge_sheets(actor, sheet.booth))
    if not reason.strip():
        raise Refused(no("reason_missing", _("Say why. It stands in the log."), 400))
    with transaction.atomic():
        booth = held(sheet.booth)
        if booth.ended_at is not None:
            raise Refused(BOOTH_ENDED)
        sheet = Sheet.objects.select_for_update().get(pk=sheet.pk)
        if sheet.accepted_at is not None:
            message = _("This sheet is in the ballot box already.")
            raise Refused(no("sheet_accepted", message, 409))
        if sheet.discarded_at is not None:
            raise Refused(no("sheet_discarded", _("This sheet was discarded already."), 409))
        discard_now(actor, sheet, reason.strip())
    sheet.refresh_from_db()
    return sheet


def _log(
    sheet: Sheet, kind: str, actor: Any, before: Any = None, after: Any = None, reason: str = ""
) -> None:
    Correction.objects.create(
        sheet=sheet, kind=kind, actor=actor, before=before, after=after, reason=reason
    )
