"""Forms with which people rewrite the text."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.forms import LongText
from common.ui.choices import SpokenSelect
from deliberation.forms import OnceForm


class AmendForm(OnceForm):
    """Another wording of an article. The text itself is what is edited."""

    body = LongText(
        label=_("The text as you would have it"),
        rows=16,
        error_messages={"required": _("Write the new wording.")},
    )
    reason = LongText(
        label=_("Your reason"),
        rows=5,
        required=False,
        help_text=_("Why is this better? Others decide by it whether to support you."),
    )
    title = forms.CharField(
        label=_("A short name for it"),
        max_length=settings.TITLE_LIMIT,
        required=False,
        help_text=_("For example: wider pavements at schools."),
    )


class NewArticleForm(OnceForm):
    """An article that the text lacks, and the part in which it would stand."""

    section = forms.IntegerField(
        label=_("Where it would stand"),
        widget=SpokenSelect,
        required=False,
        min_value=1,
        max_value=9_223_372_036_854_775_807,
    )
    title = forms.CharField(
        label=_("Heading"),
        max_length=settings.TITLE_LIMIT,
        error_messages={"required": _("Give the article a heading.")},
    )
    body = LongText(
        label=_("The article"), rows=12, error_messages={"required": _("Write the article.")}
    )
    reason = LongText(
        label=_("Your reason"),
        rows=5,
        required=False,
        help_text=_("Why is it needed? Others decide by it whether to support you."),
    )


class EditProposalForm(forms.Form):
    """One's own proposal. `confirmed_resets` is how many positions its author has agreed to reset."""

    title = forms.CharField(
        label=_("Heading"),
        max_length=settings.TITLE_LIMIT,
        error_messages={"required": _("Give it a heading.")},
    )
    body = LongText(
        label=_("The text"), rows=14, error_messages={"required": _("Write the new wording.")}
    )
    reason = LongText(label=_("Your reason"), rows=5, required=False)
    confirmed_resets = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000
    )
