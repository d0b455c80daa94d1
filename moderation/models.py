"""A moderator's decisions, each with its reason."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from deliberation.models import Comment, Source
from moderation.kinds import DecisionKind, Rule
from processes.models import Subject


class Decision(models.Model):
    """Hiding or restoring a proposal (its subject), a comment or a source: exactly one of them."""

    kind = models.CharField(max_length=8, choices=DecisionKind.choices)
    rule = models.CharField(max_length=32, choices=Rule.choices, blank=True)
    reason = models.TextField()
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    subject = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    comment = models.ForeignKey(
        Comment, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__isnull=False, comment__isnull=True, source__isnull=True)
                | Q(subject__isnull=True, comment__isnull=False, source__isnull=True)
                | Q(subject__isnull=True, comment__isnull=True, source__isnull=False),
                name="decision_is_about_one_thing",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rule}"
