"""Forms about the money of a budget."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Area
from budgets.actions.declaring import LARGEST_COUNT
from budgets.fields import MoneyField
from processes.fields import AreaField, ByLanguage, area_choices, short_text


class BoundsForm(forms.Form):
    """The currency, and what a project may cost."""

    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        max_length=3,
        min_length=3,
        help_text=gettext_lazy("Its code of three letters, such as EUR."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "size": 6}),
    )
    smallest_cost = MoneyField(
        label=gettext_lazy("Smallest cost of a project"),
        required=False,
        help_text=gettext_lazy("Leave it empty if there is no such limit."),
    )
    largest_cost = MoneyField(
        label=gettext_lazy("Largest cost of a project"),
        required=False,
        help_text=gettext_lazy("Leave it empty if there is no such limit."),
    )
    cosigners_needed = forms.IntegerField(
        label=gettext_lazy("Co-signers needed"),
        min_value=0,
        max_value=LARGEST_COUNT,
        initial=0,
        help_text=gettext_lazy(
            "How many other people must sign a project before it is assessed. 0: nobody."
        ),
    )

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()


class _TitledForm(ByLanguage):
    """A title in each language; one of them is needed."""

    texts = {"title": short_text(gettext_lazy("Title"))}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"title_{code}") for code in self.codes):
            self.add_error(f"title_{self.codes[0]}", _("Give it a title."))
        return data


class EnvelopeForm(_TitledForm):
    """One envelope."""

    amount = MoneyField(label=gettext_lazy("Amount"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": currency}
        self.fields["area"] = AreaField(
            label=_("Area"),
            choices=area_choices(_("No area in particular")),
            help_text=_("Where its projects lie, if it is for one place."),
        )
        names = [f"title_{code}" for code in self.codes]
        self.order_fields([*names, "amount", "area"])

    def picked_area(self) -> Area | None:
        """The area that was chosen, or None. One query."""
        pk = self.cleaned_data.get("area")
        return Area.objects.filter(pk=pk).first() if pk else None


class CategoryForm(_TitledForm):
    """One category."""

    minimum = forms.IntegerField(
        label=gettext_lazy("Projects chosen at least"),
        min_value=0,
        max_value=LARGEST_COUNT,
        initial=0,
        help_text=gettext_lazy(
            "In each envelope so many of its projects are chosen first, if the money allows. "
            "0: no such minimum."
        ),
    )
