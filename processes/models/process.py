"""What is being decided, and when it is open."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, OuterRef, Q
from django.db.models.functions import JSONObject, Least, Now
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Organisation
from processes.kinds import (
    OUTCOMES,
    Activity,
    Audience,
    ProcessKind,
    Status,
)
from processes.search import find
from processes.timetable import Span, Timetable


class Topic(models.Model):
    name = models.JSONField(_("name"), help_text=_("by language"))
    slug = models.SlugField(unique=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


def phases_of(process: str) -> ArraySubquery:
    """All phases of the process that `process` refers to, as JSON objects."""
    return ArraySubquery(
        Phase.objects.filter(process=OuterRef(process)).values(
            span=JSONObject(
                id="id",
                name="name",
                opens_at="opens_at",
                closes_at="closes_at",
                activities="activities",
                audience="audience",
                area_path="area__path",
            )
        )
    )


def timetable_of(phases: list[dict[str, Any]], now: datetime) -> Timetable:
    """The timetable of what `phases_of` gave."""
    return Timetable.of(
        [
            Span(
                id=p["id"],
                name=p["name"],
                opens_at=datetime.fromisoformat(p["opens_at"]),
                closes_at=datetime.fromisoformat(p["closes_at"]),
                activities=frozenset(p["activities"]),
                audience=p["audience"],
                area_path=p["area_path"],
            )
            for p in phases
        ],
        now,
    )


class ProcessQuerySet(models.QuerySet["Process"]):
    def published(self) -> "ProcessQuerySet":
        return self.filter(published_at__isnull=False)

    def visible_to(self, user: Any) -> "ProcessQuerySet":
        """What the public sees, and the unpublished ones of the bodies the person belongs to."""
        if not user.is_authenticated:
            return self.published()
        if user.is_superuser:
            return self
        return self.filter(Q(published_at__isnull=False) | Q(organisation__in=list(user.roles)))

    def with_timetable(self) -> "ProcessQuerySet":
        """Adds phases and the database's clock, so that `process.timetable` costs no query."""
        return self.annotate(phases_json=phases_of("pk"), clock=Now())

    def with_status(self) -> "ProcessQuerySet":
        """Adds `status` as of the database's clock (see `Status`), from its dates."""
        now = Now()
        return self.annotate(
            status=models.Case(
                models.When(closed_at__lte=now, then=models.Value(Status.CLOSED.value)),
                models.When(closes_at__lte=now, then=models.Value(Status.CLOSED.value)),
                models.When(opens_at__gt=now, then=models.Value(Status.UPCOMING.value)),
                models.When(opens_at__isnull=True, then=models.Value(Status.UPCOMING.value)),
                default=models.Value(Status.OPEN.value),
                output_field=models.CharField(),
            )
        )

    def for_list(self) -> "ProcessQuerySet":
        """With body and area, without the columns that only the database reads. One query."""
        return self.select_related("organisation", "area").defer("search", "sample")

    def ended_last(self) -> "ProcessQuerySet":
        """Those that ended last come first; adds `ended_at`."""
        ended = Least("closed_at", "closes_at")
        return self.annotate(ended_at=ended).order_by("-ended_at", "-pk")

    def open_now(self) -> "ProcessQuerySet":
        return self.with_status().filter(status=Status.OPEN)

    def with_outcome(self) -> "ProcessQuerySet":
        """Adds the figures of `OUTCOMES`: what became of contributions, as apps above count it."""
        return self.annotate(**{name: count() for name, (count, _say) in OUTCOMES.items()})

    def search(self, text: str, *languages: str) -> "ProcessQuerySet":
        """Those that match what somebody typed, best first (see `processes.search.find`)."""
        return find(self, text, languages)  # type: ignore[return-value]


class Process(models.Model):
    """One thing that is being decided: what every kind of participation has in common.

    `opens_at` and `closes_at` are the first opening and the last closing of its phases, kept
    beside them by the one action that sets phases. `closed_at` is set when it is closed for good.
    Counters: see docs/architecture.md and `manage.py recount`.
    """

    kind = models.CharField(max_length=16, choices=ProcessKind.choices)
    slug = models.SlugField(max_length=120, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="processes")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)
    topics = models.ManyToManyField(Topic, blank=True)
    title = models.JSONField(_("title"), help_text=_("by language"))
    summary = models.JSONField(_("summary"), default=dict, help_text=_("by language"))
    languages = ArrayField(models.CharField(max_length=8), default=list)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    results_published_at = models.DateTimeField(null=True, blank=True)
    results_summary = models.JSONField(default=dict, blank=True, help_text=_("by language"))
    participant_count = models.PositiveIntegerField(default=0)
    contribution_count = models.PositiveIntegerField(default=0)
    position_count = models.PositiveIntegerField(default=0)
    search = models.GeneratedField(
        expression=Func("title", "summary", function="kenes_process_vector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    sample = models.GeneratedField(
        expression=Func("title", "summary", function="kenes_process_sample"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects: ClassVar[ProcessQuerySet] = ProcessQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = _("processes")
        ordering = ["-published_at", "-id"]
        indexes = [
            GinIndex(fields=["search"], name="process_search"),
            GinIndex(fields=["sample"], name="process_similar", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["-published_at", "-id"], name="process_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ProcessKind.values), name="process_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(published_at__isnull=False),
                name="process_closed_only_if_published",
            ),
            models.CheckConstraint(
                condition=Q(results_published_at__isnull=True) | Q(closed_at__isnull=False),
                name="results_only_after_closing",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @cached_property
    def timetable(self) -> Timetable:
        """Its phases and the database's clock: no query after `with_timetable()`, else one."""
        if not hasattr(self, "phases_json"):
            fresh = Process.objects.with_timetable().get(pk=self.pk)
            return timetable_of(fresh.phases_json, fresh.clock)  # type: ignore[attr-defined]
        return timetable_of(self.phases_json, self.clock)  # type: ignore[attr-defined]


class Phase(models.Model):
    """A span of time, what it opens and to whom. From `opens_at` (included) to `closes_at` (excluded)."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="phases")
    name = models.JSONField(_("name"), help_text=_("by language"))
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    activities = ArrayField(models.CharField(max_length=24, choices=Activity.choices))
    audience = models.CharField(max_length=16, choices=Audience.choices, default=Audience.SIGNED_IN)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["opens_at", "closes_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="phase_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=~Q(audience=Audience.RESIDENTS) | Q(area__isnull=False),
                name="phase_for_residents_names_the_area",
            ),
            models.CheckConstraint(
                condition=Q(activities__contained_by=Activity.values),
                name="phase_activities_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id} {self.opens_at:%Y-%m-%d} – {self.closes_at:%Y-%m-%d}"
