"""Words in another language than the page: each carries its own, so that it is read out as it should."""

from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from common.html import trusted
from common.texts import Localized, Phrase


def lang_of(language: str | None) -> SafeString | str:
    """The attribute ` lang="fr"` for a tag; "" for the page's own language, or none known."""
    if not language or language == get_language():
        return ""
    return trusted(f' lang="{escape(language)}"')


def marked(text: Localized | Phrase | str | None) -> SafeString:
    """A text as HTML, in a span with its language where that is not the page's."""
    if isinstance(text, Phrase):
        return trusted(text.html)
    if not isinstance(text, Localized):
        return trusted(escape(str(text or "")))
    lang = lang_of(text.language)
    inner = escape(text.text)
    return trusted(f"<span{lang}>{inner}</span>" if lang else inner)


def sentence(words: str, **parts: Localized | str | int) -> SafeString:
    """A translated sentence with its placeholders filled, as HTML: sentence(_("Moved %(clause)s"),
    clause=title). Everything is escaped here; parts in another language are marked."""
    filled = {
        name: marked(part) if isinstance(part, Localized) else escape(str(part))
        for name, part in parts.items()
    }
    return trusted(escape(words) % filled)


def phrase(words: str, **parts: Localized | str | int) -> Phrase:
    """A translated sentence with its placeholders filled, to be read plain or as HTML."""
    return Phrase(
        words % {name: str(part) for name, part in parts.items()}, sentence(words, **parts)
    )
