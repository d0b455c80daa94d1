"""Fields that forms of several desks share: texts by language, moments, places."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from accounts.models import Area
from common.forms import LongText
from common.texts import localized

_NAMES = dict(settings.LANGUAGES)


class MomentField(forms.DateTimeField):
    """A day and a time as the clock of the site shows it, without seconds."""

    def __init__(self, **options: Any):
        options.setdefault(
            "error_messages",
            {
                "required": gettext_lazy("Give the day and the time."),
                "invalid": gettext_lazy("Write the day and the time like 2027-01-31 18:00."),
            },
        )
        super().__init__(
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            **options,
        )


def area_choices(nothing: Any) -> list[tuple[Any, Any]]:
    """All areas as a tree, behind the words for none. One query."""
    areas = Area.objects.order_by("path")
    return [
        ("", nothing),
        *((a.pk, "\u2003" * (a.path.count(".") - 1) + localized(a.name).text) for a in areas),
    ]


class AreaField(forms.TypedChoiceField):
    """One area. Its choices are set by the form (see `area_choices`); gives an id or None."""

    def __init__(self, **options: Any):
        super().__init__(coerce=int, empty_value=None, required=False, **options)


class ByLanguage(forms.Form):
    """A form some of whose fields exist once per language: `title` is title_en, title_fr, …

    `texts` names them: {name: a function (language) -> field}. The languages come from outside.
    """

    texts: dict[str, Any] = {}

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.codes = list(languages)
        for code in self.codes:
            for name, make in self.texts.items():
                field = make()
                field.label = (
                    f"{field.label} ({_NAMES.get(code, code)})" if self.is_many else field.label
                )
                field.widget.attrs["lang"] = code
                self.fields[f"{name}_{code}"] = field

    @property
    def is_many(self) -> bool:
        return len(self.codes) > 1

    def by_language(self, name: str) -> dict[str, str]:
        """{language: text} of what was filled in."""
        found = {code: self.cleaned_data.get(f"{name}_{code}", "") for code in self.codes}
        return {code: text for code, text in found.items() if text}

    def groups(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """(language, its name, fields) in order, for a template."""
        return [
            (code, _NAMES.get(code, code), [self[f"{name}_{code}"] for name in self.texts])
            for code in self.codes
        ]


def spread(**texts: dict[str, str]) -> dict[str, str]:
    """Initial values of a `ByLanguage` form: spread(title={"en": "x"}) is {"title_en": "x"}."""
    return {f"{name}_{code}": text for name, by in texts.items() for code, text in by.items()}


def long_text(label: Any, rows: int = 6, **options: Any) -> Any:
    """A function that makes a field for a text over several lines."""
    return lambda: LongText(label=label, rows=rows, required=False, **options)


def short_text(label: Any, *, required: bool = False, **options: Any) -> Any:
    """A function that makes a field for one line."""
    return lambda: forms.CharField(
        label=label, max_length=settings.TITLE_LIMIT, required=required, **options
    )
