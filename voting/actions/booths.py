"""Booths: where officers take ballots on paper or by telephone, who was there, and their end."""

from dataclasses import dataclass, replace
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import may_own
from common.nudge import nudge
from common.verdicts import Refused, no, require
from voting.actions.box import VOTED_ALREADY, claim, retake
from voting.actions.stages import COUNT, open_poll_if_due
from voting.kinds import Channel, CorrectionKind, ThresholdBase
from voting.models import Booth, Correction, Poll, Sheet, Turnout
from voting.permissions import (
    ENDED,
    is_voting_open,
    may_judge_sheets,
    may_officiate,
    may_run_poll,
)
from voting.voters import Voter, holder_of_code, holder_of_number, person

NOT_CHECKED_IN = "not_checked_in"
BOOTH_ENDED = no("booth_ended", gettext_lazy("This booth has been ended."), 409)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Identity:
    """How an officer names a voter: one of the three, the others empty."""

    email: str = ""
    code: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Who was let in. `sheet` is None in a secret poll, where no sheet belongs to anybody."""

    turnout_id: Any
    sheet: Sheet | None


def make_booth(
    actor: Any, *, poll: Poll, name: str, place: str = "", channel: str = Channel.PAPER
) -> Booth:
    """A booth without officers yet. Raises Refused once voting is over, and where one cannot keep
    what the poll has declared."""
    require(may_run_poll(actor, poll))
    name, place = " ".join(name.split()), " ".join(place.split())
    if poll.closed_at is not None:
        raise Refused(ENDED)
    if not name:
        raise Refused(no("name_missing", _("Give the booth a name."), 400))
    if channel not in (Channel.PAPER, Channel.TELEPHONE):
        raise Refused(no("channel_unknown", _("A booth is on paper or by telephone."), 400))
    if poll.is_secret and channel == Channel.TELEPHONE:
        message = _("A secret vote cannot be given by telephone: the officer would hear it.")
        raise Refused(no("telephone_not_secret", message, 409))
    if poll.is_secret and poll.threshold_base == ThresholdBase.AREAS:
        message = _("Here votes count by area, and a secret ballot sheet does not say its area.")
        raise Refused(no("sheet_without_area", message, 409))
    try:
        with transaction.atomic():
            return Booth.objects.create(
                poll=poll, name=name[:120], place=place[:200], channel=channel
            )
    except IntegrityError:
        raise Refused(no("name_taken", _("There is a booth of this name already."), 409)) from None


def add_officer(actor: Any, *, booth: Booth, email: str) -> User:
    """Let somebody with an account take ballots here, whoever they work for."""
    require(may_run_poll(actor, booth.poll))
    if booth.ended_at is not None:
        raise Refused(BOOTH_ENDED)
    found = _account(email)
    if found is None:
        message = _("Nobody has an account with this address. Ask the person to create one.")
        raise Refused(no("no_account", message, 400))
    booth.officers.add(found)
    log.info("officer_added", booth=booth.pk, officer=found.pk, actor=actor.pk)
    return found


def remove_officer(actor: Any, *, booth: Booth, user_id: int) -> None:
    """What the officer entered stays."""
    require(may_run_poll(actor, booth.poll))
    booth.officers.remove(user_id)
    log.info("officer_removed", booth=booth.pk, officer=user_id, actor=actor.pk)


def _account(email: str) -> User | None:
    rows = User.objects.filter(is_active=True, closed_at__isnull=True, generated_at__isnull=True)
    found: User | None = rows.filter(email=email.strip().lower()).first()
    return found


def held(booth: Booth) -> Booth:
    """The booth's row, held until the transaction ends: what its officers do comes one by one."""
    rows = Booth.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("poll__process").get(pk=booth.pk)


def check_in(officer: Any, *, booth: Booth, who: Identity, sheet_number: str = "") -> CheckIn:
    """Let a voter vote here: from now on they have voted, whatever the channel.

    In a secret poll nothing else is written. In any other the sheet that the voter is given is
    named by `sheet_number`. Raises Refused for somebody who has voted or may not.
    """
    require(may_officiate(officer, booth))
    poll = open_poll_if_due(Poll.objects.with_timetable().get(pk=booth.poll_id))
    require(is_voting_open(poll))
    voter = _identified(who, poll)
    number = " ".join(sheet_number.split())
    if not poll.is_secret and not number:
        raise Refused(no("sheet_missing", _("Give the number on the voter’s sheet."), 400))
    with transaction.atomic():
        booth = held(booth)
        if booth.ended_at is not None:
            raise Refused(BOOTH_ENDED)
        voter = replace(voter, channel=booth.channel, booth=booth)
        turnout_id = claim(voter, poll)
        if turnout_id is None:
            turnout_id = _again(voter, poll, booth)
        sheet = None if poll.is_secret else _hand_out(booth, number, turnout_id)
    return CheckIn(turnout_id, sheet)


def _identified(who: Identity, poll: Poll) -> Voter:
    """Raises Refused, also for somebody who may not vote here."""
    if sum(bool(part.strip()) for part in (who.email, who.code, who.number)) != 1:
        message = _("Give one of the three: e-mail address, invitation code or register number.")
        raise Refused(no("voter_missing", message, 400))
    if who.code.strip():
        return holder_of_code(who.code, poll)
    if who.number.strip():
        return holder_of_number(who.number, poll)
    user = _account(who.email)
    voter = person(user, poll) if user else None
    if voter is None or not voter.verdict:
        message = _("Nobody who may vote here has an account with this address.")
        raise Refused(no("may_not_vote", message, 400))
    return voter


def _again(voter: Voter, poll: Poll, booth: Booth) -> Any:
    """The turnout of somebody who has one: let in after a check-in was taken back, or given another
    sheet here because the first was discarded. Raises Refused for who has voted."""
    turnout = Turnout.objects.select_for_update().get(poll=poll, voter=voter.key)
    if retake(turnout, voter):
        return turnout.pk
    is_here = turnout.booth_id == booth.pk and not poll.is_secret
    if is_here and not Sheet.objects.filter(turnout=turnout, discarded_at__isnull=True).exists():
        return turnout.pk
    raise Refused(no(VOTED_ALREADY, _("This person has voted already."), 409))


def _hand_out(booth: Booth, number: str, turnout_id: Any) -> Sheet:
    try:
        with transaction.atomic():
            return Sheet.objects.create(booth=booth, number=number[:40], turnout_id=turnout_id)
    except IntegrityError as error:
        if "one_sheet_per_number" not in str(error):
            raise
        message = _("A sheet with this number was given out here already.")
        raise Refused(no("sheet_number_taken", message, 409)) from None


def take_back(officer: Any, *, booth: Booth, who: Identity) -> None:
    """Undo a check-in that was a mistake, before a sheet of it was entered; the person can vote.

    Raises Refused where the person was not checked in here, or voting is over.
    """
    require(may_officiate(officer, booth))
    poll = Poll.objects.with_timetable().get(pk=booth.poll_id)
    require(is_voting_open(poll))
    voter = _identified(who, poll)
    with transaction.atomic():
        booth = held(booth)
        if booth.ended_at is not None:
            raise Refused(BOOTH_ENDED)
        rows = Turnout.objects.select_for_update()
        turnout = rows.filter(booth=booth, voter=voter.key, withdrawn_at__isnull=True).first()
        if turnout is None:
            raise Refused(no(NOT_CHECKED_IN, _("This person was not checked in here."), 409))
        _discard_blank(officer, booth, turnout)
        Turnout.objects.filter(pk=turnout.pk).update(withdrawn_at=Now())
        Poll.objects.filter(pk=poll.pk).update(turnout_count=F("turnout_count") - 1)
    log.info("check_in_taken_back", booth=booth.pk, officer=officer.pk)


def _discard_blank(officer: Any, booth: Booth, turnout: Turnout) -> None:
    """The sheet that was handed out with a check-in. Raises Refused once it was entered."""
    for sheet in Sheet.objects.filter(booth=booth, turnout=turnout, discarded_at__isnull=True):
        if sheet.first is not None:
            message = _("The sheet of this person was entered already.")
            raise Refused(no("sheet_entered", message, 409))
        discard_now(officer, sheet, _("The check-in was taken back."))


def discard_now(actor: Any, sheet: Sheet, reason: str) -> None:
    """Leave a sheet out, with its line in the log. The caller holds the booth's row."""
    Correction.objects.create(
        sheet=sheet,
        kind=CorrectionKind.DISCARDED,
        actor=actor,
        before={"first": sheet.first, "second": sheet.second},
        reason=reason,
    )
    Sheet.objects.filter(pk=sheet.pk).update(discarded_at=timezone.now())


def end_booth(actor: Any, *, booth: Booth, reason: str = "") -> Booth:
    """End a booth: nothing can be entered any more, and the votes can be counted.

    Its officers end it when every sheet is accepted or discarded. An owner may end it after voting
    all the same: what is unfinished is then left out, and `reason` is public. It is asked for also
    where a secret poll has fewer sheets than people who were checked in.
    """
    require(may_judge_sheets(actor, booth))
    reason = reason.strip()
    with transaction.atomic():
        booth = held(booth)
        if booth.ended_at is not None:
            raise Refused(BOOTH_ENDED)
        unfinished = Sheet.objects.filter(booth=booth, accepted_at=None, discarded_at=None)
        sheets = list(unfinished.order_by("number"))
        if sheets:
            _may_override(actor, booth)
        if (sheets or missing_sheets(booth)) and not reason:
            message = _("Say why sheets are left out. Everyone will read it.")
            raise Refused(no("reason_missing", message, 400))
        for sheet in sheets:
            discard_now(actor, sheet, reason)
        Booth.objects.filter(pk=booth.pk).update(ended_at=Now(), ended_by=actor, end_reason=reason)
        if booth.poll.closed_at is not None:
            nudge(COUNT, booth.poll_id)
    booth.refresh_from_db()
    return booth


def _may_override(actor: Any, booth: Booth) -> None:
    if not may_own(actor, booth.poll.process.organisation_id):
        message = _(
            "Some sheets are unfinished. Enter or discard them first; an owner of the public body can "
            "end the booth without them."
        )
        raise Refused(no("sheets_unfinished", message, 409))
    if booth.poll.closed_at is None:
        message = _("Some sheets are unfinished, and voting has not ended.")
        raise Refused(no("sheets_unfinished", message, 409))


def missing_sheets(booth: Booth) -> int:
    """How many people were checked in without a sheet that counts, in a secret poll. Two queries.

    In other polls the sheets themselves tell: each is accepted or discarded with a reason.
    """
    if not booth.poll.is_secret:
        return 0
    accepted = Sheet.objects.filter(booth=booth, accepted_at__isnull=False).count()
    return checked_in(booth) - accepted


def checked_in(booth: Booth) -> int:
    """How many people voted at this booth. One query."""
    return Turnout.objects.filter(booth=booth, withdrawn_at__isnull=True).count()
