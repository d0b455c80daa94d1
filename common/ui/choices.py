"""Fields of a filter: a select with its label, drawn without a template for each option."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from common.html import trusted
from common.texts import Localized
from common.ui.tongues import lang_of


@lru_cache(maxsize=512)
def _options(choices: tuple[tuple[str, Localized], ...], value: str, page: str) -> str:
    """Drawn once for all who are offered the same: the parts of a text are many."""
    return "".join(
        f'<option value="{escape(key)}"{" selected" if key == value else ""}'
        f"{lang_of(text.language)}>{escape(text.text)}</option>"
        for key, text in choices
    )


def _spoken(text: object) -> Localized:
    return text if isinstance(text, Localized) else Localized(str(text), "")


class SpokenSelect(forms.Select):
    """A select whose options may be `Localized`: each then says its language."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> Any:
        option = super().create_option(name, value, label, *args, **kwargs)
        if isinstance(label, Localized) and label.language != get_language():
            option["attrs"]["lang"] = label.language
        return option


def select(
    name: str, label: str, choices: Iterable[tuple[str, object]], value: str = "", error: str = ""
) -> SafeString:
    """One select of a filter form, its id "id_<name>"; `error` says what was asked for in vain."""
    options = _options(
        tuple((str(key), _spoken(text)) for key, text in choices), value, get_language() or ""
    )
    problem, described = "", ""
    if error:
        described = f' aria-invalid="true" aria-describedby="{name}-error"'
        problem = f'<p class="ds-validation-message" id="{name}-error">{escape(error)}</p>'
    return trusted(
        f'<div class="field{" has-error" if error else ""}"><label for="id_{name}">{escape(label)}</label>'
        f'{problem}<select class="ds-input" name="{name}" id="id_{name}"{described}>{options}</select></div>'
    )
