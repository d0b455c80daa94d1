"""Consultations, their text and what people propose, as the API takes and shows them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from rest_framework import serializers

from accounts.models import Membership
from accounts.serializers import PersonSerializer, TextsField, person_row
from answers.kinds import Decision
from answers.serializers import ObligationSerializer, PromiseSerializer, obligation_row
from common.api import StrictSerializer
from common.texts import localized
from consultations.kinds import ProposalKind, SectionKind
from consultations.models import Proposal, Version
from deliberation.serializers import STATES, state_of
from processes.models import Subject
from processes.serializers import PhaseSerializer, ProcessSerializer, TopicSerializer

LONGEST_BODY = 200_000  # characters that are looked at; what a proposal may hold is a setting


class VersionSerializer(serializers.Serializer[Any]):
    """One published state of the whole text."""

    number = serializers.IntegerField(min_value=1)
    name = serializers.CharField(allow_blank=True)
    names = TextsField()
    note = serializers.CharField(allow_blank=True, help_text="what is new")
    notes = TextsField()
    published_at = serializers.DateTimeField(allow_null=True)
    is_current = serializers.BooleanField()


class ConsultationSerializer(ProcessSerializer):
    """A text that people read, argue and rewrite."""

    about = serializers.CharField(allow_blank=True, help_text="Markdown")
    abouts = TextsField()
    topics = TopicSerializer(many=True)
    phases = PhaseSerializer(many=True)
    current_version = serializers.IntegerField(allow_null=True, help_text="number")
    versions = VersionSerializer(many=True)
    promise = PromiseSerializer(allow_null=True)
    results_summary = serializers.CharField(allow_blank=True)
    results_summaries = TextsField()


class LawChangeSerializer(serializers.Serializer[Any]):
    """What an article changes in existing law."""

    title = serializers.CharField(allow_blank=True)
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class SectionSerializer(serializers.Serializer[Any]):
    """A part or article in one version and language. Counters are of today, whatever the version."""

    id = serializers.IntegerField()
    subject = serializers.IntegerField(
        allow_null=True, help_text="id to take positions on, comment, …; null before publication"
    )
    kind = serializers.ChoiceField(SectionKind.choices)
    version = serializers.IntegerField(min_value=1)
    language = serializers.CharField()
    order = serializers.IntegerField(min_value=0, help_text="place in the text, from 0")
    level = serializers.IntegerField(min_value=0, help_text="depth in the tree, from 0")
    parent = serializers.IntegerField(allow_null=True, help_text="id of the part it stands in")
    label = serializers.CharField(allow_blank=True, help_text="how the text calls it")
    number = serializers.CharField(allow_blank=True)
    heading = serializers.CharField(allow_blank=True)
    body = serializers.CharField(allow_blank=True, help_text="Markdown")
    explanation = serializers.CharField(allow_blank=True, help_text="Markdown")
    law_changes = LawChangeSerializer(many=True)
    agree_count = serializers.IntegerField(min_value=0)
    mixed_count = serializers.IntegerField(min_value=0)
    disagree_count = serializers.IntegerField(min_value=0)
    comment_count = serializers.IntegerField(min_value=0)
    source_count = serializers.IntegerField(min_value=0)
    amendment_count = serializers.IntegerField(min_value=0)
    new_article_count = serializers.IntegerField(min_value=0)
    url = serializers.URLField(allow_null=True, help_text="page for people")


class ProposalBody(StrictSerializer):
    """An amendment (of the article `section`) or a new article (in the part `section`, or anywhere)."""

    kind = serializers.ChoiceField(ProposalKind.choices)
    section = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=2**63 - 1,
        help_text="id of the article or part; an amendment needs it",
    )
    title = serializers.CharField(
        max_length=300,
        required=False,
        allow_blank=True,
        default="",
        help_text="a new article needs it; an amendment gets one",
    )
    body = serializers.CharField(max_length=LONGEST_BODY, help_text="the whole wording, Markdown")
    reason = serializers.CharField(
        max_length=LONGEST_BODY, required=False, allow_blank=True, default="", help_text="Markdown"
    )


class ProposalEdit(StrictSerializer):
    """Other words for a proposal of one's own; what is left out stays."""

    title = serializers.CharField(max_length=300, required=False)
    body = serializers.CharField(max_length=LONGEST_BODY, required=False)
    reason = serializers.CharField(max_length=LONGEST_BODY, required=False, allow_blank=True)
    confirmed_resets = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=2**31 - 1,
        help_text="positions on the old text that may be reset; else 409 `positions_would_reset`",
    )


class ProposalSerializer(serializers.Serializer[Any]):
    """An amendment or a new article. What a moderator hid keeps its place without words."""

    id = serializers.IntegerField()
    subject = serializers.IntegerField(help_text="id to take positions on, comment, answer")
    consultation = serializers.CharField(help_text="slug")
    kind = serializers.ChoiceField(ProposalKind.choices)
    section = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField(
        allow_null=True, help_text="number of the version that an amendment was written on"
    )
    state = serializers.ChoiceField(STATES)
    author = PersonSerializer(allow_null=True, help_text="null for what is hidden")
    title = serializers.CharField(allow_blank=True)
    body = serializers.CharField(allow_blank=True, help_text="the whole wording, Markdown")
    reason = serializers.CharField(allow_blank=True, help_text="Markdown")
    language = serializers.CharField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    agree_count = serializers.IntegerField(min_value=0)
    mixed_count = serializers.IntegerField(min_value=0)
    disagree_count = serializers.IntegerField(min_value=0)
    comment_count = serializers.IntegerField(min_value=0)
    source_count = serializers.IntegerField(min_value=0)
    decision = serializers.ChoiceField(
        Decision.choices, allow_null=True, help_text="of the official answer"
    )
    obligation = ObligationSerializer(allow_null=True, help_text="the answer that is owed")
    url = serializers.URLField(help_text="page for people")


def version_row(version: Version, current_id: int | None) -> dict[str, Any]:
    return {
        "number": version.number,
        "name": localized(version.name).text,
        "names": version.name,
        "note": localized(version.note).text,
        "notes": version.note,
        "published_at": version.published_at,
        "is_current": version.pk == current_id,
    }


SECTION = (
    "pk", "section_id", "section__kind", "section__subject_id", "section__subject__kind",
    "language", "order", "level", "parent_id", "label", "number", "heading", "body",
    "explanation", "law_changes", "section__subject__agree_count",
    "section__subject__mixed_count", "section__subject__disagree_count",
    "section__subject__comment_count", "section__subject__source_count",
    "section__subject__amendment_count", "section__subject__new_article_count",
)  # fmt: skip


def section_row(row: Mapping[str, Any], version: int, base: str) -> dict[str, Any]:
    """A wording's values as SECTION names them. `base` is the consultation's page."""
    subject = row["section__subject_id"]
    page = f"draft/#part-{subject}" if row["section__subject__kind"] == "part" else None
    return {
        "id": row["section_id"],
        "subject": subject,
        "kind": row["section__kind"],
        "version": version,
        "language": row["language"],
        "order": row["order"],
        "level": row["level"],
        "parent": row["parent_id"],
        "label": row["label"],
        "number": row["number"],
        "heading": row["heading"],
        "body": row["body"],
        "explanation": row["explanation"],
        "law_changes": law_change_rows(row["law_changes"]),
        "agree_count": row["section__subject__agree_count"] or 0,
        "mixed_count": row["section__subject__mixed_count"] or 0,
        "disagree_count": row["section__subject__disagree_count"] or 0,
        "comment_count": row["section__subject__comment_count"] or 0,
        "source_count": row["section__subject__source_count"] or 0,
        "amendment_count": row["section__subject__amendment_count"] or 0,
        "new_article_count": row["section__subject__new_article_count"] or 0,
        "url": base + (page or f"articles/{subject}/") if subject else None,
    }


def law_change_rows(stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: change.get(name) or "" for name in ("title", "before", "after")} for change in stored
    ]


COUNTERS = ("agree_count", "mixed_count", "disagree_count", "comment_count", "source_count")

# The columns of a subject (and of what points at it) that a proposal's row is made of.
PROPOSAL = (
    "pk", "kind", "title", "language", "created_at", "hidden_at", "withdrawn_at", *COUNTERS,
    "author_id", "author__name",
    "author__closed_at", "process__slug", "proposal__id", "proposal__section_id", "proposal__body",
    "proposal__reason", "proposal__edited_at", "proposal__wording__version__number",
    "answer__decision", "obligation__due_at", "obligation__answered_at",
)  # fmt: skip


def proposal_values(subjects: QuerySet[Subject]) -> QuerySet[Subject, dict[str, Any]]:
    """Subjects of proposals as dictionaries that `proposal_row` shows."""
    works_there = Membership.objects.filter(
        user=OuterRef("author_id"), organisation=OuterRef("process__organisation")
    )
    rows = subjects.annotate(now=Now(), is_official=Exists(works_there))
    return rows.values(*PROPOSAL, "now", "is_official", *rows.query.annotations)


def proposal_as_values(
    proposal: Proposal, author: Any, *, slug: str, version: int | None, is_official: bool
) -> dict[str, Any]:
    """A proposal that `author` wrote just now, as `proposal_row` wants it. No query."""
    subject = proposal.subject
    own = ("pk", "kind", "title", "language", "created_at", *COUNTERS)
    return {name: getattr(subject, name) for name in own} | {
        "hidden_at": None,
        "withdrawn_at": None,
        "author_id": author.pk,
        "author__name": author.name,
        "author__closed_at": None,
        "process__slug": slug,
        "proposal__id": proposal.pk,
        "proposal__section_id": proposal.section_id,
        "proposal__body": proposal.body,
        "proposal__reason": proposal.reason,
        "proposal__edited_at": None,
        "proposal__wording__version__number": version,
        "answer__decision": None,
        "obligation__due_at": None,
        "obligation__answered_at": None,
        "now": None,
        "is_official": is_official,
    }


def proposal_row(row: Mapping[str, Any], pages: str) -> dict[str, Any]:
    """Values of a subject as PROPOSAL names them, with `now` and `is_official`."""
    state = state_of(row["hidden_at"], row["withdrawn_at"])
    is_hidden = state == "hidden"
    author = person_row(
        row["author_id"],
        row["author__name"],
        row["author__closed_at"],
        is_official=row["is_official"],
    )
    return {
        "id": row["proposal__id"],
        "subject": row["pk"],
        "consultation": row["process__slug"],
        "kind": row["kind"],
        "section": row["proposal__section_id"],
        "version": row["proposal__wording__version__number"],
        "state": state,
        "author": None if is_hidden else author,
        "title": "" if is_hidden else row["title"],
        "body": "" if is_hidden else row["proposal__body"],
        "reason": "" if is_hidden else row["proposal__reason"],
        "language": row["language"],
        "created_at": row["created_at"],
        "edited_at": row["proposal__edited_at"],
        "agree_count": row["agree_count"],
        "mixed_count": row["mixed_count"],
        "disagree_count": row["disagree_count"],
        "comment_count": row["comment_count"],
        "source_count": row["source_count"],
        "decision": row["answer__decision"],
        "obligation": obligation_row(
            row["obligation__due_at"], row["obligation__answered_at"], row["now"]
        ),
        "url": f"{pages}/consultations/{row['process__slug']}/proposals/{row['pk']}/",
    }
