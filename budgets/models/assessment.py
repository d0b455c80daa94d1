"""Whether a project can be done, and for how much: who says so, who signs it."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Group
from budgets.kinds import AssessmentStep
from budgets.models.budget import Budget
from budgets.models.project import Project


class Assessor(models.Model):
    """A person or a group of people who assess projects of a budget for its public body."""

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="assessors")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="+")
    since_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["budget", "user"], name="one_assessor_per_person"),
            models.UniqueConstraint(fields=["budget", "group"], name="one_assessor_per_group"),
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(group__isnull=True),
                name="assessor_is_a_person_or_a_group",
            ),
        ]

    def __str__(self) -> str:
        return f"assessor {self.pk} of {self.budget_id}"


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def open(self) -> "AssessmentQuerySet":
        """Not signed yet."""
        return self.filter(signed_at__isnull=True)


class Assessment(models.Model):
    """The assessment of one project, before and after it is public.

    `assessor` or `group` has it, until `due_at`. It is submitted by one person (`proposed_by`) and signed
    by another (`signed_by`); then it can be published, alone or with all others. `reason` is public from
    then on. `cost` is compulsory if feasible, `running_cost` is a year's. `late_at`: found to be late.
    `changed_at` says which text a person has before them. A published one that is taken up again has a
    `correction`: the public note that says why; until it is published anew what was published holds.
    """

    project = models.OneToOneField(Project, models.PROTECT, related_name="assessment")
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    due_at = models.DateTimeField(null=True, blank=True)
    is_feasible = models.BooleanField(_("feasible"), null=True)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=2, null=True, blank=True)
    running_cost = models.DecimalField(
        _("running cost a year"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    reason = models.TextField(_("public reason"), blank=True)
    language = models.CharField(max_length=8, default="en", help_text=_("of the reason"))
    correction = models.TextField(_("why it is corrected"), blank=True)
    correction_language = models.CharField(max_length=8, default="en")
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)

    objects: ClassVar[AssessmentQuerySet] = AssessmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="assessment_queue",
                condition=Q(signed_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed_at__isnull=True)
                | (Q(is_feasible__isnull=False) & ~Q(reason="")),
                name="assessment_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=Q(proposed_at__isnull=True)
                | Q(is_feasible=False)
                | Q(cost__isnull=False, cost__gt=0),
                name="feasible_assessment_has_a_cost",
            ),
            models.CheckConstraint(
                condition=Q(running_cost__isnull=True) | Q(running_cost__gte=0),
                name="running_cost_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True)
                | (
                    Q(proposed_at__isnull=False, proposed_by__isnull=False, signed_by__isnull=False)
                    & ~Q(signed_by=F("proposed_by"))
                ),
                name="assessment_is_signed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(signed_at__isnull=False),
                name="assessment_is_published_after_signing",
            ),
            models.CheckConstraint(
                condition=Q(assessor__isnull=True) | Q(group__isnull=True),
                name="assessment_has_one_assessor",
            ),
        ]

    def __str__(self) -> str:
        return f"assessment of {self.project_id}"


class AssessmentNote(models.Model):
    """A word among those who assess. Never public."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    body = models.TextField(_("note"))
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="note_says_something"),
        ]

    def __str__(self) -> str:
        return f"note {self.pk} on {self.assessment_id}"


class AssessmentEvent(models.Model):
    """Who did what to an assessment: its audit trail. Rows are never changed."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="events")
    step = models.CharField(max_length=16, choices=AssessmentStep.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict)
    done_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(
                name="assessment_event_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.step}"
