"""Forms about the phases of a process of any kind."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import LongText
from processes.fields import AreaField, ByLanguage, MomentField, short_text
from processes.kinds import Activity, Audience


class PhaseForm(ByLanguage):
    """One phase. `id` is that of a phase which exists; `activities` what a phase can open here."""

    texts = {"name": short_text(gettext_lazy("Name"))}

    id = forms.IntegerField(widget=forms.HiddenInput, required=False, max_value=2**62)
    opens_at = MomentField(label=gettext_lazy("Opens"))
    closes_at = MomentField(label=gettext_lazy("Closes"))
    activities = forms.MultipleChoiceField(
        label=gettext_lazy("What it opens"), widget=forms.CheckboxSelectMultiple, required=False
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("For whom"), choices=Audience.choices, initial=Audience.SIGNED_IN
    )

    def __init__(self, *args: Any, areas: Any, activities: Sequence[Activity], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["activities"].choices = [(one.value, one.label) for one in activities]
        self.fields["area"] = AreaField(label=_("Of which area"), choices=areas)
        names = [f"name_{code}" for code in self.codes]
        self.order_fields(["id", *names, "opens_at", "closes_at", "activities", "audience", "area"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"name_{code}") for code in self.codes):
            self.add_error(f"name_{self.codes[0]}", _("Give the phase a name."))
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("It must close after it opens."))
        if data.get("audience") == Audience.RESIDENTS and not data.get("area"):
            self.add_error("area", _("Say of which area the people must be residents."))
        return data


class ReasonForm(forms.Form):
    """Why dates change. Everyone reads it."""

    reason = LongText(
        label=gettext_lazy("Why the dates change"),
        rows=3,
        max_length=2000,
        help_text=gettext_lazy("Everyone reads it on its public page, and who took part is told."),
        error_messages={"required": gettext_lazy("Say why the dates change.")},
    )
