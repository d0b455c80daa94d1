"""Forms with which people propose what to do with the money."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from budgets.actions.projects import Idea
from budgets.models import Budget, Project
from budgets.reading import Pot, Theme
from common.forms import LONGEST_ID, LongText
from common.ui.choices import SpokenSelect
from common.ui.money import money
from deliberation.forms import OnceForm

_DEGREES = re.compile(r"[-+−]?\d{1,3}(?:[.,]\d{0,15})?", re.ASCII)
_BESIDE_DIGITS = re.compile(r"[\s\u00a0\u202f’'€£$]+")
_PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:(?:,\d{3})+(?:\.\d{2})?|(?:\.\d{3})+(?:,\d{2})?)", re.ASCII)


class DegreesField(forms.CharField):
    """A coordinate in degrees with a point or a comma: 48.8566. Cleans to a Decimal or None."""

    def __init__(self, *, most: int, **options: Any) -> None:
        self.most = most
        attributes = {"inputmode": "text", "autocomplete": "off", "class": "degrees"}
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(required=False, max_length=24, **options)

    def clean(self, value: Any) -> Decimal | None:
        text = str(super().clean(value) or "").strip().replace("−", "-").rstrip("°")
        if not text:
            return None
        if not _DEGREES.fullmatch(text):
            raise ValidationError(_("Write degrees as a number, for example 48.8566."))
        degrees = Decimal(text.replace(",", "."))
        if abs(degrees) > self.most:
            raise ValidationError(
                _("This lies between -%(most)s and %(most)s degrees."), params={"most": self.most}
            )
        return degrees


class AmountField(forms.DecimalField):
    """An amount of money as people write it in any language: 12000, 12,000.50, 12 000,50, 12.000,50."""

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off", "class": "amount"}
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(max_digits=14, decimal_places=2, localize=True, **options)
        self.widget.is_localized = True

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = _BESIDE_DIGITS.sub("", str(value or ""))
        if not text:
            return None
        if _PLAIN.fullmatch(text):
            return Decimal(text.replace(",", "."))
        if _GROUPED.fullmatch(text):
            whole, mark, cents = text.rpartition(text[-3]) if text[-3] in ".," else (text, "", "")
            digits = re.sub(r"\D", "", whole)
            return Decimal(f"{digits}.{cents}" if mark else digits)
        raise ValidationError(_("Write an amount as a number, for example 12500."))


class ProjectForm(OnceForm):
    """A project: what, why, where, from which money, for how much."""

    title = forms.CharField(
        label=_("Title"),
        max_length=settings.TITLE_LIMIT,
        help_text=_("What will be there when it is done, in one line."),
        error_messages={"required": _("Give the project a title.")},
    )
    body = LongText(
        label=_("Description"),
        rows=10,
        help_text=_(
            "What it is, whom it serves, why it is needed. Lines of text; **bold**, lists and links "
            "work as in Markdown."
        ),
        error_messages={"required": _("Describe the project.")},
    )
    envelope = forms.IntegerField(
        label=_("Where the money comes from"),
        widget=SpokenSelect,
        min_value=1,
        max_value=LONGEST_ID,
        error_messages={
            "required": _("Choose where the money comes from."),
            "invalid": _("Choose where the money comes from."),
        },
    )
    category = forms.IntegerField(
        label=_("Category"), widget=SpokenSelect, required=False, min_value=1, max_value=LONGEST_ID
    )
    estimate = AmountField(label=_("What it may cost"), required=False)
    place = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=200,
        help_text=_("In words: a street, a park, a school. “Everywhere” is a place too."),
    )
    latitude = DegreesField(label=_("Latitude"), most=90)
    longitude = DegreesField(label=_("Longitude"), most=180)
    on_behalf_of = forms.CharField(
        label=_("On behalf of a group"),
        required=False,
        max_length=120,
        help_text=_("An association or a school class that proposes it through you."),
    )

    def __init__(self, *args: Any, budget: Budget, pots: list[Pot], themes: list[Theme], **kw: Any):
        super().__init__(*args, **kw)
        envelope, category = self.fields["envelope"], self.fields["category"]
        if len(pots) == 1:
            envelope.initial = pots[0].pk
            envelope.widget = forms.HiddenInput()
        else:
            envelope.widget.choices = [("", _("Choose")), *((p.pk, p.title) for p in pots)]
        if themes:
            category.widget.choices = [("", _("None of them")), *((t.pk, t.title) for t in themes)]
        else:
            category.widget = forms.HiddenInput()
        self.fields["estimate"].help_text = _bounds(budget, pots)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        for name, value, other in (
            ("latitude", latitude, longitude),
            ("longitude", longitude, latitude),
        ):
            if value is None and other is not None and name not in self.errors:
                self.add_error(name, _("Give both coordinates, or neither."))
        return cleaned

    @property
    def idea(self) -> Idea:
        """What was written. Only for a form that is valid."""
        names = set(Idea.__dataclass_fields__)
        return Idea(**{name: v for name, v in self.cleaned_data.items() if name in names})


def _bounds(budget: Budget, pots: list[Pot]) -> str:
    """What an estimate may be, in words."""
    least, most = budget.smallest_cost, budget.largest_cost
    amounts = {
        "least": money(least, budget.currency),
        "most": money(most or max((pot.amount for pot in pots), default=None), budget.currency),
        "currency": budget.currency,
    }
    if least is not None:
        words = _(
            "In %(currency)s, from %(least)s to %(most)s. Leave it empty if you do not know: "
            "officials work out what it costs."
        )
    else:
        words = _(
            "In %(currency)s, %(most)s at most. Leave it empty if you do not know: officials work "
            "out what it costs."
        )
    return words % amounts


def initial_of(project: Project) -> dict[str, Any]:
    """A project as its form begins."""
    return {
        "title": project.subject.title,
        "body": project.body,
        "envelope": project.envelope_id,
        "category": project.category_id,
        "estimate": _short(project.estimate),
        "place": project.place,
        "latitude": _degrees(project.latitude),
        "longitude": _degrees(project.longitude),
        "on_behalf_of": project.on_behalf_of,
    }


def _short(amount: Decimal | None) -> Decimal | int | None:
    """Without cents where there are none."""
    is_whole = amount is not None and amount == amount.to_integral_value()
    return int(amount) if is_whole and amount is not None else amount


def _degrees(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
