"""Amounts of money in the reader's words: "€125,000" in English, "125 000 €" in French."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import pgettext

from voting.questionnaire.amounts import amount_of

# Signs that everybody knows; other currencies are named by their code.
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "PLN": "zł", "CHF": "CHF", "KZT": "₸", "CZK": "Kč"}
_AFTER = frozenset({"zł", "CHF", "₸", "Kč"})


def money(amount: Decimal | str, currency: str) -> str:
    """An exact amount with its currency; cents only where there are any."""
    value = amount_of(amount) if isinstance(amount, str) else amount
    whole = value == value.to_integral_value()
    return pattern(currency) % {"amount": number_format(value, 0 if whole else 2, True, True)}


def pattern(currency: str) -> str:
    """Where the currency stands beside an amount: words with %(amount)s."""
    if not currency:
        return "%(amount)s"
    sign = _SIGNS.get(currency, currency)
    if len(sign) > 1 or sign in _AFTER:
        words = pgettext("money, currency named after the amount", "%(amount)s\u00a0%(sign)s")
    else:
        words = pgettext("money", "%(sign)s%(amount)s")
    return words % {"amount": "%(amount)s", "sign": sign}
