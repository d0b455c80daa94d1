"""What people propose to do with the money."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgets.kinds import Stage
from budgets.models.budget import Budget, Category, Envelope
from processes.models import Subject, phases_of


class ProjectQuerySet(models.QuerySet["Project"]):
    def standing(self) -> "ProjectQuerySet":
        """Neither hidden, withdrawn nor merged into another."""
        return self.filter(
            subject__hidden_at__isnull=True,
            subject__withdrawn_at__isnull=True,
            merged_into__isnull=True,
        )

    def for_ballot(self) -> "ProjectQuerySet":
        """Those that people vote on: standing and published as feasible, in a fixed order."""
        return self.standing().filter(is_feasible=True, decided_at__isnull=False).order_by("number")

    def for_list(self) -> "ProjectQuerySet":
        """With subject, author, envelope and category, without long texts. One query."""
        return self.select_related("subject__author", "envelope", "category").defer(
            "body", "body_html", "decision_html", "subject__text", "subject__search",
            "subject__sample",
        )  # fmt: skip

    def with_frame(self) -> "ProjectQuerySet":
        """With all that frames one project: subject, process, body, budget, poll, phases and the
        database's clock (see `Project.take_frame`). One query."""
        return (
            self.select_related(
                "subject__process__organisation", "subject__author", "budget__poll",
                "envelope", "category", "merged_into__subject",
            )
            .defer(
                "subject__text", "subject__search", "subject__sample", "budget__boundaries",
                "budget__about", "budget__about_html", "budget__poll__definition",
                "subject__process__search", "subject__process__sample",
                "merged_into__subject__text", "merged_into__subject__search",
                "merged_into__subject__sample", "merged_into__body", "merged_into__body_html",
            )
            .annotate(phases_json=phases_of("subject__process_id"), clock=Now())
        )  # fmt: skip


class Project(models.Model):
    """One idea for the money. Title, author, counters, hiding and withdrawal stand on its subject.

    `number` is its public number in the budget; `key` is what it is called on ballots. `estimate` is
    what its author thinks it costs. After the assessment was published `is_feasible`, `cost` (compulsory
    if feasible), `running_cost` (a year) and the public reason (`decision_html`) stand here.
    A revision was asked for until `revision_due_at`; `revised_at` is when it came. `rank` is its place
    among the chosen ones (from 1). `spent` and `expected_on` are what the last report said.
    `once` numbers the form it was sent by. Latitude and longitude are WGS 84 degrees.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="projects")
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="project")
    number = models.PositiveIntegerField()
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="projects")
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="projects"
    )
    on_behalf_of = models.CharField(_("on behalf of"), max_length=120, blank=True)
    body = models.TextField(_("text"))
    body_html = models.TextField(editable=False)
    estimate = models.DecimalField(
        _("estimated cost"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    cosignature_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True)
    once = models.UUIDField(null=True, editable=False)
    revision_asked_at = models.DateTimeField(null=True)
    revision_due_at = models.DateTimeField(null=True)
    revision_reason = models.TextField(blank=True)
    revised_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    merged_at = models.DateTimeField(null=True)
    is_feasible = models.BooleanField(null=True)
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    running_cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    decision_html = models.TextField(blank=True, editable=False)
    decision_language = models.CharField(max_length=8, default="en")
    decided_at = models.DateTimeField(null=True)
    chosen_at = models.DateTimeField(null=True)
    rank = models.PositiveIntegerField(null=True)
    started_on = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    spent = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    built_on = models.DateField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    objects: ClassVar[ProjectQuerySet] = ProjectQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["budget_id", "number"]
        indexes = [
            models.Index(fields=["budget", "envelope", "category"], name="project_by_place"),
            models.Index(fields=["budget", "-id"], name="project_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["budget", "number"], name="one_project_per_number"),
            models.UniqueConstraint(
                fields=["once"], name="project_sent_once", condition=Q(once__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(is_feasible__isnull=False),
                name="project_decision_says_what",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True)
                | Q(is_feasible=False)
                | Q(cost__isnull=False, cost__gt=0),
                name="feasible_project_has_a_cost",
            ),
            models.CheckConstraint(
                condition=Q(chosen_at__isnull=True)
                | Q(is_feasible__isnull=False, is_feasible=True),
                name="chosen_project_is_feasible",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__isnull=False,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="project_lies_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(estimate__isnull=True) | Q(estimate__gt=0),
                name="project_estimate_is_positive",
            ),
            models.CheckConstraint(condition=Q(spent__gte=0), name="project_spends_no_less"),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="project_is_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.budget_id} no. {self.number}"

    @property
    def key(self) -> str:
        """What it is called on ballots and in files."""
        return f"p{self.number}"

    @property
    def stage(self) -> str:
        """See `Stage`. Needs the budget with its poll and the subject; no query then."""
        subject, poll = self.subject, self.budget.poll
        if subject.hidden_at is not None:
            return Stage.HIDDEN
        if subject.withdrawn_at is not None:
            return Stage.WITHDRAWN
        if self.merged_into_id is not None:
            return Stage.MERGED
        if self.cancelled_at is not None:
            return Stage.CANCELLED
        if self.built_on is not None:
            return Stage.BUILT
        if self.chosen_at is not None:
            return Stage.BUILDING if self.started_on is not None else Stage.CHOSEN
        if self.decided_at is not None:
            return self._decided(poll)
        if self._is_being_revised():
            return Stage.REVISION
        if self.cosignature_count < self.budget.cosigners_needed:
            return Stage.COSIGNING
        return Stage.PROPOSED

    def _is_being_revised(self) -> bool:
        """Whether its author was asked to revise it, has not done so and still has time."""
        if self.revision_asked_at is None or self.revised_at is not None:
            return False
        return self.revision_due_at is not None and self.revision_due_at > timezone.now()

    def _decided(self, poll: Any) -> str:
        if not self.is_feasible:
            return Stage.NOT_FEASIBLE
        if poll.counted_at is not None:
            return Stage.NOT_CHOSEN
        return Stage.ON_BALLOT if poll.opened_at is not None else Stage.FEASIBLE

    def take_frame(self) -> None:
        """Hand phases and clock of `with_frame()` on to subject and process: no query after that."""
        self.subject.take_frame(self)
        process = self.subject.process
        process.phases_json, process.clock = self.phases_json, self.clock  # type: ignore[attr-defined]
        self.budget.process = process


class ProjectRevision(models.Model):
    """An earlier text of a project, kept when its author edits it."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="revisions")
    title = models.TextField()
    body = models.TextField()
    estimate = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    replaced_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.project_id} until {self.replaced_at:%Y-%m-%d}"


class Cosignature(models.Model):
    """That a person signed a project of somebody else, so that it is assessed."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="cosignatures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cosignatures")
    signed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="one_cosignature"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} signs {self.project_id}"


class Picture(models.Model):
    """A picture of a project or of a report on it, decoded and written anew; `alt` says what it shows."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="pictures")
    report = models.ForeignKey(
        "Report", models.PROTECT, null=True, blank=True, related_name="pictures"
    )
    file = models.FileField(upload_to="budgets/%Y/%m", max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.CharField(_("what it shows"), max_length=300)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(alt=""), name="picture_says_what_it_shows"),
        ]

    def __str__(self) -> str:
        return f"picture {self.pk} of {self.project_id}"


class MergeRequest(models.Model):
    """A public body asks the authors of two projects to make one of them. Both must consent.

    `project` would be merged into `into`. It is over once `merged_at`, `refused_at` or `expires_at`.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="merge_requests")
    into = models.ForeignKey(Project, models.PROTECT, related_name="merge_requests_received")
    reason = models.TextField(_("reason"))
    language = models.CharField(max_length=8, default="en", help_text=_("of the reason"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    project_consented_at = models.DateTimeField(null=True)
    into_consented_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    merged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                name="one_open_merge_request",
                condition=Q(merged_at__isnull=True, refused_at__isnull=True),
            ),
            models.CheckConstraint(condition=~Q(project=F("into")), name="merge_is_of_two"),
            models.CheckConstraint(
                condition=Q(merged_at__isnull=True)
                | Q(project_consented_at__isnull=False, into_consented_at__isnull=False),
                name="merge_has_both_consents",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} into {self.into_id}"
