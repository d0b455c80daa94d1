"""Amounts of money as people read them."""

from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override

from common.ui.money import money


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        (Decimal("125000.00"), "EUR", "en", "€125,000"),
        (Decimal("125000.50"), "EUR", "en", "€125,000.50"),
        (Decimal("125000.00"), "EUR", "fr", "125\u00a0000\u00a0€"),
        (Decimal("125000.50"), "EUR", "fr", "125\u00a0000,50\u00a0€"),
        ("1200", "PLN", "en", "1,200\u00a0zł"),
        (0, "SEK", "en", "0\u00a0SEK"),
        (Decimal("99999999999.99"), "KZT", "en", "99,999,999,999.99\u00a0₸"),
        (None, "EUR", "en", ""),
        (Decimal(5), "", "en", "5"),
    ],
)
def test_money_is_shown_exactly_and_never_breaks(amount, currency, language, shown):
    with override(language):
        assert money(amount, currency) == shown


def test_the_filter_says_the_same():
    with override("en"):
        said = Template("{{ amount|money:currency }}").render(
            Context({"amount": Decimal(1200), "currency": "EUR"})
        )
    assert said == "€1,200"
