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
    is `Allocation.to_json()` of that package, money as decimal text.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="allocations")
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="allocations")
    rule = models.CharField(max_length=48, choices=Rule.choices)
    is_declared = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64)
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
