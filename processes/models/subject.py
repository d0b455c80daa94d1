"""What can be talked about, and who took part."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Least, Now
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from common.texts import Localized, named
from processes.kinds import (
    PROPOSAL_KINDS,
    SubjectKind,
)
from processes.models.process import Process, phases_of, timetable_of
from processes.search import find, nearest
from processes.timetable import Timetable


class SubjectQuerySet(models.QuerySet["Subject"]):
    def visible_to(self, user: Any) -> "SubjectQuerySet":
        """Subjects of processes that the person may see (hidden ones included: they are tombstones)."""
        return self.filter(process__in=Process.objects.visible_to(user))

    def with_frame(self) -> "SubjectQuerySet":
        """Joins process and organisation, adds phases and the database's clock: one query for all
        that `is_open_for` asks."""
        return self.select_related("process__organisation").annotate(
            phases_json=phases_of("process_id"), clock=Now()
        )

    def standing(self) -> "SubjectQuerySet":
        """Neither hidden nor withdrawn."""
        return self.filter(hidden_at__isnull=True, withdrawn_at__isnull=True)

    def search(self, text: str, *languages: str) -> "SubjectQuerySet":
        """Those that match what somebody typed, best first (see `processes.search.find`)."""
        return find(self, text, languages)  # type: ignore[return-value]

    def similar_to(
        self,
        text: str,
        *,
        process: int,
        kinds: Sequence[str],
        languages: Sequence[str] = (),
        most: int = 5,
    ) -> "list[Subject]":
        """What stands in a process and says something like `text`, the likest first. One query."""
        rows = self.standing().filter(process_id=process, kind__in=kinds)
        return nearest(rows, text, languages, most)


class Subject(models.Model):
    """A thing that can be talked about. A section or proposal points at its own by OneToOne.

    Counters count what stands: positions not withdrawn; comments, sources and proposals neither
    withdrawn nor hidden. They move in the transaction of the row they count.
    `parent` is the subject under which this one is found (an amendment's article).
    `text` is plain text for search; `sample` its beginning, for similarity; both follow by
    themselves. `author` is who must be told. `title` is in `language`; `titles` has it by language
    where the same thing is called so in several (an article of a text in two languages).
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="subjects")
    kind = models.CharField(max_length=16, choices=SubjectKind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="subjects",
    )
    title = models.TextField()
    titles = models.JSONField(default=dict, blank=True, help_text=_("by language"))
    text = models.TextField(default="", blank=True)
    language = models.CharField(max_length=8, default="en")
    search = models.GeneratedField(
        expression=Func("language", "title", "text", function="kenes_vector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    sample = models.GeneratedField(
        expression=Func("title", "text", function="kenes_sample"),
        output_field=models.TextField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(default=timezone.now)
    locked_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    agree_count = models.PositiveIntegerField(default=0)
    mixed_count = models.PositiveIntegerField(default=0)
    disagree_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    for_count = models.PositiveIntegerField(default=0)
    against_count = models.PositiveIntegerField(default=0)
    source_count = models.PositiveIntegerField(default=0)
    amendment_count = models.PositiveIntegerField(default=0)
    new_article_count = models.PositiveIntegerField(default=0)

    objects: ClassVar[SubjectQuerySet] = SubjectQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="subject_search"),
            GinIndex(fields=["sample"], name="subject_similar", opclasses=["gin_trgm_ops"]),
            models.Index(
                fields=["process", "kind", "-agree_count", "-id"],
                name="subject_by_support",
            ),
            models.Index(
                fields=["parent", "kind", "-agree_count", "-id"],
                name="subject_children",
            ),
            models.Index(
                fields=["process", "-agree_count", "-id"],
                name="proposal_by_support",
                condition=Q(kind__in=PROPOSAL_KINDS),
            ),
            models.Index(
                fields=["process", "-id"],
                name="proposal_by_age",
                condition=Q(kind__in=PROPOSAL_KINDS),
            ),
            models.Index(
                fields=["process", "-comment_count", "-id"],
                name="proposal_by_talk",
                condition=Q(kind__in=PROPOSAL_KINDS),
            ),
            models.Index(
                F("process"),
                Least("agree_count", "disagree_count").desc(),
                F("id").desc(),
                name="proposal_by_contest",
                condition=Q(kind__in=PROPOSAL_KINDS),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SubjectKind.values), name="subject_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown(self) -> Localized:
        """Its title for the reader, with the language that it is in."""
        return named(self.title, self.language, self.titles)

    @property
    def position_count(self) -> int:
        return self.agree_count + self.mixed_count + self.disagree_count

    @property
    def is_standing(self) -> bool:
        """Neither hidden nor withdrawn."""
        return self.hidden_at is None and self.withdrawn_at is None

    def take_frame(self, row: Any) -> None:
        """Take phases and clock from a row that was annotated with them (see `phases_of`)."""
        self.phases_json, self.clock = row.phases_json, row.clock

    @cached_property
    def timetable(self) -> Timetable:
        """The phases of its process: no query after `with_frame()`, else one."""
        if hasattr(self, "phases_json"):
            return timetable_of(self.phases_json, self.clock)  # type: ignore[attr-defined]
        return self.process.timetable


class Participation(models.Model):
    """That a person took part in a process: at least one position or contribution, ever."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="participations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="participations"
    )
    since_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["process", "user"], name="one_participation"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.process_id}"
