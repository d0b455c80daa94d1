"""Amounts of money as people write them."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_GAPS = re.compile(r"[\s'’]")  # \s has the spaces that do not break as well
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([.,][0-9]{3})+", re.A)


def plain_amount(text: str) -> str:
    """An amount as written ("125,000.50", "125 000,50", "1.250") as a plain decimal number.

    Three digits after a mark are a group, for no currency here has thousandths; of two different
    marks the last one is that of the decimals. What is no number stays as it is.
    """
    text = _GAPS.sub("", text)
    if _GROUPED.fullmatch(text) and len(set(re.findall(r"[.,]", text))) == 1:
        return re.sub(r"[.,]", "", text)
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return text
    whole, cents = text[:last], text[last + 1 :]
    mark = text[last]
    if mark in whole:
        return text
    return f"{re.sub(r'[.,]', '', whole)}.{cents}"


class MoneyField(forms.DecimalField):
    """An exact amount of more than nothing, to the cent. Spaces, commas and points between groups of
    digits are understood."""

    default_error_messages = {
        "invalid": _("Write an amount in digits, such as 12500 or 12500.50."),
        "min_value": _("Write an amount that is more than nothing."),
        "max_decimal_places": _("An amount has two decimals at most."),
    }

    def __init__(self, **options: Any):
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(min_value=Decimal("0.01"), max_digits=14, decimal_places=2, **options)

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(plain_amount(value) if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        """Without cents where there are none."""
        if isinstance(value, Decimal) and value.is_finite():
            return f"{value:.0f}" if value == value.to_integral_value() else f"{value:f}"
        return value
