"""Processes as the API shows them."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import (
    AreaSerializer,
    OrganisationSerializer,
    TextsField,
    area_row,
    organisation_row,
)
from common.texts import localized
from processes.kinds import Activity, Audience, ProcessKind, Status, process_path
from processes.models import Phase, Process, Topic

PHASE_STATES = ("past", "now", "future")


class TopicSerializer(serializers.Serializer[Any]):
    """What a process is about, in a word."""

    slug = serializers.CharField()
    name = serializers.CharField(help_text="in the language of the answer, or the next best")
    names = TextsField()


class ProcessSerializer(serializers.Serializer[Any]):
    """The public frame of every participation. Counters count what stands."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(ProcessKind.choices)
    slug = serializers.CharField()
    title = serializers.CharField(help_text="in the language of the answer, or the next best")
    titles = TextsField()
    summary = serializers.CharField(allow_blank=True)
    summaries = TextsField()
    languages = serializers.ListField(
        child=serializers.CharField(), help_text="in which the text exists, the first one first"
    )
    organisation = OrganisationSerializer()
    area = AreaSerializer(allow_null=True)
    status = serializers.ChoiceField(Status.choices)
    published_at = serializers.DateTimeField(allow_null=True)
    opens_at = serializers.DateTimeField(allow_null=True, help_text="first opening of a phase")
    closes_at = serializers.DateTimeField(allow_null=True, help_text="last closing of a phase")
    closed_at = serializers.DateTimeField(allow_null=True, help_text="when it was closed for good")
    results_published_at = serializers.DateTimeField(allow_null=True)
    participant_count = serializers.IntegerField(min_value=0)
    contribution_count = serializers.IntegerField(
        min_value=0, help_text="proposals, comments and sources"
    )
    position_count = serializers.IntegerField(min_value=0)
    url = serializers.URLField(help_text="page for people")


class PhaseSerializer(serializers.Serializer[Any]):
    """A span of time, what it opens and to whom."""

    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    names = TextsField()
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(help_text="excluded")
    state = serializers.ChoiceField(PHASE_STATES)
    activities = serializers.ListField(child=serializers.ChoiceField(Activity.choices))
    audience = serializers.ChoiceField(Audience.choices)
    area = serializers.CharField(allow_null=True, help_text="slug; whose residents are meant")


def process_row(process: Process, pages: str) -> dict[str, Any]:
    """A row of `for_list().with_status()`. `pages` stands before the paths of pages."""
    return {
        "id": process.pk,
        "kind": process.kind,
        "slug": process.slug,
        "title": localized(process.title).text,
        "titles": process.title,
        "summary": localized(process.summary).text,
        "summaries": process.summary,
        "languages": process.languages,
        "organisation": organisation_row(process.organisation),
        "area": area_row(process.area),
        "status": process.status,  # type: ignore[attr-defined]
        "published_at": process.published_at,
        "opens_at": process.opens_at,
        "closes_at": process.closes_at,
        "closed_at": process.closed_at,
        "results_published_at": process.results_published_at,
        "participant_count": process.participant_count,
        "contribution_count": process.contribution_count,
        "position_count": process.position_count,
        "url": pages + process_path(process),
    }


def phase_rows(process: Process) -> list[dict[str, Any]]:
    """All phases in order of opening. One query, two if the process has no timetable yet."""
    areas = dict(Phase.objects.filter(process=process).values_list("pk", "area__slug"))
    table = process.timetable
    return [
        {
            "id": span.id,
            "name": localized(span.name).text,  # type: ignore[arg-type]
            "names": span.name,
            "opens_at": span.opens_at,
            "closes_at": span.closes_at,
            "state": span.state(table.now),
            "activities": [word for word in Activity.values if word in span.activities],
            "audience": span.audience,
            "area": areas.get(span.id),
        }
        for span in table.spans
    ]


def topic_row(topic: Topic) -> dict[str, Any]:
    return {"slug": topic.slug, "name": localized(topic.name).text, "names": topic.name}
