"""Who is told what. The rows are the queue."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from notifications.kinds import LETTERS, Channel
from processes.kinds import EntryKind
from processes.models import Entry, Process, Subject


class Subscription(models.Model):
    """A person's wish about mail: for one process, or (process null) for all of them.

    Without a row a person who took part gets mail. `ended_at` set: no mail.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions")
    process = models.ForeignKey(Process, models.CASCADE, null=True, blank=True)
    since_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "process"],
                name="one_subscription",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} to {self.process_id or 'all'}"


class FollowQuerySet(models.QuerySet["Follow"]):
    def for_list(self, user: Any) -> "FollowQuerySet":
        """What the person follows, the newest first, with all that a line about it needs."""
        return (
            self.filter(user=user)
            .select_related("subject__process")
            .only(
                *("user_id", "since_at", "subject__kind", "subject__title", "subject__titles"),
                *("subject__language", "subject__hidden_at", "subject__withdrawn_at"),
                *("subject__process__kind", "subject__process__slug", "subject__process__title"),
            )
            .order_by("-id")
        )


class Follow(models.Model):
    """That a person wants to be told what becomes of a subject. Whoever stops has no row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="followers")
    since_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[FollowQuerySet] = FollowQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "user"], name="one_follow"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.subject_id}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def for_inbox(self, user: Any) -> "NoticeQuerySet":
        """The person's notices with all that their sentences need, unread ones first."""
        return (
            self.filter(user=user)
            .select_related("entry__actor", "process", "subject")
            .only(
                *("user_id", "kind", "count", "updated_at", "read_at"),
                *("entry__data", "entry__created_at", "entry__actor__name"),
                *("entry__actor__closed_at", "process__kind", "process__slug", "process__title"),
                *("subject__kind", "subject__title", "subject__titles", "subject__language"),
                "subject__author_id",
            )
            .order_by(IsNull(F("read_at"), False), "-updated_at", "-id")
        )


class Notice(models.Model):
    """A line in a person's inbox. Unread notices of one kind about one subject collapse into one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    process = models.ForeignKey(Process, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=32, choices=EntryKind.choices)
    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="+", help_text=_("the latest one")
    )
    count = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["user", "-updated_at", "-id"], name="notice_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "process", "subject"],
                name="one_unread_notice",
                condition=Q(read_at__isnull=True),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def letters_of(self, user: Any) -> "DeliveryQuerySet":
        """The person's result letters as they stand on the site, newest first, with their process."""
        return (
            self.filter(user=user, channel=Channel.SITE, entry__kind__in=LETTERS)
            .select_related("entry__process__organisation")
            .defer("entry__process__search", "entry__process__sample")
            .order_by("-id")
        )


class Delivery(models.Model):
    """One message of one entry to one person by one channel. The row is the queue.

    Claimed by a conditional UPDATE of `claimed_at` and `claimed_by`, the database session of the
    worker: a claim ends with that session, so what a dead worker held is free at once. `sent_at`
    when the mail server took it (or the letter stands on the site); `failed_at` when it never will
    be. `message_id` stays the same over repetitions.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    message_id = models.UUIDField(default=uuid.uuid4, editable=False)
    due_at = models.DateTimeField(db_default=Now())
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.IntegerField(null=True, help_text=_("process id of the database session"))
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "user", "channel"], name="one_delivery_per_channel"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="delivery_queue",
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
            ),
            models.Index(fields=["user", "channel", "-id"], name="delivery_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} to {self.user_id} by {self.channel}"
