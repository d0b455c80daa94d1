"""Forms about projects at the desk: assessing, handing out, asking, moving."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MinValueValidator
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from budgets.actions.assessing import Finding
from budgets.fields import MoneyField
from common.forms import LongText
from common.ui.choices import SpokenSelect
from processes.fields import MomentField

_NAMES = dict(settings.LANGUAGES)
Choices = Sequence[tuple[Any, Any]]


class YearlyField(MoneyField):
    """An amount a year; nothing at all is one too."""

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.min_value = Decimal(0)
        kept = [one for one in self.validators if not isinstance(one, MinValueValidator)]
        self.validators = [*kept, MinValueValidator(Decimal(0))]


class MomentSeen(forms.Field):
    """Hidden: which text somebody had before them. A moment, or None."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def to_python(self, value: Any) -> datetime | None:
        try:
            return parse_datetime(value or "")
        except ValueError:
            return None

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else value


class InLanguage(forms.Form):
    """A form with a public text: it says in which language the text is."""

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = forms.ChoiceField(
            label=_("Language of the text"),
            choices=[(code, _NAMES.get(code, code)) for code in languages],
            error_messages={"required": _("Choose the language.")},
        )
        if len(languages) == 1:
            field.widget = forms.HiddenInput()
            field.initial = languages[0]
        self.fields["language"] = field


class FindingForm(InLanguage):
    """What an assessment says. It may lack anything until it is submitted."""

    is_feasible = forms.TypedChoiceField(
        label=_("Can it be done?"),
        choices=[("yes", _("Feasible")), ("no", _("Not feasible"))],
        coerce=lambda word: word == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    cost = MoneyField(label=_("Cost"), required=False, help_text=_("Compulsory if it is feasible."))
    running_cost = YearlyField(label=_("Running cost a year"), required=False)
    reason = LongText(
        label=_("Public reason"),
        rows=10,
        required=False,
        help_text=_("Everyone reads it once the decision is published. You may use Markdown."),
    )
    seen = MomentSeen()

    @property
    def finding(self) -> Finding:
        data = self.cleaned_data
        return Finding(**{name: data[name] for name in Finding.__dataclass_fields__})


class NoteForm(forms.Form):
    """A word among those who assess."""

    body = LongText(
        label=_("Note"),
        rows=3,
        max_length=20_000,
        help_text=_("Only those who assess this budget read it."),
        error_messages={"required": _("Write something first.")},
    )


class SendBackForm(forms.Form):
    """What is to be changed before somebody signs."""

    note = LongText(
        label=_("What is to be changed"),
        rows=3,
        max_length=20_000,
        error_messages={"required": _("Say what is to be changed.")},
    )


class CorrectForm(InLanguage):
    """Why a published decision is corrected."""

    note = LongText(
        label=_("Why it is corrected"),
        rows=4,
        max_length=20_000,
        help_text=_("Everyone reads it beside the corrected decision."),
        error_messages={"required": _("Say why it is corrected. Everyone reads it.")},
    )


class RevisionForm(InLanguage):
    """What authors are asked to revise, and until when."""

    reason = LongText(
        label=_("What is to be revised, and why"),
        rows=5,
        max_length=20_000,
        help_text=_("The author gets it by mail, and reads it above the form."),
        error_messages={"required": _("Say what is to be revised, and why.")},
    )
    due_at = MomentField(label=_("The revision is due by"))


class MergerForm(InLanguage):
    """Into which other project, why, and until when its authors can agree."""

    into = forms.TypedChoiceField(
        label=_("Merge it into"),
        coerce=int,
        widget=SpokenSelect,
        error_messages={"required": _("Choose another project.")},
    )
    reason = LongText(
        label=_("Why they should become one"),
        rows=5,
        max_length=20_000,
        help_text=_("The authors of both projects get it by mail. Both must agree."),
        error_messages={"required": _("Say why they should become one.")},
    )
    expires_at = MomentField(label=_("They can agree until"))

    def __init__(self, *args: Any, others: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [("", "—"), *others]


class MoveForm(InLanguage):
    """Where a project goes, and why."""

    envelope = forms.TypedChoiceField(label=_("Envelope"), coerce=int, widget=SpokenSelect)
    category = forms.TypedChoiceField(
        label=_("Category"), coerce=int, empty_value=None, required=False, widget=SpokenSelect
    )
    reason = LongText(
        label=_("Why it moves"),
        rows=4,
        max_length=20_000,
        help_text=_("Everyone reads it, and the author is told."),
        error_messages={"required": _("Say why it moves. Everyone reads it.")},
    )

    def __init__(self, *args: Any, envelopes: Choices, categories: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["envelope"].choices = envelopes
        self.fields["category"].choices = [("", "—"), *categories]
        if len(envelopes) == 1:
            self.fields["envelope"].widget = forms.HiddenInput()
            self.fields["envelope"].initial = envelopes[0][0]
        if not categories:
            del self.fields["category"]


class HandOutForm(forms.Form):
    """To whom, until when. `to` is "u" or "g" with an id, or "" for nobody."""

    to = forms.ChoiceField(label=_("To whom"), required=False)
    due_at = MomentField(label=_("Due by"), required=False)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("Nobody: take them back")), *people]
