"""Forms for what people say about a subject."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.forms import LongText
from deliberation.kinds import SourceCategory, Stance


class OnceForm(forms.Form):
    """A form that is sent once: `once` is its number, so that a second press posts nothing twice."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = uuid4

    def clean_once(self) -> Any:
        return self.cleaned_data.get("once")


class CommentForm(OnceForm):
    stance = forms.ChoiceField(
        label=_("Your argument is"),
        choices=[
            (Stance.FOR, _("for it")),
            (Stance.AGAINST, _("against it")),
            (Stance.NEUTRAL, _("neither: a remark or a question")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether your argument is for it or against it.")},
    )
    body = LongText(label=_("Your argument"))


class ReplyForm(OnceForm):
    body = LongText(label=_("Your reply"))


class EditCommentForm(forms.Form):
    body = LongText(label=_("Your text"))


class SourceForm(OnceForm):
    title = forms.CharField(label=_("Title"), max_length=settings.TITLE_LIMIT)
    url = forms.CharField(
        label=_("Link"),
        max_length=2000,
        help_text=_("A web address that begins with http:// or https://."),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
    category = forms.ChoiceField(label=_("What it is"), choices=SourceCategory.choices)
    note = LongText(label=_("What it shows"), rows=3, max_length=2000, required=False)
