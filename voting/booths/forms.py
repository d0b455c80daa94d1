"""Forms of booths, and the whole questionnaire as one form: a ballot sheet."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from voting.asking import Asked, asked
from voting.forms import Sent, raw_answers
from voting.kinds import Channel
from voting.questionnaire.answers import Checked, check
from voting.questionnaire.definition import Questionnaire
from voting.questionnaire.problems import Problem
from voting.sentences import sentence

_CHANNELS = [(value, label) for value, label in Channel.choices if value != Channel.WEB]


class BoothForm(forms.Form):
    """A new booth."""

    name = forms.CharField(label=_("Name of the booth"), max_length=120)
    place = forms.CharField(
        label=_("Where it is"), max_length=200, required=False, help_text=_("Everybody reads it.")
    )
    channel = forms.ChoiceField(
        label=_("How people vote there"), choices=_CHANNELS, widget=forms.RadioSelect
    )


class OfficerForm(forms.Form):
    """Who takes ballots at a booth."""

    email = forms.EmailField(
        label=_("E-mail address of the officer"),
        help_text=_("The person needs an account, and need not work for you."),
    )


class VoterForm(forms.Form):
    """Who stands before the officer: one of three ways to say it."""

    email = forms.CharField(
        label=_("E-mail address of the account"), max_length=254, required=False
    )
    code = forms.CharField(label=_("Invitation code"), max_length=60, required=False)
    number = forms.CharField(
        label=_("Number in the register"),
        max_length=60,
        required=False,
        help_text=_("For people without an account. Only a digest of it is kept."),
    )
    sheet = forms.CharField(
        label=_("Number on the voter’s sheet"),
        max_length=40,
        help_text=_("The sheet that the person is given now."),
    )

    def __init__(self, *args: Any, fields: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(fields):
            del self.fields[name]
        for name, field in self.fields.items():
            field.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
            if name == "email":
                field.widget.input_type = "email"


class NumberForm(forms.Form):
    """Which sheet is to be entered."""

    number = forms.CharField(label=_("Number on the sheet"), max_length=40)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DecisionForm(ReasonForm):
    """Which of two entries is what the sheet says."""

    right = forms.ChoiceField(
        label=_("What the sheet says"),
        choices=[
            ("first", _("The first entry")),
            ("second", _("The second entry")),
            ("neither", _("Neither: it is to be entered twice again")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("right", "reason")


class SheetForm:
    """All questions of a sheet at once, in the order of the paper.

    Every question is there, also where a rule would not ask it: what the rules do not ask is left
    out when the answers are checked. Answers are what `enter_sheet` takes.
    """

    def __init__(self, questionnaire: Questionnaire, *, language: str, data: Sent | None = None):
        self.questionnaire = questionnaire
        self.language = language
        self.raw: dict[str, Any] = {}
        if data is not None:
            for page in questionnaire.pages:
                self.raw |= raw_answers(page, data)
        self.is_bound = data is not None
        self.refused: list[str] = []

    @cached_property
    def _checked(self) -> Checked:
        return check(self.questionnaire, self.raw)

    @cached_property
    def errors(self) -> dict[str, str]:
        """{question key: sentence}."""
        problems: dict[str, Problem] = self._checked.errors if self.is_bound else {}
        found = {key: sentence(problem) for key, problem in problems.items()}
        return found | ({"": self.refused[0]} if self.refused else {})

    def add_error(self, _field: None, message: str) -> None:
        """A refusal, to stand above the form."""
        self.refused.append(message)
        self.__dict__.pop("errors", None)

    def non_field_errors(self) -> list[str]:
        return self.refused

    def is_valid(self) -> bool:
        return self.is_bound and self._checked.is_fine

    def __iter__(self) -> Iterator[Asked]:
        for question in self.questionnaire.questions():
            yield asked(
                question,
                self.raw.get(question.key),
                language=self.language,
                seed="",
                error=self.errors.get(question.key, ""),
            )
