"""What is owed and what was answered."""

from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from answers.kinds import Decision, RuleKind
from processes.models import Process, Subject


class Promise(models.Model):
    """Which contributions to a process are owed a reasoned answer, and until when.

    TOP: the `number` most supported (ties at the last place included). THRESHOLD: all with at
    least `number` people who agree. `due_at` is the last moment to answer. `applied_at` says when
    obligations were made of it last.
    """

    process = models.OneToOneField(Process, models.PROTECT, related_name="promise")
    rule = models.CharField(max_length=16, choices=RuleKind.choices, default=RuleKind.TOP)
    number = models.PositiveIntegerField(_("number"))
    due_at = models.DateTimeField(_("answers are due"))
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rule__in=RuleKind.values), name="promise_rule"),
            models.CheckConstraint(condition=Q(number__gte=1), name="promise_number"),
        ]

    def __str__(self) -> str:
        return f"{self.process_id} {self.rule} {self.number}"


@dataclass(frozen=True, slots=True)
class PromiseCounts:
    """How a promise is kept. `owed` counts all that are owed an answer, `answered` those of them
    that have one, `late` those whose moment has passed without; `waiting` the rest."""

    owed: int
    answered: int
    late: int

    @property
    def waiting(self) -> int:
        return self.owed - self.answered - self.late


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def that_count(self) -> "ObligationQuerySet":
        """Without those that lapsed: withdrawn or hidden before they were answered."""
        stands = Q(subject__withdrawn_at__isnull=True, subject__hidden_at__isnull=True)
        return self.filter(stands | Q(answered_at__isnull=False))

    def counts(self) -> PromiseCounts:
        """Owed, answered and late among these rows, by the database's clock. One query."""
        return PromiseCounts(**self.that_count().aggregate(**_COUNTS))

    def with_counts(self) -> "models.QuerySet[Obligation, dict[str, int]]":
        """`counts` by process, as rows: {"process", "owed", "answered", "late"}."""
        return self.that_count().order_by().values("process").annotate(**_COUNTS)


_COUNTS = {
    "owed": models.Count("pk"),
    "answered": models.Count("pk", filter=Q(answered_at__isnull=False)),
    "late": models.Count("pk", filter=Q(answered_at__isnull=True, due_at__lt=Now())),
}


class Obligation(models.Model):
    """One answer that a body (the debtor) owes for a subject."""

    subject = models.OneToOneField(Subject, models.PROTECT, related_name="obligation")
    process = models.ForeignKey(Process, models.PROTECT, related_name="obligations")
    debtor = models.ForeignKey(Organisation, models.PROTECT, related_name="obligations")
    due_at = models.DateTimeField()
    owed_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True, help_text=_("when it was found to be late"))

    objects: ClassVar[ObligationQuerySet] = ObligationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="obligation_open",
                condition=Q(answered_at__isnull=True),
            ),
            models.Index(fields=["process", "answered_at"], name="obligation_of_process"),
        ]

    def __str__(self) -> str:
        return f"{self.debtor_id} owes {self.subject_id}"


class Answer(models.Model):
    """A public body's reasoned decision on a subject."""

    subject = models.OneToOneField(Subject, models.PROTECT, related_name="answer")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=16, choices=Decision.choices)
    body = models.TextField(_("reason"))
    body_html = models.TextField(editable=False)
    language = models.CharField(max_length=8, default="en", help_text=_("of the reason"))
    answered_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values),
                name="answer_decision_is_known",
            ),
            models.CheckConstraint(condition=~Q(body=""), name="answer_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id}: {self.decision}"
