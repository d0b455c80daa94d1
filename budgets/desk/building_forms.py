"""Forms by which a public body tells how a chosen project gets on."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgets.actions.reports import News
from budgets.fields import plain_amount
from budgets.standing import Step
from common.forms import LongText
from common.texts import Localized
from common.ui import moments
from common.ui.choices import SpokenSelect
from deliberation.forms import OnceForm
from processes.fields import ByLanguage, short_text

_NAMES = dict(settings.LANGUAGES)


class DayField(forms.DateField):
    """A day of the calendar."""

    def __init__(self, **options: Any):
        options.setdefault(
            "error_messages",
            {"required": _("Give the day."), "invalid": _("Write the day like 2027-01-31.")},
        )
        super().__init__(
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            **options,
        )


class SpentField(forms.DecimalField):
    """An exact amount of nothing or more, to the cent, as people write it."""

    default_error_messages = {
        "invalid": _("Write an amount in digits, such as 12500 or 12500.50."),
        "min_value": _("Write an amount of nothing or more."),
        "max_decimal_places": _("An amount has two decimals at most."),
    }

    def __init__(self, **options: Any):
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(min_value=Decimal(0), max_digits=14, decimal_places=2, **options)

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(plain_amount(value) if isinstance(value, str) else value)


class StepForm(ByLanguage):
    """A step: what it is, in each language, and the day it is promised for."""

    texts = {"title": short_text(_("What is done then"))}
    planned_on = DayField(
        label=_("Planned for"),
        help_text=_(
            "This first promise stays for everyone to see. If it takes longer, report a delay."
        ),
    )

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.order_fields([*(f"title_{code}" for code in self.codes), "planned_on"])
        if not is_new:
            del self.fields["planned_on"]

    def clean(self) -> dict[str, Any]:
        if not self.by_language("title"):
            self.add_error(f"title_{self.codes[0]}", _("Say what the step is."))
        return self.cleaned_data


class NewsForm(OnceForm):
    """What every report asks: a text, its language, the money spent until now."""

    body = LongText(
        label=_("What there is to tell"),
        rows=8,
        help_text=_(
            "Everyone reads it, and it cannot be changed afterwards: a correction is a new report."
        ),
        error_messages={"required": _("Say what there is to tell.")},
    )
    language = forms.ChoiceField(label=_("Language of the text"))
    spent = SpentField(
        label=_("Money spent until now"),
        required=False,
        help_text=_("All in all, not since the last report. Leave it empty if nothing changed."),
    )

    def __init__(
        self, *args: Any, languages: Sequence[str], spent: str, steps: Sequence[Step], **kwargs: Any
    ):
        """`spent` says in words what the last report said; `steps` are those not reached yet."""
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        field.choices = [(code, _NAMES.get(code, code)) for code in languages]  # type: ignore[attr-defined]
        field.initial = languages[0]
        if len(languages) == 1:
            field.widget = forms.HiddenInput()
        self.fields["spent"].widget.attrs["placeholder"] = spent
        if "step" in self.fields:
            chosen = self.fields["step"]
            chosen.choices = [("", self.no_step), *((str(s.pk), _named(s)) for s in steps)]  # type: ignore[attr-defined]
            if not steps:
                del self.fields["step"]

    no_step: Any = ""

    def news(self, pictures: Sequence[Any] = ()) -> News:
        found = self.cleaned_data
        return News(
            body=found["body"],
            language=found["language"],
            spent=found["spent"],
            pictures=pictures,
            once=found["once"],
        )

    @property
    def step_id(self) -> int | None:
        text = self.cleaned_data.get("step")
        return int(text) if text else None


def _named(step: Step) -> Localized:
    words = _("%(step)s (expected on %(day)s)")
    facts = {"step": step.title.text, "day": moments.day(step.expected_on)}
    return Localized(str(words) % facts, step.title.language)


class ProgressForm(NewsForm):
    """How it goes; perhaps a step was reached."""

    no_step = _("No step was reached")
    step = forms.ChoiceField(
        label=_("A step that was reached"), required=False, widget=SpokenSelect
    )
    reached_on = DayField(
        label=_("Reached on"),
        required=False,
        help_text=_("Only if a step was reached. Empty means today."),
    )
    field_order = ["once", "step", "reached_on", "body", "language", "spent"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "step" not in self.fields:
            del self.fields["reached_on"]


class DelayForm(NewsForm):
    """What takes longer, why, and until when."""

    no_step = _("The whole project")
    step = forms.ChoiceField(label=_("What takes longer"), required=False, widget=SpokenSelect)
    expected_on = DayField(label=_("Now expected on"))
    field_order = ["once", "step", "expected_on", "body", "language", "spent"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("Why it takes longer")
        self.fields["body"].error_messages["required"] = _("Say why. Everyone reads it.")


class BuiltForm(NewsForm):
    """It is complete."""

    built_on = DayField(
        label=_("Completed on"),
        help_text=_("Every step that is still open counts as reached on that day."),
    )
    field_order = ["once", "built_on", "body", "language", "spent"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["built_on"].initial = timezone.localdate
        self.fields["body"].label = _("What there is now")


class GiveUpForm(NewsForm):
    """It will not be carried out: a reason, and a tick against haste."""

    confirmed = forms.BooleanField(
        label=_("Yes, this project is given up for good"),
        error_messages={"required": _("Tick this if you mean it. It cannot be undone.")},
    )
    field_order = ["once", "body", "language", "spent", "confirmed"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("Why it is given up")
        self.fields["body"].error_messages["required"] = _("Say why. Everyone reads it.")


def titles_of(title: dict[str, str], codes: Sequence[str]) -> dict[str, str]:
    """What the fields of a step begin with."""
    return {f"title_{code}": title.get(code, "") for code in codes}
