"""What people say about a subject."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.search import SearchVectorField, TrigramSimilarity
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Left, Now
from django.utils.translation import gettext_lazy as _

from deliberation.kinds import MAX_DEPTH, PositionValue, SourceCategory, Stance
from processes.models import Subject, phases_of
from processes.search import alike

LOOKED_AT = 200  # arguments on one subject that are compared with what somebody writes
LOOKED = 400  # characters of each


class Position(models.Model):
    """Where a person stands on a subject. A withdrawn or reset position keeps its row, empty."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="positions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="positions")
    value = models.CharField(  # noqa: DJ001 - null is "no position", not an empty word
        max_length=8, choices=PositionValue.choices, null=True
    )
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    reset_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "user"], name="one_position"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__in=PositionValue.values),
                name="position_value_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.subject_id}: {self.value}"


class CommentQuerySet(models.QuerySet["Comment"]):
    def standing(self) -> "CommentQuerySet":
        return self.filter(hidden_at__isnull=True, withdrawn_at__isnull=True)

    def with_frame(self) -> "CommentQuerySet":
        """Joins subject, process and organisation, adds phases and the database's clock, which the
        subject takes by `take_frame`."""
        return self.select_related("subject__process__organisation").annotate(
            phases_json=phases_of("subject__process_id"), clock=Now()
        )

    def similar_to(
        self, text: str, *, subject: int, languages: Sequence[str] = (), most: int = 3
    ) -> "list[Comment]":
        """Arguments on a subject that say something like `text`, the likest first. One query.

        Among the best supported only (`LOOKED_AT`), so the cost has a bound however many there are.
        """
        text = " ".join(text.split())[:LOOKED]
        query = alike(text, languages)
        if query is None:
            return []
        best = self.standing().filter(subject=subject, depth=0)
        best = best.order_by("-support_count", "-pk").values("pk")[:LOOKED_AT]
        begins = Left("body", LOOKED)
        vector = Func(
            F("language"),
            Value(""),
            begins,
            function="kenes_vector",
            output_field=SearchVectorField(),
        )
        found = self.filter(pk__in=best).annotate(vector=vector).filter(vector=query)
        found = found.annotate(likeness=TrigramSimilarity(begins, text))
        return list(found.order_by("-likeness", "-pk")[:most])

    def with_support_of(self, user: Any) -> "CommentQuerySet":
        """Adds `is_supported`: whether the person supports each comment."""
        if not user.is_authenticated:
            return self.annotate(is_supported=models.Value(False))
        return self.annotate(
            is_supported=Exists(
                Support.objects.filter(comment=OuterRef("pk"), user=user, ended_at__isnull=True)
            )
        )


class Comment(models.Model):
    """An argument (depth 0) or a reply (depth 1 or 2). Never deleted: a tombstone stays.

    `root` is the argument under which a reply is read; it is null on an argument. `once` numbers
    the form that a comment was sent by, so that sending it again posts nothing twice.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies"
    )
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="thread")
    depth = models.PositiveSmallIntegerField(default=0)
    stance = models.CharField(max_length=8, choices=Stance.choices, default=Stance.NEUTRAL)
    body = models.TextField()
    body_html = models.TextField(editable=False)
    language = models.CharField(max_length=8, default="en")
    support_count = models.PositiveIntegerField(default=0)
    reply_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_rule = models.CharField(max_length=32, blank=True)
    once = models.UUIDField(null=True, editable=False)

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(
                fields=["subject", "stance", "-support_count", "-id"],
                name="comment_by_support",
                condition=Q(depth=0),
            ),
            models.Index(fields=["root", "id"], name="comment_thread"),
            models.Index(fields=["author", "-id"], name="comment_of_author"),
            models.Index(fields=["subject", "-id"], name="comment_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["once"], name="comment_sent_once", condition=Q(once__isnull=False)
            ),
            models.CheckConstraint(condition=Q(depth__lte=MAX_DEPTH), name="comment_depth"),
            models.CheckConstraint(
                condition=Q(depth=0, parent__isnull=True, root__isnull=True)
                | Q(depth__gt=0, parent__isnull=False, root__isnull=False),
                name="comment_reply_has_parent",
            ),
            models.CheckConstraint(condition=Q(stance__in=Stance.values), name="comment_stance"),
            models.CheckConstraint(condition=~Q(body=""), name="comment_says_something"),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def is_standing(self) -> bool:
        return self.hidden_at is None and self.withdrawn_at is None


class Support(models.Model):
    """That a person supports a comment; until `ended_at`. `reset_at`: ended by an edit of the text."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="supports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="supports")
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    reset_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="one_support")]

    def __str__(self) -> str:
        return f"{self.user_id} supports {self.comment_id}"


class Source(models.Model):
    """A document that somebody puts beside a subject."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="sources")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sources")
    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(_("link"), max_length=2000)
    category = models.CharField(_("category"), max_length=16, choices=SourceCategory.choices)
    note = models.TextField(_("what it shows"), blank=True)
    language = models.CharField(max_length=8, default="en", help_text=_("of title and note"))
    created_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_rule = models.CharField(max_length=32, blank=True)
    once = models.UUIDField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["subject", "-id"], name="source_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["once"], name="source_sent_once", condition=Q(once__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(category__in=SourceCategory.values),
                name="source_category_is_known",
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="http://") | Q(url__startswith="https://"),
                name="source_is_a_web_address",
            ),
        ]

    def __str__(self) -> str:
        return self.title
