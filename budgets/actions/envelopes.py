"""The money of a budget: its envelopes, and the categories of its projects. Until voting opens."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Area
from budgets.actions.declaring import LARGEST_COUNT, locked
from budgets.models import Budget, Category, Envelope
from budgets.permissions import may_declare
from common.html import clean_text
from common.verdicts import Refused, no, require
from voting.questionnaire.conditions import RESERVED

Texts = Mapping[str, str]
MOST_ENVELOPES, MOST_CATEGORIES = 100, 60
LARGEST_AMOUNT = Decimal(10) ** 12


@transaction.atomic
def add_envelope(
    actor: Any, *, budget: Budget, title: Texts, amount: Decimal, area: Area | None = None
) -> Envelope:
    """One more envelope, the last in order. Its title is {language: text}."""
    held = _held(actor, budget)
    keys = list(held.envelopes.values_list("key", flat=True))
    if len(keys) >= MOST_ENVELOPES:
        raise Refused(no("too_many", _("There are as many as there can be."), 409))
    return Envelope.objects.create(
        budget=budget,
        key=_free_key(title, keys, "envelope"),
        title=_titled(title),
        amount=_fit(amount),
        area=area,
        order=_next(held.envelopes.all()),
    )


@transaction.atomic
def edit_envelope(
    actor: Any, *, envelope: Envelope, title: Texts, amount: Decimal, area: Area | None
) -> Envelope:
    """Change an envelope. Its key, by which files name it, stays."""
    _held(actor, envelope.budget)
    envelope.title, envelope.amount, envelope.area = _titled(title), _fit(amount), area
    envelope.save(update_fields=["title", "amount", "area"])
    return envelope


@transaction.atomic
def remove_envelope(actor: Any, *, envelope: Envelope) -> None:
    """Take an envelope out. Refused while there are projects for its money, whatever their stage."""
    _held(actor, envelope.budget)
    if envelope.projects.exists():
        message = _("There are projects for the money of this envelope. Move them first.")
        raise Refused(no("has_projects", message, 409))
    envelope.delete()


@transaction.atomic
def move_envelope(actor: Any, *, envelope: Envelope, step: int) -> bool:
    """Move it among the others by `step` places. Whether it moved."""
    held = _held(actor, envelope.budget)
    return _moved(list(held.envelopes.all()), envelope, step)


@transaction.atomic
def add_category(actor: Any, *, budget: Budget, title: Texts, minimum: int = 0) -> Category:
    """One more category. `minimum`: how many of its projects are chosen at least in each envelope."""
    held = _held(actor, budget)
    keys = list(held.categories.values_list("key", flat=True))
    if len(keys) >= MOST_CATEGORIES:
        raise Refused(no("too_many", _("There are as many as there can be."), 409))
    return Category.objects.create(
        budget=budget,
        key=_free_key(title, keys, "category"),
        title=_titled(title),
        minimum=_minimum(minimum),
        order=_next(held.categories.all()),
    )


@transaction.atomic
def edit_category(actor: Any, *, category: Category, title: Texts, minimum: int) -> Category:
    """Change a category. Its key, by which files name it, stays."""
    _held(actor, category.budget)
    category.title, category.minimum = _titled(title), _minimum(minimum)
    category.save(update_fields=["title", "minimum"])
    return category


@transaction.atomic
def remove_category(actor: Any, *, category: Category) -> None:
    """Take a category out. Refused while there are projects in it, whatever their stage."""
    _held(actor, category.budget)
    if category.projects.exists():
        message = _("There are projects in this category. Move them first.")
        raise Refused(no("has_projects", message, 409))
    category.delete()


@transaction.atomic
def move_category(actor: Any, *, category: Category, step: int) -> bool:
    """Move it among the others by `step` places. Whether it moved."""
    held = _held(actor, category.budget)
    return _moved(list(held.categories.all()), category, step)


def _held(actor: Any, budget: Budget) -> Budget:
    """The budget, held, for somebody who may declare now."""
    held = locked(budget)
    require(may_declare(actor, held))
    return held


def _titled(title: Texts) -> dict[str, str]:
    """A title by language, cleaned; at least one of them is there."""
    texts = {code: clean_text(text).strip() for code, text in title.items()}
    texts = {code: text for code, text in texts.items() if text}
    if not texts:
        raise Refused(no("title_missing", _("Give it a title."), 400))
    if any(len(text) > settings.TITLE_LIMIT for text in texts.values()):
        raise Refused(no("too_long", _("This text is too long."), 400))
    return texts


def _fit(amount: Decimal) -> Decimal:
    """An amount of money to the cent. Refuses nothing, less than nothing, parts of a cent."""
    if not amount.is_finite() or not 0 < amount < LARGEST_AMOUNT:
        message = _("Write an amount that is more than nothing.")
        raise Refused(no("amount_unfit", message, 400))
    if amount != amount.quantize(Decimal("0.01")):
        raise Refused(no("amount_unfit", _("An amount has two decimals at most."), 400))
    return amount


def _minimum(number: int) -> int:
    if not 0 <= number <= LARGEST_COUNT:
        raise Refused(no("number_unfit", _("This number is too large or too small."), 400))
    return number


def _free_key(title: Texts, taken: Iterable[str], stem: str) -> str:
    """A short name for files: from the first title that gives one in ASCII, with a number if taken."""
    words = (slugify(text, allow_unicode=False)[:34].strip("-_") for text in title.values())
    base = next((word for word in words if word and word not in RESERVED), stem)
    used = set(taken)
    if base not in used:
        return base
    return next(key for n in range(2, len(used) + 3) if (key := f"{base}-{n}") not in used)


def _next(rows: models.QuerySet[Any]) -> int:
    last: int | None = rows.aggregate(last=models.Max("order"))["last"]
    return 0 if last is None else last + 1


def _moved(rows: list[Any], row: Any, step: int) -> bool:
    """Write the places of all rows anew with this one moved. Whether it moved."""
    place = next(n for n, one in enumerate(rows) if one.pk == row.pk)
    there = min(max(place + step, 0), len(rows) - 1)
    if there == place:
        return False
    rows.insert(there, rows.pop(place))
    for order, one in enumerate(rows):
        if one.order != order:
            one.order = order
            one.save(update_fields=["order"])
    return True
