"""From the vote to the ribbon: steps with dates, and news."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from budgets.kinds import ReportKind
from budgets.models.project import Project

_MOVES_WITH_A_REASON = """
    IF OLD.planned_on <> NEW.planned_on OR OLD.project_id <> NEW.project_id THEN
        RAISE EXCEPTION 'kenes: what was first promised stays';
    END IF;
    IF OLD.expected_on <> NEW.expected_on AND NOT EXISTS (
        SELECT 1 FROM budgets_report r WHERE r.milestone_id = NEW.id AND r.kind = 'delay'
        AND r.expected_on = NEW.expected_on
    ) THEN
        RAISE EXCEPTION 'kenes: a step is put off by a report that says why';
    END IF;
    RETURN NEW;
"""


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
        constraints = [
            models.CheckConstraint(
                condition=Q(expected_on__gte=F("planned_on")), name="milestone_comes_no_earlier"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="milestone_moves_with_a_reason",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_MOVES_WITH_A_REASON,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} by {self.expected_on}"


class Report(models.Model):
    """News of a project that is being carried out. Public, and never changed.

    `spent` is the money spent until then, all in all; `milestone` the step that it is about, which it
    reached (`progress`) or moved to `expected_on` (`delay`, whose text is the reason). `once` numbers
    the form it was sent by.
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
    once = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        triggers = [
            pgtrigger.Protect(name="report_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["once"], name="report_sent_once", condition=Q(once__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(spent__isnull=True) | Q(spent__gte=0), name="report_spends_no_less"
            ),
            models.CheckConstraint(condition=Q(kind__in=ReportKind.values), name="report_kind"),
            models.CheckConstraint(condition=~Q(body=""), name="report_says_something"),
            models.CheckConstraint(
                condition=~Q(kind=ReportKind.DELAY) | Q(expected_on__isnull=False),
                name="delay_says_until_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.project_id}"
