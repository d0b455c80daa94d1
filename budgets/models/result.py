"""What a rule chose, stored once when the votes are counted."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from budgets.kinds import Rule
from budgets.models.budget import Budget, Envelope


class Allocation(models.Model):
    """What one rule chooses with the money of one envelope, on the ballots that were cast.

    `is_declared`: by the rule that was declared; the others stand for comparison only. `digest` is
    that of the election it was computed from (`budgets.allocation`), `version` the rule's. `result`
    is `Allocation.to_json()` of that package, money as decimal text; in confidential polls without
    small figures and without digest (see `budgets.results.hiding`).
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="allocations")
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="allocations")
    rule = models.CharField(max_length=48, choices=Rule.choices)
    is_declared = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64, blank=True)
    result = models.JSONField()
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["envelope__order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["envelope", "rule", "is_declared"], name="one_allocation_per_rule"
            ),
            models.UniqueConstraint(
                fields=["envelope"],
                name="one_declared_allocation",
                condition=Q(is_declared=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} for {self.envelope_id}"


class Satisfaction(models.Model):
    """What one rule does for the voters, over all envelopes: stored with its allocations.

    `people` cast a ballot that counts, `blank` of them chose nothing. `counts` is {number of their
    projects that are chosen: voters} as text keys, those with a blank ballot left out; a number is
    null where it is hidden. `chosen_count` projects cost `cost` together.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="satisfactions")
    rule = models.CharField(max_length=48, choices=Rule.choices)
    is_declared = models.BooleanField(default=False)
    people = models.PositiveIntegerField()
    blank = models.PositiveIntegerField(null=True)
    counts = models.JSONField()
    chosen_count = models.PositiveIntegerField()
    cost = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "rule", "is_declared"], name="one_satisfaction_per_rule"
            ),
        ]

    def __str__(self) -> str:
        return f"satisfaction by {self.rule} in {self.budget_id}"
