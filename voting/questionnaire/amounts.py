"""Money as exact decimal text: costs, envelopes and their sums.

An amount has at most 15 digits before the point and 6 after it, so that the sum of all options of a
question (500 at most) fits into the 28 digits of Python's decimals: every sum here is exact.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from voting.questionnaire.definition import Question

_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?", re.A)
_CURRENCY = re.compile(r"[A-Z]{3}", re.A)
NOTHING = Decimal(0)


def amount_of(text: str) -> Decimal:
    """The amount that a text names, nought for a text that names none (see `is_amount`)."""
    return Decimal(text) if _AMOUNT.fullmatch(text) else NOTHING


def is_amount(text: str) -> bool:
    """Whether a text names an amount above nought."""
    return amount_of(text) > NOTHING


def is_currency(code: str) -> bool:
    """Whether a text has the form of an ISO 4217 code."""
    return _CURRENCY.fullmatch(code) is not None


def spent(question: Question, chosen: Iterable[str]) -> Decimal:
    """What these options of a question cost together; keys that are not offered cost nothing."""
    keys = frozenset(chosen)
    return sum((amount_of(o.cost) for o in question.options if o.key in keys), NOTHING)


def plain(amount: Decimal) -> str:
    """The shortest decimal text: no exponent, no zeros at the end, no minus before zero."""
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
