"""A project, from the idea to the ribbon."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from accounts.serializers import PersonSerializer, TextsField, person_row
from budgets.actions.projects import Idea
from budgets.kinds import Stage
from budgets.models import Budget, Project
from budgets.serializers.amounts import TEXT, AmountField, amount_text
from common.api import StrictSerializer
from common.resources import VerdictSerializer
from processes.models import Subject

LONGEST_BODY = 200_000  # characters that are looked at; what a project may hold is a setting


class ProjectEdit(StrictSerializer):
    """Other words, money or place for a project of one's own; what is left out stays."""

    title = serializers.CharField(max_length=300, required=False)
    body = serializers.CharField(max_length=LONGEST_BODY, required=False, help_text="Markdown")
    envelope = serializers.CharField(max_length=40, required=False, help_text="key")
    category = serializers.CharField(
        max_length=40, required=False, allow_null=True, help_text="key"
    )
    estimate = AmountField(required=False, allow_null=True, help_text=f"what it costs, {TEXT}")
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    latitude = serializers.FloatField(
        required=False, allow_null=True, min_value=-90, max_value=90, help_text="WGS 84 degrees"
    )
    longitude = serializers.FloatField(
        required=False, allow_null=True, min_value=-180, max_value=180, help_text="WGS 84 degrees"
    )
    on_behalf_of = serializers.CharField(
        max_length=120, required=False, allow_blank=True, help_text="a group that it is for"
    )


class ProjectBody(ProjectEdit):
    """An idea for the money. `envelope` may be left out where there is one alone."""

    title = serializers.CharField(max_length=300)
    body = serializers.CharField(max_length=LONGEST_BODY, help_text="Markdown")


class ProjectPictureSerializer(serializers.Serializer[Any]):
    """A picture beside a project or a report."""

    id = serializers.IntegerField()
    alt = serializers.CharField(help_text="what it shows")
    width = serializers.IntegerField(help_text="pixels")
    height = serializers.IntegerField(help_text="pixels")
    url = serializers.URLField()


class RevisionSerializer(serializers.Serializer[Any]):
    """What officials asked the authors to revise."""

    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    reason = serializers.CharField()
    revised_at = serializers.DateTimeField(allow_null=True)


class ProjectSerializer(serializers.Serializer[Any]):
    """What somebody proposes to do with the money. What a moderator hid keeps its place without words."""

    subject = serializers.IntegerField(
        help_text="its id here, and to take positions on, comment, follow"
    )
    budget = serializers.CharField(help_text="slug")
    number = serializers.IntegerField(min_value=1, help_text="in the budget, for people")
    key = serializers.CharField(help_text="on ballots and in files")
    stage = serializers.ChoiceField(Stage.choices)
    envelope = serializers.CharField(help_text="key")
    category = serializers.CharField(allow_null=True, help_text="key")
    author = PersonSerializer(allow_null=True, help_text="null for what is hidden")
    on_behalf_of = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True, help_text="in the language it was written in")
    titles = TextsField()
    body = serializers.CharField(allow_blank=True, help_text="Markdown")
    language = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    latitude = serializers.FloatField(allow_null=True, help_text="WGS 84 degrees")
    longitude = serializers.FloatField(allow_null=True, help_text="WGS 84 degrees")
    estimate = serializers.CharField(allow_null=True, help_text=f"its author's, {TEXT}")
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    revision = RevisionSerializer(allow_null=True)
    merged_into = serializers.IntegerField(allow_null=True, help_text="subject of that project")
    is_feasible = serializers.BooleanField(allow_null=True, help_text="null until published")
    decision_html = serializers.CharField(
        allow_blank=True, help_text="the public reason, as safe HTML"
    )
    decision_language = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)
    cost = serializers.CharField(allow_null=True, help_text=f"official, {TEXT}")
    running_cost = serializers.CharField(allow_null=True, help_text=f"of a year, {TEXT}")
    chosen_at = serializers.DateTimeField(allow_null=True)
    rank = serializers.IntegerField(allow_null=True, help_text="among those chosen, from 1")
    started_on = serializers.DateField(allow_null=True)
    expected_on = serializers.DateField(allow_null=True)
    spent = serializers.CharField(help_text=TEXT)
    built_on = serializers.DateField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    cosignature_count = serializers.IntegerField(min_value=0)
    agree_count = serializers.IntegerField(min_value=0)
    mixed_count = serializers.IntegerField(min_value=0)
    disagree_count = serializers.IntegerField(min_value=0)
    comment_count = serializers.IntegerField(min_value=0)
    source_count = serializers.IntegerField(min_value=0)
    pictures = ProjectPictureSerializer(many=True)
    url = serializers.URLField(help_text="page for people")


class RivalSerializer(serializers.Serializer[Any]):
    """Projects of which at most one can be chosen together with this one."""

    reason = serializers.CharField()
    language = serializers.CharField(help_text="of the reason")
    projects = serializers.ListField(child=serializers.IntegerField(), help_text="subjects")


class MayWithProjectSerializer(serializers.Serializer[Any]):
    """What the person who asks may do now. Positions and comments: see the subject."""

    edit = VerdictSerializer()
    withdraw = VerdictSerializer()
    cosign = VerdictSerializer()
    report = VerdictSerializer()


class ProjectDetailSerializer(ProjectSerializer):
    """A project with what one person sees of it."""

    cosigned = serializers.BooleanField(
        allow_null=True, help_text="whether I signed it; null for who is not signed in"
    )
    followed = serializers.BooleanField(
        allow_null=True, help_text="whether I follow it; null for who is not signed in"
    )
    merged = serializers.ListField(
        child=serializers.IntegerField(), help_text="subjects of projects that became part of it"
    )
    incompatible = RivalSerializer(many=True)
    may = MayWithProjectSerializer()


class CosignatureSerializer(serializers.Serializer[Any]):
    """How many signed a project."""

    subject = serializers.IntegerField()
    cosigned = serializers.BooleanField(help_text="by the person who asks")
    cosignature_count = serializers.IntegerField(min_value=0)
    cosigners_needed = serializers.IntegerField(min_value=0)


ANSWERS = ("consent", "refuse")
MERGER_STATES = ("open", "merged", "refused", "expired")


class MergerBody(StrictSerializer):
    """What an author says to a merger."""

    answer = serializers.ChoiceField(ANSWERS)


class MergerSerializer(serializers.Serializer[Any]):
    """A request to make one project of two. Both authors must consent."""

    id = serializers.IntegerField()
    project = serializers.IntegerField(help_text="subject of what would be merged")
    into = serializers.IntegerField(help_text="subject of what it would become part of")
    reason = serializers.CharField()
    language = serializers.CharField(help_text="of the reason")
    state = serializers.ChoiceField(MERGER_STATES)
    asked_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    project_consented_at = serializers.DateTimeField(allow_null=True)
    into_consented_at = serializers.DateTimeField(allow_null=True)
    refused_at = serializers.DateTimeField(allow_null=True)
    merged_at = serializers.DateTimeField(allow_null=True)
    may_answer = VerdictSerializer()


def project_row(subject: Subject, budget: Budget, pages: str) -> dict[str, Any]:
    """A subject as `api.projects.shown` reads it, in its budget. No query."""
    project: Project = subject.project  # type: ignore[attr-defined]
    project.budget, project.subject = budget, subject
    row = _stage(project, pages) | _decision(project) | _building(project)
    is_hidden = subject.hidden_at is not None
    words = dict.fromkeys(("title", "body", "place", "on_behalf_of", "decision_html"), "")
    return row | _counts(project) | (_hidden(words) if is_hidden else _said(project, pages))


def _stage(project: Project, pages: str) -> dict[str, Any]:
    slug = project.budget.process.slug
    return {
        "subject": project.subject_id,
        "budget": slug,
        "number": project.number,
        "key": project.key,
        "stage": str(project.stage),
        "envelope": project.envelope.key,
        "category": project.category.key if project.category else None,
        "language": project.subject.language,
        "created_at": project.created_at,
        "edited_at": project.edited_at,
        "url": f"{pages}/budgets/{slug}/projects/{project.subject_id}/",
    }


def _hidden(words: Mapping[str, str]) -> dict[str, Any]:
    nothing = ("author", "latitude", "longitude", "revision")
    return {**words, "titles": {}, "pictures": [], **dict.fromkeys(nothing)}


def _said(project: Project, pages: str) -> dict[str, Any]:
    subject, author = project.subject, project.subject.author
    return {
        "author": author
        and person_row(
            author.pk,
            author.name,
            author.closed_at,
            is_official=subject.is_official,  # type: ignore[attr-defined]
        ),
        "on_behalf_of": project.on_behalf_of,
        "title": subject.title,
        "titles": subject.titles or {subject.language: subject.title},
        "body": project.body,
        "place": project.place,
        "latitude": None if project.latitude is None else float(project.latitude),
        "longitude": None if project.longitude is None else float(project.longitude),
        "decision_html": project.decision_html,
        "revision": _revision(project),
        "pictures": picture_rows(
            subject.pictures_json,  # type: ignore[attr-defined]
            f"{pages}/budgets/{project.budget.process.slug}/",
        ),
    }


def _revision(project: Project) -> dict[str, Any] | None:
    if project.revision_asked_at is None:
        return None
    return {
        "asked_at": project.revision_asked_at,
        "due_at": project.revision_due_at,
        "reason": project.revision_reason,
        "revised_at": project.revised_at,
    }


def _decision(project: Project) -> dict[str, Any]:
    return {
        "estimate": amount_text(project.estimate),
        "merged_into": project.merged_into.subject_id if project.merged_into else None,
        "is_feasible": project.is_feasible if project.decided_at else None,
        "decision_language": project.decision_language,
        "decided_at": project.decided_at,
        "cost": amount_text(project.cost),
        "running_cost": amount_text(project.running_cost),
    }


def _building(project: Project) -> dict[str, Any]:
    return {
        "chosen_at": project.chosen_at,
        "rank": project.rank,
        "started_on": project.started_on,
        "expected_on": project.expected_on,
        "spent": amount_text(project.spent),
        "built_on": project.built_on,
        "cancelled_at": project.cancelled_at,
    }


def _counts(project: Project) -> dict[str, Any]:
    names = ("agree_count", "mixed_count", "disagree_count", "comment_count", "source_count")
    counts = {name: getattr(project.subject, name) for name in names}
    return counts | {"cosignature_count": project.cosignature_count}


def picture_rows(pictures: list[dict[str, Any]], base: str) -> list[dict[str, Any]]:
    """Of {"pk", "alt", "width", "height"}. `base` is the budget's page."""
    return [
        {
            "id": row["pk"],
            "alt": row["alt"],
            "width": row["width"],
            "height": row["height"],
            "url": f"{base}pictures/{row['pk']}/",
        }
        for row in pictures
    ]


def rival_rows(project: Any) -> list[dict[str, Any]]:
    """Of a project that `reading.read_project` read."""
    return [
        {
            "reason": row["reason"],
            "language": row["language"],
            "projects": [one["subject"] for one in row["projects"]],
        }
        for row in project.rivals_json
    ]


def idea_of(project: Project) -> Idea:
    """What stands now, to be changed in part."""
    return Idea(
        title=project.subject.title,
        body=project.body,
        envelope=project.envelope_id,
        category=project.category_id,
        estimate=project.estimate,
        place=project.place,
        latitude=project.latitude,
        longitude=project.longitude,
        on_behalf_of=project.on_behalf_of,
    )
