"""Promise, owe, answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from answers.deadlines import Candidate, Threshold, TopN, owed
from answers.kinds import Decision, RuleKind
from answers.models import Answer, Obligation, Promise
from answers.permissions import may_answer, may_promise
from common.html import clean_text, render_markdown
from common.verdicts import Refused, no, require
from processes import journal
from processes.kinds import PROPOSAL_KINDS, EntryKind
from processes.models import Process, Subject


@transaction.atomic
def promise(actor: Any, *, process: Process, rule: str, number: int, due_at: datetime) -> Promise:
    """Say which contributions are owed a reasoned answer, and until when. May be changed until
    closing; obligations that stand already stay, with the new due moment."""
    require(may_promise(actor, process))
    if rule not in RuleKind.values:
        raise Refused(no("unknown_rule", _("Choose a rule."), 400))
    if number < 1:
        raise Refused(no("number", _("The number must be at least 1."), 400))
    row, _created = Promise.objects.update_or_create(
        process=process, defaults={"rule": rule, "number": number, "due_at": due_at}
    )
    Obligation.objects.filter(process=process, answered_at__isnull=True).update(due_at=due_at)
    return row


@transaction.atomic
def owe_answers(*, process: Process) -> list[Obligation]:
    """Apply the promise: make the obligations that it calls for now. May run any number of times.

    No actor: the clock or a person's other action calls it. Returns the new obligations.
    """
    promised = Promise.objects.select_for_update().filter(process=process).first()
    if promised is None:
        return []
    rule = TopN(promised.number) if promised.rule == RuleKind.TOP else Threshold(promised.number)
    standing = Subject.objects.standing().filter(process=process, kind__in=PROPOSAL_KINDS)
    candidates = [Candidate(pk, agree) for pk, agree in standing.values_list("pk", "agree_count")]
    called = owed(candidates, rule)
    known = set(Obligation.objects.filter(process=process).values_list("subject_id", flat=True))
    answered = dict(
        Answer.objects.filter(subject__process=process).values_list("subject_id", "answered_at")
    )
    new = [
        Obligation(
            subject_id=subject_id,
            process=process,
            debtor_id=process.organisation_id,
            due_at=promised.due_at,
            answered_at=answered.get(subject_id),
        )
        for subject_id in called
        if subject_id not in known
    ]
    made = Obligation.objects.bulk_create(new, ignore_conflicts=True)
    Promise.objects.filter(pk=promised.pk).update(applied_at=Now())
    for obligation in made:
        journal.record(
            EntryKind.ANSWER_OWED,
            actor=None,
            process=process,
            subject=obligation.subject_id,
            data={"due_at": promised.due_at.isoformat()},
        )
    return made


def _reason(body: str) -> str:
    body = clean_text(body).strip()
    if not body:
        raise Refused(no("reason_missing", _("Give a reason. People are owed one."), 400))
    if len(body) > settings.BODY_LIMIT:
        raise Refused(no("too_long", _("The reason is too long."), 400))
    return body


@transaction.atomic
def answer(
    actor: Any, *, subject_id: int, decision: str, body: str, language: str = "en"
) -> Answer:
    """Give or change the official answer to one subject. Its reason is in `language`."""
    given = answer_many(
        actor, subject_ids=[subject_id], decision=decision, body=body, language=language
    )
    return given[0]


@transaction.atomic
def answer_many(
    actor: Any,
    *,
    subject_ids: Sequence[int],
    decision: str,
    body: str,
    language: str = "en",
) -> list[Answer]:
    """Give the same answer to several subjects: all of them or none."""
    if decision not in Decision.values:
        raise Refused(no("unknown_decision", _("Choose a decision."), 400))
    subjects = list(
        Subject.objects.select_for_update(of=("self",))
        .select_related("process")
        .filter(pk__in=subject_ids)
        .order_by("pk")
    )
    if not subjects or len(subjects) != len(set(subject_ids)):
        raise Refused(no("not_found", _("There is nothing at this address."), 404))
    for subject in subjects:
        require(may_answer(actor, subject))
    body = _reason(body)
    reason = {"body": body, "body_html": render_markdown(body), "language": language}
    return [_write_answer(actor, subject, decision, reason) for subject in subjects]


def _write_answer(actor: Any, subject: Subject, decision: str, reason: dict[str, str]) -> Answer:
    """`reason` holds body, body_html and language."""
    body = reason["body"]
    existing = Answer.objects.filter(subject=subject).first()
    if existing and existing.body == body:
        if existing.decision == decision:
            return existing
        reason = reason | {"language": existing.language}  # the same words, whoever sends them
    if existing:
        Answer.objects.filter(pk=existing.pk).update(
            decision=decision, author=actor, changed_at=Now(), **reason
        )
        row, kind = Answer.objects.get(pk=existing.pk), EntryKind.ANSWER_CHANGED
    else:
        row = Answer.objects.create(
            subject=subject,
            organisation_id=subject.process.organisation_id,
            author=actor,
            decision=decision,
            **reason,
        )
        kind = EntryKind.ANSWERED
        Obligation.objects.filter(subject=subject, answered_at__isnull=True).update(
            answered_at=Now()
        )
    data = {"decision": decision}
    if existing:
        data |= {"before": existing.decision, "before_body": existing.body}
    journal.record(kind, actor=actor, process=subject.process_id, subject=subject, data=data)
    return row


@transaction.atomic
def escalate_late(*, limit: int = 500) -> int:
    """Mark obligations whose moment has passed unanswered, once each. How many were found."""
    late = list(
        Obligation.objects.select_for_update(skip_locked=True)
        .filter(Q(answered_at__isnull=True, late_at__isnull=True), due_at__lt=Now())
        .order_by("due_at")[:limit]
    )
    Obligation.objects.filter(pk__in=[row.pk for row in late]).update(late_at=Now())
    for row in late:
        journal.record(
            EntryKind.ANSWER_LATE,
            actor=None,
            process=row.process_id,
            subject=row.subject_id,
        )
    return len(late)
