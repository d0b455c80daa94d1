"""A budget: the money, how people vote on it, and the rule that chooses."""

from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Area
from budgets.kinds import BallotKind, Rule, Scope, TieRule
from processes.models import Process, phases_of
from voting.models import Poll

_BALLOT_IS_OPEN = """
    IF EXISTS (
        SELECT 1 FROM voting_poll p JOIN budgets_budget b ON b.poll_id = p.id
        WHERE b.id IN ({budgets}) AND p.opened_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'kenes: what was declared for a budget is fixed once voting has opened';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


def _fixed_once_open(name: str, budgets: str = "NEW.budget_id, OLD.budget_id") -> pgtrigger.Trigger:
    """Refuses to change a row of a budget whose voting has opened, or to move it into or out of one.
    `budgets` is SQL for the ids."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=_BALLOT_IS_OPEN.format(budgets=budgets),
    )


# What is declared before voting opens and can never change afterwards.
DECLARED = (
    "currency", "ballot", "scope", "least", "most", "points", "points_each", "rule", "completion",
    "ties", "seed", "support_needed", "poll_id",
)  # fmt: skip
_changed = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in DECLARED)


class BudgetQuerySet(models.QuerySet["Budget"]):
    def with_process(self) -> "BudgetQuerySet":
        """With process, public body and poll. One query."""
        return self.select_related("process__organisation", "process__area", "poll").defer(
            "process__search", "process__sample", "poll__definition", "boundaries"
        )

    def with_timetable(self) -> "BudgetQuerySet":
        """Adds phases and the database's clock (see `Budget.take_frame`). One query."""
        return self.with_process().annotate(phases_json=phases_of("process_id"), clock=Now())


class Budget(models.Model):
    """A process that shares out money among projects.

    Its money lies in one or several envelopes. `smallest_cost` and `largest_cost` bound what a project
    may cost, `cosigners_needed` is how many people must sign a project before it is assessed.
    `least` and `most` bound how many projects a voter ticks or ranks (approval, ranking), `points`
    is what a voter shares out, at most `points_each` of them to one project. `rule`, `completion`
    ("" or "greedy"), `ties` and `seed` (of the lot; "": the digest of the ballots) say how projects
    are chosen, `support_needed` how many votes (or points) a project needs at least. The ballot box is
    `poll`. `boundaries` is GeoJSON that the map draws. `decisions_published_at` says when the
    assessments were published. What is named in DECLARED is fixed once the poll has opened.
    """

    process = models.OneToOneField(Process, models.PROTECT, related_name="budget")
    poll = models.OneToOneField(Poll, models.PROTECT, related_name="budget")
    about = models.JSONField(default=dict, blank=True, help_text=_("Markdown by language"))
    about_html = models.JSONField(default=dict, blank=True, editable=False)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    smallest_cost = models.DecimalField(
        _("smallest cost of a project"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    largest_cost = models.DecimalField(
        _("largest cost of a project"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    cosigners_needed = models.PositiveIntegerField(_("co-signers needed"), default=0)
    ballot = models.CharField(
        _("ballot"), max_length=16, choices=BallotKind.choices, default=BallotKind.APPROVAL
    )
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.ALL)
    least = models.PositiveIntegerField(_("projects at least"), default=1)
    most = models.PositiveIntegerField(_("projects at most"), null=True, blank=True)
    points = models.PositiveIntegerField(_("points to share"), null=True, blank=True)
    points_each = models.PositiveIntegerField(
        _("points for one project at most"), null=True, blank=True
    )
    rule = models.CharField(
        _("rule"), max_length=48, choices=Rule.choices, default=Rule.MES_COST_ADD1
    )
    completion = models.CharField(
        _("what is done with money that is left"),
        max_length=16,
        choices=[("", _("It stays unspent")), ("greedy", _("The most supported that still fit"))],
        default="",
        blank=True,
    )
    ties = models.CharField(
        _("ties"), max_length=32, choices=TieRule.choices, default=TieRule.VOTES
    )
    seed = models.CharField(_("seed of the lot"), max_length=120, blank=True)
    support_needed = models.PositiveIntegerField(_("support needed"), default=0)
    boundaries = models.JSONField(null=True, blank=True)
    map_box = ArrayField(
        models.FloatField(), null=True, blank=True, help_text=_("west, south, east, north")
    )
    created_at = models.DateTimeField(db_default=Now())
    decisions_published_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[BudgetQuerySet] = BudgetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ballot__in=BallotKind.values), name="budget_ballot_is_known"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="budget_scope_is_known"
            ),
            models.CheckConstraint(condition=Q(rule__in=Rule.values), name="budget_rule_is_known"),
            models.CheckConstraint(
                condition=Q(ties__in=TieRule.values), name="budget_tie_rule_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(ballot=BallotKind.SHARE) | Q(points__isnull=False, points__gte=1),
                name="budget_has_points_to_share",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="budget_currency_is_a_code"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="budget_declarations_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF ({_changed}) AND EXISTS (
                        SELECT 1 FROM voting_poll p
                        WHERE p.id = OLD.poll_id AND p.opened_at IS NOT NULL
                    ) THEN
                        RAISE EXCEPTION 'kenes: what was declared for a budget is fixed';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - columns are named above
            ),
        ]

    def __str__(self) -> str:
        return f"budget {self.pk} of {self.process_id}"

    def take_frame(self) -> None:
        """Hand phases and clock of `with_timetable()` on to process and poll: no query after that."""
        process, poll = self.process, self.poll
        process.phases_json, process.clock = self.phases_json, self.clock  # type: ignore[attr-defined]
        poll.phases_json, poll.clock = self.phases_json, self.clock  # type: ignore[attr-defined]
        poll.process = process

    @cached_property
    def envelope_list(self) -> list["Envelope"]:
        """Its envelopes in order. One query, once."""
        return list(self.envelopes.all())

    @property
    def amount(self) -> Decimal:
        """All the money there is."""
        return sum((envelope.amount for envelope in self.envelope_list), Decimal(0))


class Envelope(models.Model):
    """An amount of money for some of the projects: all of them, those of one area, those of one theme.

    `area` says for which place it is. It limits nobody: who may vote is declared for the whole ballot.
    """

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="envelopes")
    key = models.SlugField(max_length=40)
    title = models.JSONField(_("title"), help_text=_("by language"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "key"], name="one_envelope_per_key"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="envelope_holds_money"),
        ]
        triggers = [_fixed_once_open("envelope_stays_once_open")]

    def __str__(self) -> str:
        return f"{self.budget_id} {self.key}"


class Category(models.Model):
    """A theme of projects. `minimum`: how many of them are chosen at least, if the money allows."""

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="categories")
    key = models.SlugField(max_length=40)
    title = models.JSONField(_("title"), help_text=_("by language"))
    minimum = models.PositiveIntegerField(_("projects at least"), default=0)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        verbose_name_plural = _("categories")
        constraints = [
            models.UniqueConstraint(fields=["budget", "key"], name="one_category_per_key"),
        ]
        triggers = [_fixed_once_open("category_stays_once_open")]

    def __str__(self) -> str:
        return f"{self.budget_id} {self.key}"


class Conflict(models.Model):
    """Projects of which at most one can be chosen, and the public reason why."""

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="conflicts")
    projects: Any = models.ManyToManyField(
        "Project", through="ConflictProject", related_name="conflicts"
    )
    reason = models.TextField(_("reason"))
    language = models.CharField(max_length=8, default="en", help_text=_("of the reason"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="conflict_has_a_reason"),
        ]
        triggers = [_fixed_once_open("conflict_stays_once_open")]

    def __str__(self) -> str:
        return f"conflict {self.pk} in {self.budget_id}"


_BUDGETS_OF_CONFLICT = """
    SELECT c.budget_id FROM budgets_conflict c WHERE c.id IN (NEW.conflict_id, OLD.conflict_id)
"""


class ConflictProject(models.Model):
    """That a project is one of those in a conflict."""

    conflict = models.ForeignKey(Conflict, models.CASCADE)
    project = models.ForeignKey("Project", models.CASCADE)

    class Meta:
        db_table = "budgets_conflict_projects"
        unique_together = [("conflict", "project")]
        triggers = [_fixed_once_open("conflict_projects_stay_once_open", _BUDGETS_OF_CONFLICT)]

    def __str__(self) -> str:
        return f"{self.project_id} in conflict {self.conflict_id}"
