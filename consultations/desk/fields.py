"""Uploaded texts."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from common.html import clean_text

LARGEST_TEXT = 2 * 1024 * 1024  # bytes of a draft


class DraftFile(forms.FileField):
    """An uploaded text as a string. Not UTF-8, or larger than two megabytes: a sentence says so."""

    def clean(self, data: Any, initial: Any = None) -> str:
        upload = super().clean(data, initial)
        if not upload:
            return ""
        if upload.size > LARGEST_TEXT:
            raise forms.ValidationError(_("The file is larger than 2 megabytes."))
        raw = upload.read()
        if raw.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
            raise forms.ValidationError(
                _("This is not a text file. Save the document as plain text, or copy its text.")
            )
        try:
            return clean_text(raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            message = _(
                "Line %(line)s is not UTF-8. Save the file with the encoding UTF-8 and choose it again."
            )
            raise forms.ValidationError(message % {"line": line}) from None
