"""What spans apps: a subject with all that is said, owed and allowed; all that one person did."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from accounts.serializers import PersonSerializer, person_row
from answers.kinds import Decision
from answers.permissions import may_answer
from answers.serializers import (
    AnswerSerializer,
    ObligationSerializer,
    answer_row,
    obligation_of,
)
from common.resources import VerdictSerializer, verdict_row
from consultations.permissions import may_amend
from deliberation.kinds import PositionValue
from deliberation.permissions import may_add_source, may_comment, may_take_position
from deliberation.serializers import STATES, state_of
from processes.kinds import SubjectKind, subject_path
from processes.models import Subject

CONTRIBUTION_KINDS = ("amendment", "new_article", "project", "comment", "source")


class MaySerializer(serializers.Serializer[Any]):
    """What the person who asks may do with it now."""

    take_position = VerdictSerializer()
    comment = VerdictSerializer()
    add_source = VerdictSerializer()
    amend = VerdictSerializer(allow_null=True, help_text="null where there is nothing to amend")
    answer = VerdictSerializer()


class SubjectSerializer(serializers.Serializer[Any]):
    """A thing that can be talked about: an article, a part, an amendment, a new article."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(SubjectKind.choices)
    process = serializers.CharField(help_text="slug")
    parent = serializers.IntegerField(
        allow_null=True, help_text="id of the subject under which it is found"
    )
    title = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    is_locked = serializers.BooleanField(help_text="nothing can be added any more")
    author = PersonSerializer(allow_null=True)
    created_at = serializers.DateTimeField()
    agree_count = serializers.IntegerField(min_value=0)
    mixed_count = serializers.IntegerField(min_value=0)
    disagree_count = serializers.IntegerField(min_value=0)
    position_count = serializers.IntegerField(min_value=0)
    comment_count = serializers.IntegerField(min_value=0)
    for_count = serializers.IntegerField(min_value=0, help_text="arguments for, without replies")
    against_count = serializers.IntegerField(
        min_value=0, help_text="arguments against, without replies"
    )
    source_count = serializers.IntegerField(min_value=0)
    amendment_count = serializers.IntegerField(min_value=0)
    new_article_count = serializers.IntegerField(min_value=0)
    my_position = serializers.ChoiceField(PositionValue.choices, allow_null=True)
    answer = AnswerSerializer(allow_null=True)
    obligation = ObligationSerializer(allow_null=True, help_text="the answer that is owed")
    may = MaySerializer()
    url = serializers.URLField(help_text="page for people")


class ContributionSerializer(serializers.Serializer[Any]):
    """Something that the person who asks contributed."""

    kind = serializers.ChoiceField(CONTRIBUTION_KINDS)
    id = serializers.IntegerField(help_text="of the proposal, comment or source")
    process = serializers.CharField(help_text="slug")
    subject = serializers.IntegerField(help_text="what it is about; a proposal is its own")
    title = serializers.CharField(allow_blank=True, help_text="of the subject")
    text = serializers.CharField(allow_blank=True, help_text="what was said")
    stance = serializers.CharField(allow_null=True, help_text="of a comment")
    state = serializers.ChoiceField(STATES)
    support_count = serializers.IntegerField(
        allow_null=True, help_text="people who agree with a proposal or support a comment"
    )
    decision = serializers.ChoiceField(
        Decision.choices, allow_null=True, help_text="of the answer to the subject"
    )
    created_at = serializers.DateTimeField()
    url = serializers.URLField(help_text="page for people")


class OwnPositionSerializer(serializers.Serializer[Any]):
    """A position that the person who asks holds."""

    subject = serializers.IntegerField()
    kind = serializers.ChoiceField(SubjectKind.choices, help_text="of the subject")
    title = serializers.CharField(allow_blank=True)
    process = serializers.CharField(help_text="slug")
    value = serializers.ChoiceField(PositionValue.choices)
    changed_at = serializers.DateTimeField()
    url = serializers.URLField(help_text="page for people")


_COUNTERS = (
    "agree_count", "mixed_count", "disagree_count", "position_count", "comment_count",
    "for_count", "against_count", "source_count", "amendment_count", "new_article_count",
)  # fmt: skip


def subject_row(user: Any, subject: Subject, pages: str) -> dict[str, Any]:
    """A subject with its frame, author, answer, obligation and `my_value`. Makes no query."""
    is_hidden = subject.hidden_at is not None
    answer = getattr(subject, "answer", None)
    author = subject.author
    if answer is not None:
        answer.organisation = subject.process.organisation
    return {
        "id": subject.pk,
        "kind": subject.kind,
        "process": subject.process.slug,
        "parent": subject.parent_id,
        "title": "" if is_hidden else subject.title,
        "language": subject.language,
        "state": state_of(subject.hidden_at, subject.withdrawn_at),
        "is_locked": subject.locked_at is not None,
        "author": None
        if author is None or is_hidden
        else person_row(
            author.pk,
            author.name,
            author.closed_at,
            is_official=subject.is_by_official,  # type: ignore[attr-defined]
        ),
        "created_at": subject.created_at,
        **{name: getattr(subject, name) for name in _COUNTERS},
        "my_position": subject.my_value,  # type: ignore[attr-defined]
        "answer": answer_row(answer) if answer else None,
        "obligation": obligation_of(getattr(subject, "obligation", None), subject.timetable.now),
        "may": _may(user, subject),
        "url": pages + subject_path(subject, subject.process.slug),
    }


def _may(user: Any, subject: Subject) -> dict[str, Any]:
    is_article = subject.kind == SubjectKind.SECTION
    return {
        "take_position": verdict_row(may_take_position(user, subject)),
        "comment": verdict_row(may_comment(user, subject)),
        "add_source": verdict_row(may_add_source(user, subject)),
        "amend": verdict_row(may_amend(user, subject)) if is_article else None,
        "answer": verdict_row(may_answer(user, subject)),
    }


def own_position_row(row: Mapping[str, Any], pages: str) -> dict[str, Any]:
    slug, kind, pk = row["subject__process__slug"], row["subject__kind"], row["subject_id"]
    return {
        "subject": pk,
        "kind": kind,
        "title": row["subject__title"],
        "process": slug,
        "value": row["value"],
        "changed_at": row["changed_at"],
        "url": pages + subject_path(Subject(pk=pk, kind=kind), slug),
    }
