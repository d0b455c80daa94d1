"""From the vote to the ribbon: steps with dates, and news."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from budgets.kinds import ReportKind
from budgets.models.project import Project


class Milestone(models.Model):
    """A step of a chosen project. `planned_on` is the first promise and stays; `expected_on` is what is
    thought now; `reached_on` is a fact."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="milestones")
    title = models.JSONField(_("title"), help_text=_("by language"))
    planned_on = models.DateField(_("planned for"))
    expected_on = models.DateField(_("expected on"))
    reached_on = models.DateField(_("reached on"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["expected_on", "id"]

    def __str__(self) -> str:
        return f"{self.project_id} by {self.expected_on}"


class Report(models.Model):
    """News of a project that is being carried out. Public, and never changed.

    `spent` is the money spent until then, all in all; `milestone` the step that it is about, which it
    reached (`progress`) or moved to `expected_on` (`delay`, whose text is the reason).
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=16, choices=ReportKind.choices)
    body = models.TextField(_("text"))
    body_html = models.TextField(editable=False)
    language = models.CharField(max_length=8, default="en", help_text=_("of the text"))
    spent = models.DecimalField(
        _("spent so far"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="reports"
    )
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ReportKind.values), name="report_kind"),
            models.CheckConstraint(condition=~Q(body=""), name="report_says_something"),
            models.CheckConstraint(
                condition=~Q(kind=ReportKind.DELAY) | Q(expected_on__isnull=False),
                name="delay_says_until_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.project_id}"
