"""A moderator hides and restores what people said. A tombstone stays, replies stay."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common.html import clean_text
from common.verdicts import Refused, no, require
from deliberation.kinds import Stance
from deliberation.models import Comment, Source
from moderation.kinds import DecisionKind, Rule
from moderation.models import Decision
from moderation.permissions import Thing, may_hide, may_restore
from processes import counters, journal
from processes.kinds import PROPOSAL_KINDS, EntryKind
from processes.models import Subject

REASON_LIMIT = 5_000  # characters


@transaction.atomic
def hide(actor: Any, *, thing: Thing, rule: str, reason: str) -> Decision:
    """Show a proposal, comment or source no longer; its author is told the rule and the reason."""
    require(may_hide(actor, thing))
    if rule not in Rule.values:
        raise Refused(no("unknown_rule", _("Choose the rule that it breaks."), 400))
    reason = _reason(reason)
    fields: dict[str, Any] = {"hidden_at": Now()}
    if not isinstance(thing, Subject):
        fields["hidden_rule"] = rule
    claimed = type(thing).objects.filter(
        pk=thing.pk, hidden_at__isnull=True, withdrawn_at__isnull=True
    )
    if not claimed.update(**fields):
        raise Refused(no("hidden", _("This is hidden already."), 409))
    _count(thing, -1)
    return _decide(actor, thing, DecisionKind.HIDE, rule, reason)


@transaction.atomic
def restore(actor: Any, *, thing: Thing, reason: str) -> Decision:
    """Show again what was hidden; its author is told."""
    require(may_restore(actor, thing))
    reason = _reason(reason)
    fields: dict[str, Any] = {"hidden_at": None}
    if not isinstance(thing, Subject):
        fields["hidden_rule"] = ""
    if not type(thing).objects.filter(pk=thing.pk, hidden_at__isnull=False).update(**fields):
        raise Refused(no("not_hidden", _("This is not hidden."), 409))
    _count(thing, 1)
    return _decide(actor, thing, DecisionKind.RESTORE, "", reason)


def _reason(reason: str) -> str:
    reason = clean_text(reason).strip()
    if not reason:
        raise Refused(no("reason_missing", _("Give a reason. Its author reads it."), 400))
    if len(reason) > REASON_LIMIT:
        raise Refused(no("too_long", _("The reason is too long."), 400))
    return reason


def _count(thing: Thing, delta: int) -> None:
    """Move every counter that counts this. Its author took part, hidden or not."""
    if isinstance(thing, Subject):
        if thing.parent_id is not None and thing.kind in PROPOSAL_KINDS:
            counters.move_subject(thing.parent_id, **{f"{thing.kind}_count": delta})
        counters.move_process(thing.process_id, contributions=delta)
        return
    moves = {"source_count" if isinstance(thing, Source) else "comment_count": delta}
    if isinstance(thing, Comment) and thing.depth == 0 and thing.stance != Stance.NEUTRAL:
        moves[f"{thing.stance}_count"] = delta
    counters.move_subject(thing.subject_id, **moves)
    counters.move_process(thing.subject.process_id, contributions=delta)


def _decide(actor: Any, thing: Thing, kind: DecisionKind, rule: str, reason: str) -> Decision:
    name = type(thing).__name__.lower()
    subject = thing if isinstance(thing, Subject) else thing.subject
    decision = Decision.objects.create(
        kind=kind, rule=rule, reason=reason, moderator=actor, **{name: thing}
    )
    data: dict[str, Any] = {"thing": name, "rule": rule, "reason": reason}
    if not isinstance(thing, Subject):
        data[name] = thing.pk
    journal.record(
        EntryKind.HIDDEN if kind == DecisionKind.HIDE else EntryKind.RESTORED,
        actor=actor,
        process=subject.process_id,
        subject=subject,
        data=data,
    )
    thing.refresh_from_db(fields=["hidden_at"])
    return decision
