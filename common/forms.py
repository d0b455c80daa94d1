"""Forms of every app: long texts, refusals said on a form, how large an id can be."""

from typing import Any

from django import forms
from django.conf import settings

from common.verdicts import Verdict

LONGEST_ID = 9_223_372_036_854_775_807  # of a row; what is larger names nothing


class LongText(forms.CharField):
    """A text over several lines. The browser does not cut it off: a limit is said, not enforced by
    throwing words away."""

    def __init__(self, *, rows: int = 6, max_length: int = settings.BODY_LIMIT, **options: Any):
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, strip=True, **options)
        self.widget.attrs.pop("maxlength", None)


def add_refusal(form: forms.BaseForm, verdict: Verdict) -> int:
    """Put a refusal on top of the form; the status of the answer."""
    form.add_error(None, str(verdict.message))
    return verdict.status
