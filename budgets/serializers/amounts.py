"""Amounts of money: exact decimal text in and out, never a float."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

AMOUNT = r"^[0-9]{1,12}(\.[0-9]{1,2})?$"
TEXT = "decimal text in the budget's currency"


class AmountField(serializers.RegexField):
    """An amount that somebody sends: "12500" or "12500.50"."""

    default_error_messages = {
        "invalid": _('Write an amount as text: digits, such as "12500" or "12500.50".')
    }

    def __init__(self, **options: Any):
        super().__init__(AMOUNT, **options)

    def to_internal_value(self, data: Any) -> Decimal:
        return Decimal(super().to_internal_value(data))


def amount_text(amount: Decimal | None) -> str | None:
    """Exact text with the cents that the database holds: "12500.00"."""
    return None if amount is None else f"{amount:f}"
