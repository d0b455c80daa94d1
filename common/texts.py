"""Texts that exist in several languages: one JSON field per text, {"en": "…", "fr": "…"}."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Localized:
    """A text and the code of the language it is in. Both are "" when there is no text at all."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence that holds words of another language: as plain text, and as safe HTML in which
    they are marked."""

    text: str
    html: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


# One step of the way back: an address, and how it is called.
Crumb = tuple[str, str | Localized]


def localized(value: Mapping[str, str] | str | None, language: str | None = None) -> Localized:
    """The text of `value` for a reader of `language` (the active one by default).

    Order: the language itself ("fr-ca"), its base ("fr"), the installation's LANGUAGE_CODE, the
    order of LANGUAGES, then whatever there is. Empty texts are passed over. A plain string is
    returned as it is, in the reader's language.
    """
    wanted = language or get_language() or settings.LANGUAGE_CODE
    if not value:
        return Localized("", "")
    if isinstance(value, str):
        return Localized(value, wanted)
    if text := value.get(wanted):
        return Localized(text, wanted)
    for code in (
        wanted.partition("-")[0],
        settings.LANGUAGE_CODE,
        *(c for c, _ in settings.LANGUAGES),
        *value,
    ):
        if text := value.get(code):
            return Localized(text, code)
    return Localized("", "")


def named(
    title: str, language: str, titles: Mapping[str, str] | None, reader: str = ""
) -> Localized:
    """A title for the reader: in the language of `reader` (the active one by default) where
    `titles` has it, else as it is."""
    wanted = reader or get_language() or ""
    text = titles.get(wanted) if titles else None
    return Localized(text, wanted) if text else Localized(title, language)
