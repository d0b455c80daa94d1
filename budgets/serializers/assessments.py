"""What those who assess see and write."""

from typing import Any

from rest_framework import serializers

from accounts.models import User
from accounts.serializers import PersonSerializer, person_row
from budgets.actions.assessing import Finding
from budgets.kinds import AssessmentStep
from budgets.models import Assessment, Project
from budgets.serializers.amounts import TEXT, AmountField, amount_text
from common.api import StrictSerializer
from common.resources import VerdictSerializer

STATES = ("cosigning", "waiting", "late", "revising", "submitted", "signed", "published")
LONGEST = 200_000  # characters that are looked at


class AssessmentBody(StrictSerializer):
    """What an assessment says; what is left out is not known."""

    is_feasible = serializers.BooleanField(required=False, allow_null=True, default=None)
    cost = AmountField(
        required=False, allow_null=True, default=None, help_text=f"compulsory if feasible, {TEXT}"
    )
    running_cost = AmountField(
        required=False, allow_null=True, default=None, help_text=f"of a year, {TEXT}"
    )
    reason = serializers.CharField(
        max_length=LONGEST, required=False, allow_blank=True, default="",
        help_text="public once it is published, Markdown",
    )  # fmt: skip
    language = serializers.CharField(
        max_length=8, required=False, help_text="of the reason; by default that of the request"
    )
    seen = serializers.DateTimeField(
        required=False, allow_null=True, default=None,
        help_text="`changed_at` of what you had before you; null: nobody had written yet",
    )  # fmt: skip


class SignatureBody(StrictSerializer):
    """Which text is signed."""

    seen = serializers.DateTimeField(help_text="`changed_at` of what you read")


class NoteBody(StrictSerializer):
    """A word among those who assess."""

    body = serializers.CharField(max_length=LONGEST)


class AssessmentSerializer(serializers.Serializer[Any]):
    """A project in the queue, with what was written about it."""

    subject = serializers.IntegerField()
    number = serializers.IntegerField(min_value=1)
    title = serializers.CharField(help_text="of the project")
    state = serializers.ChoiceField(STATES)
    assessor = PersonSerializer(allow_null=True)
    group = serializers.CharField(allow_null=True, help_text="name")
    due_at = serializers.DateTimeField(allow_null=True)
    late_at = serializers.DateTimeField(allow_null=True, help_text="when it was found to be late")
    is_feasible = serializers.BooleanField(allow_null=True)
    cost = serializers.CharField(allow_null=True, help_text=TEXT)
    running_cost = serializers.CharField(allow_null=True, help_text=f"of a year, {TEXT}")
    reason = serializers.CharField(allow_blank=True, help_text="Markdown")
    language = serializers.CharField(help_text="of the reason")
    correction = serializers.CharField(
        allow_blank=True, help_text="why a published one is taken up again"
    )
    changed_at = serializers.DateTimeField(allow_null=True)
    proposed_at = serializers.DateTimeField(allow_null=True)
    proposed_by = PersonSerializer(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    signed_by = PersonSerializer(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)


class AssessmentNoteSerializer(serializers.Serializer[Any]):
    """A note of the private thread."""

    id = serializers.IntegerField()
    author = PersonSerializer()
    body = serializers.CharField()
    written_at = serializers.DateTimeField()


class AssessmentEventSerializer(serializers.Serializer[Any]):
    """One line of the audit trail."""

    step = serializers.ChoiceField(AssessmentStep.choices)
    actor = PersonSerializer(allow_null=True)
    data = serializers.JSONField(help_text="what changed, from what to what; notes")
    done_at = serializers.DateTimeField()


class MayAssessSerializer(serializers.Serializer[Any]):
    """What the person who asks may do now."""

    write = VerdictSerializer()
    sign = VerdictSerializer()


class AssessmentDetailSerializer(AssessmentSerializer):
    """With the private thread, the oldest first, and the audit trail."""

    notes = AssessmentNoteSerializer(many=True)
    trail = AssessmentEventSerializer(many=True)
    may = MayAssessSerializer()


class PublishedSerializer(serializers.Serializer[Any]):
    """What was published at one moment."""

    published = serializers.IntegerField(min_value=1, help_text="how many decisions")


def finding_of(given: dict[str, Any], language: str) -> Finding:
    return Finding(
        is_feasible=given["is_feasible"],
        cost=given["cost"],
        running_cost=given["running_cost"],
        reason=given["reason"],
        language=given.get("language", language),
    )


def assessment_row(project: Project, assessment: Assessment) -> dict[str, Any]:
    """A project of `api.assessments.in_states` with its assessment, or one without an id. No query."""
    return {
        "subject": project.subject_id,
        "number": project.number,
        "title": project.subject.title,
        "state": project.state,  # type: ignore[attr-defined]
        "assessor": _person(assessment.assessor),
        "group": assessment.group.name if assessment.group else None,
        "due_at": assessment.due_at,
        "late_at": assessment.late_at,
        "is_feasible": assessment.is_feasible,
        "cost": amount_text(assessment.cost),
        "running_cost": amount_text(assessment.running_cost),
        "reason": assessment.reason,
        "language": assessment.language,
        "correction": assessment.correction,
        "changed_at": assessment.changed_at if assessment.pk else None,
        "proposed_at": assessment.proposed_at,
        "proposed_by": _person(assessment.proposed_by),
        "signed_at": assessment.signed_at,
        "signed_by": _person(assessment.signed_by),
        "published_at": assessment.published_at,
    }


def note_row(note: Any) -> dict[str, Any]:
    return {
        "id": note.pk,
        "author": _person(note.author),
        "body": note.body,
        "written_at": note.written_at,
    }


def event_row(event: Any) -> dict[str, Any]:
    return {
        "step": event.step,
        "actor": _person(event.actor),
        "data": event.data,
        "done_at": event.done_at,
    }


def _person(user: User | None) -> dict[str, Any] | None:
    """Somebody who assesses. Whoever does so speaks for the public body."""
    if user is None:
        return None
    return person_row(user.pk, user.name, user.closed_at, is_official=True)
