"""Forms of every app: long texts, refusals said on a form, how large an id can be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest

from common.verdicts import Refused, Verdict

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


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a form: true if it was saved, and `row` is then what saving gave. `status` is that of
    the page which shows it again."""

    status: int = 200
    is_saved: bool = False
    row: Any = None

    def __bool__(self) -> bool:
        return self.is_saved


def sent(request: HttpRequest, form: forms.BaseForm, save: Callable[[], Any]) -> Sent:
    """Save a form that was sent and is well. What `save` refuses stands above it, with all that was typed."""
    if request.method != "POST":
        return Sent()
    if not form.is_valid():
        return Sent(400)
    try:
        return Sent(is_saved=True, row=save())
    except Refused as refused:
        return Sent(add_refusal(form, refused.verdict))
