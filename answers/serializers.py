"""Official answers as the API takes and shows them."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from accounts.serializers import OrganisationSerializer, organisation_row
from answers.kinds import Decision, RuleKind
from answers.models import Answer, Obligation, Promise, PromiseCounts
from common.api import StrictSerializer

LONGEST_BODY = 200_000  # characters that are looked at; what an answer may hold is a setting
OBLIGATION_STATES = ("owed", "answered", "late")


class AnswerBody(StrictSerializer):
    """A decision and its reason."""

    decision = serializers.ChoiceField(Decision.choices)
    body = serializers.CharField(max_length=LONGEST_BODY, help_text="the reason, in Markdown")


class AnswerSerializer(serializers.Serializer[Any]):
    """A public body's reasoned decision on a subject."""

    subject = serializers.IntegerField()
    decision = serializers.ChoiceField(Decision.choices)
    body = serializers.CharField(help_text="the reason, in Markdown")
    organisation = OrganisationSerializer()
    answered_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField(allow_null=True)


class ObligationSerializer(serializers.Serializer[Any]):
    """That the public body owes an answer, and whether it has given it."""

    state = serializers.ChoiceField(OBLIGATION_STATES)
    due_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class PromiseSerializer(serializers.Serializer[Any]):
    """Which contributions are owed an answer by when, and how that is kept."""

    rule = serializers.ChoiceField(
        RuleKind.choices, help_text="top: the `number` most supported; threshold: all with as much"
    )
    number = serializers.IntegerField(min_value=1)
    due_at = serializers.DateTimeField()
    owed = serializers.IntegerField(min_value=0, help_text="all that are owed an answer")
    answered = serializers.IntegerField(min_value=0, help_text="of them")
    late = serializers.IntegerField(min_value=0, help_text="of them")


def answer_row(answer: Answer) -> dict[str, Any]:
    """Its public body must be loaded, or costs a query."""
    return {
        "subject": answer.subject_id,
        "decision": answer.decision,
        "body": answer.body,
        "organisation": organisation_row(answer.organisation),
        "answered_at": answer.answered_at,
        "changed_at": answer.changed_at,
    }


def obligation_row(
    due_at: datetime | None, answered_at: datetime | None, now: datetime
) -> dict[str, Any] | None:
    """None where nothing is owed. `now` is the database's clock."""
    if due_at is None:
        return None
    state = "answered" if answered_at else "late" if due_at <= now else "owed"
    return {"state": state, "due_at": due_at, "answered_at": answered_at}


def obligation_of(obligation: Obligation | None, now: datetime) -> dict[str, Any] | None:
    if obligation is None:
        return None
    return obligation_row(obligation.due_at, obligation.answered_at, now)


def promise_row(promise: Promise, counts: PromiseCounts) -> dict[str, Any]:
    return {
        "rule": promise.rule,
        "number": promise.number,
        "due_at": promise.due_at,
        "owed": counts.owed,
        "answered": counts.answered,
        "late": counts.late,
    }
