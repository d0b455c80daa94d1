"""Fields of a filter: a select with its label, drawn without a template for each option."""

from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString

from common.html import trusted


@lru_cache(maxsize=512)
def _options(choices: tuple[tuple[str, str], ...], value: str) -> str:
    """Drawn once for all who are offered the same: the parts of a text are many."""
    return "".join(
        f'<option value="{escape(key)}"{" selected" if key == value else ""}>{escape(text)}</option>'
        for key, text in choices
    )


def select(
    name: str, label: str, choices: Iterable[tuple[str, object]], value: str = "", error: str = ""
) -> SafeString:
    """One select of a filter form, its id "id_<name>"; `error` says what was asked for in vain."""
    options = _options(tuple((str(key), str(text)) for key, text in choices), value)
    problem, described = "", ""
    if error:
        described = f' aria-invalid="true" aria-describedby="{name}-error"'
        problem = f'<p class="ds-validation-message" id="{name}-error">{escape(error)}</p>'
    return trusted(
        f'<div class="field{" has-error" if error else ""}"><label for="id_{name}">{escape(label)}</label>'
        f'{problem}<select class="ds-input" name="{name}" id="id_{name}"{described}>{options}</select></div>'
    )
