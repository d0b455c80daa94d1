"""Amounts of money in the reader's words: "€125,000" in English, "125 000 €" in French."""

from decimal import Decimal
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext

# Signs that everybody knows; other currencies are named by their code.
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "PLN": "zł", "KZT": "₸", "CZK": "Kč", "RUB": "₽"}
_BEFORE = frozenset({"€", "£", "$"})


def money(amount: Decimal | str | int | None, currency: str) -> str:
    """An exact amount with its currency, "" for None; cents only where there are any.

    A text is a plain decimal number ("1200", "0.50"). Nothing in it breaks at the end of a line.
    """
    return "" if amount is None else _money(Decimal(amount), currency, get_language() or "")


@lru_cache(maxsize=4096)
def _money(amount: Decimal, currency: str, language: str) -> str:
    places = 0 if amount == amount.to_integral_value() else 2
    number = number_format(amount, places, use_l10n=True, force_grouping=True)
    return pattern(currency) % {"amount": number}


def pattern(currency: str) -> str:
    """Where the currency stands beside an amount: words with %(amount)s."""
    if not currency:
        return "%(amount)s"
    sign = _SIGNS.get(currency, currency)
    if sign in _BEFORE:
        words = pgettext("money", "%(sign)s%(amount)s")
    else:
        words = pgettext("money, currency named after the amount", "%(amount)s\u00a0%(sign)s")
    return words % {"amount": "%(amount)s", "sign": sign}
