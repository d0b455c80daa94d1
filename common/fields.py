"""Form fields of every app."""

from typing import Any

from django import forms
from django.conf import settings


class LongText(forms.CharField):
    """A text over several lines. The browser does not cut it off: a limit is said, not enforced by
    throwing words away."""

    def __init__(self, *, rows: int = 6, max_length: int = settings.BODY_LIMIT, **options: Any):
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, strip=True, **options)
        self.widget.attrs.pop("maxlength", None)
