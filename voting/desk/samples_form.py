"""The form of quotas and margins: a number for each answer about the person."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.texts import localized
from voting.models import Poll, Quota
from voting.questionnaire.definition import Question

HUNDRED = Decimal(100)


def _cell_of(column: str, row: str) -> dict[str, str]:
    """Attributes of a field that stands in a table: what it is called, and how wide it is."""
    return {"aria-label": f"{row}: {column}", "class": "ds-input samples__number"}


class PerCentField(forms.DecimalField):
    """A share in per cent, written with a comma or a point."""

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class SamplesForm(forms.Form):
    """`groups` is [(question, [(label, quota field or None, share field)])] for the template.

    Quotas for people who belong to two kinds at once stand in `combined`, one on a line:
    "sex = f, age = 18-29: 50".
    """

    combined = forms.CharField(
        label=gettext_lazy("Quotas for combined groups"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One on a line, by the keys of answers: sex = f, age = 18-29: 50. Ages in years may be "
            "written as a span."
        ),
    )

    def __init__(
        self, *args: Any, asked: Sequence[Question], takes_quotas: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [question for question in asked if question.option_keys()]
        self.takes_quotas = takes_quotas
        if not takes_quotas:
            del self.fields["combined"]
        for question in self.asked:
            for key, label in self._options(question):
                if takes_quotas:
                    self.fields[f"quota.{question.key}.{key}"] = forms.IntegerField(
                        label=_("Answers wanted: %(group)s") % {"group": label},
                        required=False,
                        min_value=1,
                        max_value=10_000_000,
                        widget=forms.NumberInput(attrs=_cell_of(_("Answers wanted"), label)),
                    )
                self.fields[f"share.{question.key}.{key}"] = PerCentField(
                    label=_("Share of the population in per cent: %(group)s") % {"group": label},
                    required=False,
                    min_value=0,
                    max_value=100,
                    widget=forms.TextInput(
                        attrs={"inputmode": "decimal", **_cell_of(_("Share in per cent"), label)}
                    ),
                )

    @staticmethod
    def _options(question: Question) -> list[tuple[str, str]]:
        return [(o.key, localized(o.label).text) for o in question.options]

    @property
    def groups(self) -> list[tuple[Any, list[tuple[str, Any, Any]]]]:
        return [
            (
                localized(question.title),
                [
                    (
                        label,
                        self[f"quota.{question.key}.{key}"] if self.takes_quotas else None,
                        self[f"share.{question.key}.{key}"],
                    )
                    for key, label in self._options(question)
                ],
            )
            for question in self.asked
        ]

    def clean_combined(self) -> list[tuple[dict[str, str], int]]:
        """[(cell, how many)] of what was typed."""
        return [
            self._line(line) for line in self.cleaned_data["combined"].splitlines() if line.strip()
        ]

    def _line(self, line: str) -> tuple[dict[str, str], int]:
        cell_text, _colon, number = line.rpartition(":")
        cell: dict[str, str] = {}
        for pair in cell_text.split(","):
            name, equals, value = pair.partition("=")
            if not equals or not name.strip() or not value.strip():
                number = ""
            cell[name.strip()] = value.strip()
        if not number.strip().isascii() or not number.strip().isdigit():
            message = _(
                "Write each quota like “sex = f, age = 18-29: 50”. This one is not: %(line)s"
            )
            raise forms.ValidationError(message % {"line": line.strip()[:200]})
        return cell, int(number.strip()[:9])

    def quotas(self) -> list[tuple[dict[str, str], int]]:
        """Every quota that was filled in."""
        if not self.takes_quotas:
            return []
        found: list[tuple[dict[str, str], int]] = []
        for question in self.asked:
            for key, _label in self._options(question):
                wanted = self.cleaned_data.get(f"quota.{question.key}.{key}")
                if wanted:
                    found.append(({question.demographic: key}, wanted))
        return found + self.cleaned_data.get("combined", [])

    def margins(self) -> dict[str, dict[str, str]]:
        """The shares of questions for which any share was filled in."""
        found = {}
        for question in self.asked:
            typed = {
                key: self.cleaned_data.get(f"share.{question.key}.{key}")
                for key, _label in self._options(question)
            }
            if any(share is not None for share in typed.values()):
                found[question.key] = {
                    key: str((share or Decimal(0)) / HUNDRED) for key, share in typed.items()
                }
        return found


def initial_of(poll: Poll, asked: Iterable[Question], quotas: Iterable[Quota]) -> dict[str, Any]:
    """What the form shows of what is stored."""
    by_kind = {question.demographic: question for question in asked}
    initial: dict[str, Any] = {}
    combined = []
    for quota in quotas:
        (name, value), *more = quota.cell.items()
        question = by_kind.get(name)
        if not more and question is not None and value in question.option_keys():
            initial[f"quota.{question.key}.{value}"] = quota.target
        else:
            pairs = ", ".join(f"{name} = {value}" for name, value in quota.cell.items())
            combined.append(f"{pairs}: {quota.target}")
    initial["combined"] = "\n".join(combined)
    margins: Mapping[str, Mapping[str, str]] = poll.margins
    for key, shares in margins.items():
        for category, share in shares.items():
            initial[f"share.{key}.{category}"] = f"{(Decimal(share) * HUNDRED).normalize():f}"
    return initial
