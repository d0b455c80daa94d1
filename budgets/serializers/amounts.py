"""Amounts of money: exact decimal text in and out, never a float."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty

AMOUNT = r"^[0-9]{1,12}(\.[0-9]{1,2})?$"
TEXT = "decimal text in the budget's currency"


class AmountField(serializers.RegexField):
    """An amount that somebody sends: "12500" or "12500.50"."""

    default_error_messages = {
        "invalid": _('Write an amount as text: digits, such as "12500" or "12500.50".')
    }

    def __init__(self, **options: Any):
        super().__init__(AMOUNT, **options)

    def run_validation(self, data: Any = empty) -> Decimal | None:
        """The amount, once its text has the right shape."""
        text = super().run_validation(data)
        return Decimal(text) if isinstance(text, str) else text


def amount_text(amount: Decimal | None) -> str | None:
    """Exact text with cents, as the database holds it: "12500.00"."""
    return None if amount is None else f"{amount:.2f}"
