"""Forms of a moderator."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import LongText
from moderation.actions import REASON_LIMIT
from moderation.kinds import Rule


class HideForm(forms.Form):
    rule = forms.ChoiceField(
        label=_("Which rule does it break?"),
        choices=Rule.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the rule that it breaks.")},
    )
    reason = LongText(
        label=_("Your reason"),
        rows=4,
        max_length=REASON_LIMIT,
        help_text=_("Its author reads it, and so may a court. Say what exactly breaks the rule."),
    )


class RestoreForm(forms.Form):
    reason = LongText(label=_("Why is it shown again?"), rows=4, max_length=REASON_LIMIT)
