"""What was counted, and files of it."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from voting.models.poll import Poll


class Outcome(models.Model):
    """A result as it was counted once, after the end. Pages read this, never the ballots.

    `question` is a question's key, or "" for the whole poll (turnout, quorum, channels).
    `method` names what computed it and `version` which edition; `input_digest` is the SHA-256 of what
    was counted, so that anyone can count again. `result` is what tables and drawings show.
    """

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="outcomes")
    question = models.CharField(max_length=40, blank=True)
    method = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    input_digest = models.CharField(max_length=64)
    result = models.JSONField()
    counted_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["poll_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "question", "method"], name="one_outcome_each"),
        ]
        triggers = [
            pgtrigger.Protect(name="outcomes_stay", operation=pgtrigger.Delete | pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id} {self.question} {self.method}"


class Export(models.Model):
    """A file of answers that is being made in the background, with progress, and may fail visibly.

    `done_count` of `total_count` rows are written; `resume_after` is the key of the last one.
    """

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="exports")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    format = models.CharField(max_length=16)
    languages = ArrayField(models.CharField(max_length=8), default=list)
    path = models.CharField(max_length=200, blank=True)
    total_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    resume_after = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"export {self.pk} of {self.poll_id}"
