"""Positions, comments and sources as the API takes and shows them."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Membership
from accounts.serializers import PersonSerializer, person_row
from common.api import StrictSerializer
from deliberation.actions import Standing
from deliberation.kinds import MAX_DEPTH, PositionValue, SourceCategory, Stance
from deliberation.models import Comment, Source
from processes.models import Subject

STATES = ("standing", "withdrawn", "hidden")
LONGEST_BODY = 200_000  # characters that are looked at; what a contribution may hold is a setting


class PositionBody(StrictSerializer):
    """Where one stands."""

    value = serializers.ChoiceField(PositionValue.choices)


class PositionSerializer(serializers.Serializer[Any]):
    """Where the person who asks stands on a subject, and how many stand where."""

    subject = serializers.IntegerField()
    value = serializers.ChoiceField(PositionValue.choices, allow_null=True)
    agree_count = serializers.IntegerField(min_value=0)
    mixed_count = serializers.IntegerField(min_value=0)
    disagree_count = serializers.IntegerField(min_value=0)


class CommentBody(StrictSerializer):
    """An argument, or with `parent` a reply."""

    body = serializers.CharField(max_length=LONGEST_BODY, help_text="Markdown")
    stance = serializers.ChoiceField(Stance.choices, default=Stance.NEUTRAL)
    parent = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=2**63 - 1,
        help_text="id of the comment that this one answers",
    )


class NewWords(StrictSerializer):
    """Other words for a comment of one's own; without any nothing changes."""

    body = serializers.CharField(max_length=LONGEST_BODY, required=False, help_text="Markdown")


class CommentSerializer(serializers.Serializer[Any]):
    """An argument (depth 0) or a reply. What is withdrawn or hidden keeps its place without words."""

    id = serializers.IntegerField()
    subject = serializers.IntegerField()
    parent = serializers.IntegerField(allow_null=True)
    root = serializers.IntegerField(allow_null=True, help_text="the argument that it is read under")
    depth = serializers.IntegerField(min_value=0, max_value=MAX_DEPTH)
    state = serializers.ChoiceField(STATES)
    author = PersonSerializer(allow_null=True, help_text="null unless it stands")
    stance = serializers.ChoiceField(Stance.choices)
    body = serializers.CharField(allow_blank=True, help_text="Markdown; empty unless it stands")
    language = serializers.CharField()
    support_count = serializers.IntegerField(min_value=0)
    reply_count = serializers.IntegerField(min_value=0)
    is_supported = serializers.BooleanField(help_text="by the person who asks")
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField(help_text="page for people")


class SourceBody(StrictSerializer):
    """A document to put beside a subject."""

    title = serializers.CharField(max_length=300)
    url = serializers.RegexField(
        r"^https?://",
        max_length=2000,
        help_text="begins with http:// or https://",
        error_messages={"invalid": _("Enter a web address that begins with http:// or https://.")},
    )
    category = serializers.ChoiceField(SourceCategory.choices)
    note = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, default="", help_text="what it shows"
    )


class SourceSerializer(serializers.Serializer[Any]):
    """A document beside a subject."""

    id = serializers.IntegerField()
    subject = serializers.IntegerField()
    author = PersonSerializer()
    title = serializers.CharField()
    url = serializers.CharField(help_text="of the document")
    category = serializers.ChoiceField(SourceCategory.choices)
    note = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


_COMMENT = (
    "pk", "subject_id", "parent_id", "root_id", "depth", "stance", "body", "language",
    "support_count", "reply_count", "created_at", "edited_at", "withdrawn_at", "hidden_at",
    "author_id", "author__name", "author__closed_at",
)  # fmt: skip
_SOURCE = (
    "pk", "subject_id", "title", "url", "category", "note", "created_at",
    "author_id", "author__name", "author__closed_at",
)  # fmt: skip


def comment_values(user: Any, subject: Subject) -> QuerySet[Comment, dict[str, Any]]:
    """The comments on a subject as dictionaries that `comment_row` shows."""
    rows = Comment.objects.filter(subject=subject).with_support_of(user)
    return rows.annotate(is_official=_is_official(subject)).values(
        *_COMMENT, "is_supported", "is_official"
    )


def source_values(subject: Subject) -> QuerySet[Source, dict[str, Any]]:
    """The sources that stand beside a subject as dictionaries that `source_row` shows."""
    rows = Source.objects.filter(subject=subject, hidden_at=None, withdrawn_at=None)
    return rows.annotate(is_official=_is_official(subject)).values(*_SOURCE, "is_official")


def _is_official(subject: Subject) -> Exists:
    body = subject.process.organisation_id
    return Exists(Membership.objects.filter(user=OuterRef("author_id"), organisation=body))


def comment_as_values(comment: Comment, user: Any, *, is_supported: bool = False) -> dict[str, Any]:
    """A comment of the person `user` that was written just now, as `comment_row` wants it."""
    return _values(comment, _COMMENT) | {
        "is_supported": is_supported,
        "is_official": bool(user.role_in(comment.subject.process.organisation_id)),
    }


def source_as_values(source: Source, user: Any) -> dict[str, Any]:
    """The same for a source."""
    is_official = bool(user.role_in(source.subject.process.organisation_id))
    return _values(source, _SOURCE) | {"is_official": is_official}


def _values(row: Any, columns: tuple[str, ...]) -> dict[str, Any]:
    return {name: attrgetter(name.replace("__", "."))(row) for name in columns}


def _author(row: Mapping[str, Any]) -> dict[str, Any]:
    return person_row(
        row["author_id"],
        row["author__name"],
        row["author__closed_at"],
        is_official=row["is_official"],
    )


def state_of(hidden_at: Any, withdrawn_at: Any) -> str:
    """One of STATES."""
    if hidden_at is not None:
        return "hidden"
    return "withdrawn" if withdrawn_at is not None else "standing"


def comment_row(row: Mapping[str, Any], pages: str) -> dict[str, Any]:
    """`pages` stands before the paths of pages."""
    state = state_of(row["hidden_at"], row["withdrawn_at"])
    stands = state == "standing"
    return {
        "id": row["pk"],
        "subject": row["subject_id"],
        "parent": row["parent_id"],
        "root": row["root_id"],
        "depth": row["depth"],
        "state": state,
        "author": _author(row) if stands else None,
        "stance": row["stance"],
        "body": row["body"] if stands else "",
        "language": row["language"],
        "support_count": row["support_count"],
        "reply_count": row["reply_count"],
        "is_supported": row["is_supported"],
        "created_at": row["created_at"],
        "edited_at": row["edited_at"],
        "url": f"{pages}/subjects/comments/{row['pk']}/",
    }


def source_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["pk"],
        "subject": row["subject_id"],
        "author": _author(row),
        "title": row["title"],
        "url": row["url"],
        "category": row["category"],
        "note": row["note"],
        "created_at": row["created_at"],
    }


def standing_row(standing: Standing) -> dict[str, Any]:
    """A position after it was taken."""
    counts = standing.counts
    return {
        "subject": standing.subject.pk,
        "value": standing.value,
        "agree_count": counts.agree,
        "mixed_count": counts.mixed,
        "disagree_count": counts.disagree,
    }
