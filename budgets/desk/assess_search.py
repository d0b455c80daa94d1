"""Which projects somebody at the desk asks for."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets import awaiting
from budgets.desk import assess_reads as reads
from budgets.models import Project
from common.ui.choices import SpokenSelect

WHOSE = [
    ("", _("Everybody’s")),
    ("mine", _("Mine")),
    ("group", _("Those of my groups")),
    ("nobody", _("Handed to nobody yet")),
]
STATE_WORDS = {
    "waiting": _("To assess"),
    "late": _("Late"),
    "submitted": _("For signature"),
    "signed": pgettext_lazy("assessments", "Signed"),
    "published": pgettext_lazy("assessments", "Published"),
    "revising": _("Being revised"),
    "": pgettext_lazy("assessments", "All"),
}
FIRST = ("waiting", "submitted", "signed", "revising", "published", "")
Choices = Sequence[tuple[Any, Any]]


class QueueSearch(forms.Form):
    """state, whose, envelope, category and q of an address; what is unknown is passed over."""

    q = forms.CharField(label=_("Title or number"), required=False, max_length=200)
    whose = forms.ChoiceField(label=_("Whose"), required=False, choices=WHOSE)
    envelope = forms.ChoiceField(label=_("Envelope"), required=False, widget=SpokenSelect)
    category = forms.ChoiceField(label=_("Category"), required=False, widget=SpokenSelect)

    def __init__(self, fields: Any, *, envelopes: Choices, categories: Choices):
        super().__init__(fields)
        choices = {"envelope": envelopes, "category": categories}
        for name, rows in choices.items():
            self.fields[name].choices = [("", _("All")), *((str(pk), text) for pk, text in rows)]
            if len(rows) < (2 if name == "envelope" else 1):
                del self.fields[name]
        self.is_valid()
        self.asked = {
            name: self.cleaned_data[name] for name in self.fields if self.cleaned_data.get(name)
        }
        state = fields.get("state")
        self.is_stated = state in awaiting.STATES
        self.state: str = state if self.is_stated else "waiting"

    @property
    def query(self) -> str:
        """The address of what is asked for."""
        return urlencode(self.asked | {"state": self.state})

    def open_on(self, numbers: dict[str, int]) -> None:
        """Where no state is asked for: the first that has any, by what most needs somebody."""
        if not self.is_stated:
            self.state = next((state for state in FIRST if numbers[state]), "waiting")

    def onward(self, href: str) -> str:
        """The address of the next part of the list ("": none), of the same state."""
        return href if self.is_stated or not href else f"{href}&state={self.state}"

    def narrowed(self, rows: QuerySet[Project], user: Any) -> QuerySet[Project]:
        """Those in any state."""
        asked = self.asked
        rows = rows.filter(reads.whose(user)[asked.get("whose", "")])
        for name in ("envelope", "category"):
            if name in asked:
                rows = rows.filter(**{name: int(asked[name])})
        if text := asked.get("q", ""):
            number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
            rows = rows.filter(Q(subject__title__icontains=text) | Q(number=number))
        return rows

    def found(self, rows: QuerySet[Project], user: Any) -> QuerySet[Project]:
        """Those in the state that is asked for."""
        return self.narrowed(rows, user).filter(awaiting.STATES[self.state])

    def tabs(self, numbers: dict[str, int]) -> list[tuple[str, str, int, bool]]:
        """The states with how many are in each."""
        return [
            (
                f"?{urlencode(self.asked | {'state': state})}",
                str(text),
                numbers[state],
                state == self.state,
            )
            for state, text in STATE_WORDS.items()
        ]
