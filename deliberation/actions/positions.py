"""A person takes a position, changes it, takes it back."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.verdicts import Refused, no, require
from deliberation import positions
from deliberation.actions.common import subject_for
from deliberation.kinds import PositionValue
from deliberation.permissions import (
    may_take_position,
)
from processes import counters, journal
from processes.counters import PositionCounts
from processes.kinds import EntryKind
from processes.models import Subject


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands after taking or withdrawing a position."""

    subject: Subject
    value: str | None
    counts: PositionCounts


@transaction.atomic
def take_position(actor: Any, *, subject_id: int, value: str) -> Standing:
    """Agree, mixed or disagree. Repeating it changes nothing. Four queries at most."""
    if value not in PositionValue.values:
        raise Refused(no("unknown_value", _("Choose agree, mixed or disagree."), 400))
    subject = subject_for(actor, subject_id)
    require(may_take_position(actor, subject))
    return _move(actor, subject, value)


@transaction.atomic
def withdraw_position(actor: Any, *, subject_id: int) -> Standing:
    """Take one's position back. Without one, changes nothing."""
    subject = subject_for(actor, subject_id)
    require(may_take_position(actor, subject))
    return _move(actor, subject, None)


def _move(actor: Any, subject: Subject, value: str | None) -> Standing:
    unchanged = PositionCounts(subject.agree_count, subject.mixed_count, subject.disagree_count)
    if subject.my_value == value:  # type: ignore[attr-defined]
        return Standing(subject, value, unchanged)
    known = subject.my_row is not None  # type: ignore[attr-defined]
    old = positions.write(
        subject_id=subject.pk,
        user_id=actor.pk,
        value=value,
        known=known,
        at=subject.timetable.now,
    )
    if old is positions.UNCHANGED:
        return Standing(subject, value, unchanged)
    counts = counters.move_positions(subject.pk, old, value)  # type: ignore[arg-type]
    delta = (value is not None) - (old is not None)
    if delta or not known:
        counters.take_part(subject.process_id, actor.pk, positions=delta)
    return Standing(subject, value, counts)


def reset_positions(actor: Any, *, subject: Subject) -> int:
    """Empty all positions on a subject whose text has changed, and tell the people concerned.

    How many were reset. Joins the caller's transaction; called by the owner of the text.
    """
    emptied = positions.reset(subject.pk)
    count = sum(emptied.values())
    if not count:
        return 0
    deltas = {f"{value}_count": -number for value, number in emptied.items()}
    counters.move_subject(subject.pk, **deltas)
    counters.move_process(subject.process_id, positions=-count)
    journal.record(
        EntryKind.POSITIONS_RESET,
        actor=actor,
        process=subject.process_id,
        subject=subject,
        data={"count": count},
    )
    return count
