"""Forms about a poll as a whole: what describes it, its rules, its dates, codes, groups."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Area, Group
from common.forms import LongText
from processes.fields import (
    AreaField,
    ByLanguage,
    MomentField,
    area_choices,
    long_text,
    short_text,
)
from processes.forms import ChosenLanguages, DescribeForm, ForBody
from voting.actions.codes import MOST_AT_ONCE
from voting.actions.editing import Rules
from voting.kinds import (
    ChangePolicy,
    Eligibility,
    OpeningPolicy,
    PollKind,
    ResultsPolicy,
    Secrecy,
    ThresholdBase,
)


class DescribePollForm(DescribeForm):
    """What describes a poll."""

    texts = {
        **DescribeForm.texts,
        "about": long_text(
            gettext_lazy("What it is about"),
            8,
            help_text=gettext_lazy("What is decided, by whom, and what becomes of the answers."),
        ),
    }
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is called"),
        choices=PollKind.choices,
        widget=forms.RadioSelect,
        initial=PollKind.POLL,
        help_text=gettext_lazy("It changes words only, never rules."),
    )


class AboutForm(DescribePollForm):
    """The same of a poll that exists, with the words at its end."""

    texts = {
        **DescribePollForm.texts,
        "thanks": long_text(
            gettext_lazy("Words of thanks"),
            3,
            max_length=1000,
            help_text=gettext_lazy("People read them once they have answered."),
        ),
    }


class LanguagesForm(ChosenLanguages, AboutForm):
    """What describes a poll whose languages can still be chosen: it is not published."""

    languages_help = gettext_lazy(
        "In which languages it is asked. What is written in a language that you take out is "
        "kept, but not shown."
    )


class NewPollForm(ForBody, LanguagesForm):
    """A poll that does not exist yet: its public body as well."""

    texts = DescribePollForm.texts


class PercentField(forms.DecimalField):
    """A percentage that is kept as a share from 0 to 1."""

    def __init__(self, **options: Any):
        super().__init__(
            min_value=Decimal("0.001"), max_value=100, max_digits=6, decimal_places=3, **options
        )
        self.widget.attrs["step"] = "any"

    def clean(self, value: Any) -> Decimal | None:
        percent = super().clean(value)
        return None if percent is None else percent / 100

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{(value * 100).normalize():f}"
        return value


def _policy(label: Any, choices: Any, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, help_text=help_text
    )


class RulesForm(ByLanguage):
    """What is declared before a poll opens."""

    texts = {
        "consent": long_text(
            gettext_lazy("What people agree to before the first question"),
            5,
            help_text=gettext_lazy(
                "Who asks and why, what happens with the answers, how long they are kept, whom to ask. "
                "Leave it empty if nothing has to be agreed to."
            ),
        )
    }
    eligibility = _policy(gettext_lazy("Who may answer"), Eligibility.choices)
    secrecy = _policy(
        gettext_lazy("Who knows what a person answered"),
        Secrecy.choices,
        gettext_lazy(
            "That somebody took part is known to the site in each case, so that nobody votes twice."
        ),
    )
    results_policy = _policy(gettext_lazy("When results are seen"), ResultsPolicy.choices)
    change_policy = _policy(gettext_lazy("Whether an answer can be changed"), ChangePolicy.choices)
    opening_policy = _policy(gettext_lazy("How it opens and closes"), OpeningPolicy.choices)
    shows_turnout = forms.BooleanField(
        label=gettext_lazy("Show how many have voted while it is open"), required=False
    )
    eligible_count = forms.IntegerField(
        label=gettext_lazy("How many people may vote"),
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        help_text=gettext_lazy("By the register. Turnout and a quorum are shares of it."),
    )
    quorum = PercentField(
        label=gettext_lazy("Quorum, in percent"),
        required=False,
        help_text=gettext_lazy("How many of those who may vote must take part for it to count."),
    )
    threshold = PercentField(
        label=gettext_lazy("Threshold, in percent"),
        required=False,
        help_text=gettext_lazy("Which share of “yes” carries a yes/no question."),
    )
    threshold_base = _policy(
        gettext_lazy("Of what the threshold is a share"), ThresholdBase.choices
    )

    def __init__(self, *args: Any, groups: Sequence[Group], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.groups_by_id = {group.pk: group for group in groups}
        self.fields["area"] = AreaField(
            label=_("Of which area"),
            choices=area_choices(_("Choose an area")),
            help_text=_("Only if residents may answer."),
        )
        self.fields["group"] = AreaField(
            label=_("Which group"),
            choices=[("", _("Choose a group")), *((g.pk, g.name) for g in groups)],
            help_text=_("Only if the people of a group may answer."),
        )

    def rules(self) -> Rules:
        """What was filled in. One query."""
        data = self.cleaned_data
        names = (
            "secrecy", "results_policy", "change_policy", "eligibility", "opening_policy",
            "shows_turnout", "quorum", "threshold", "threshold_base", "eligible_count",
        )  # fmt: skip
        return Rules(
            **{name: data[name] for name in names},
            area=Area.objects.filter(pk=data["area"]).first() if data["area"] else None,
            group=self.groups_by_id.get(data["group"] or 0),
        )


class DatesForm(forms.Form):
    """From when to when people can answer."""

    opens_at = MomentField(label=gettext_lazy("Opens"))
    closes_at = MomentField(label=gettext_lazy("Closes"))

    def __init__(self, *args: Any, needs_reason: bool, has_opened: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["opens_at"].disabled = has_opened
        if needs_reason:
            self.fields["reason"] = LongText(
                label=_("Why the dates change"),
                rows=3,
                max_length=2000,
                help_text=_("Everyone reads it on the poll’s page."),
                error_messages={"required": _("Say why the dates change.")},
            )


class CodesForm(forms.Form):
    """How many codes are made."""

    number = forms.IntegerField(
        label=gettext_lazy("How many codes"), min_value=1, max_value=MOST_AT_ONCE, initial=100
    )
    batch = forms.CharField(
        label=gettext_lazy("Name of this batch"),
        max_length=80,
        required=False,
        help_text=gettext_lazy(
            "Such as the letter they are sent with. By it they can be revoked together."
        ),
    )


class GroupForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the group"), max_length=120)


class MembersForm(forms.Form):
    """Addresses, one a line."""

    emails = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("One a line, of people who have an account here."),
        error_messages={"required": gettext_lazy("Write at least one address.")},
    )

    def lines(self) -> list[str]:
        text = self.cleaned_data["emails"].replace(",", "\n").replace(";", "\n")
        return [line.strip() for line in text.splitlines() if line.strip()]


class CopyForm(ByLanguage):
    texts = {"title": short_text(gettext_lazy("Title of the copy"))}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.by_language("title"):
            self.add_error(f"title_{self.codes[0]}", _("Give it a title."))
        return data


class PageTextsForm(ByLanguage):
    """Heading and introduction of a page of questions."""

    texts = {
        "title": short_text(gettext_lazy("Heading")),
        "intro": long_text(gettext_lazy("Introduction"), 4, max_length=5000),
    }
