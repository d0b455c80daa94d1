"""Parts of every page that change with the language only: drawn once per process and kept."""

from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from common.context import shell_links
from common.html import trusted


def _draw(template_name: str, language: str, facts: tuple[tuple[str, object], ...]) -> SafeString:
    context = {
        "links": shell_links(language),
        "site_name": settings.SITE_NAME,
        "page_language": language,
    }
    return render_to_string(template_name, context | dict(facts))


_kept = lru_cache(maxsize=512)(_draw)


def once(template_name: str, **facts: str | bool | None) -> SafeString:
    """{% once "components/site_foot.html" %}: the template, drawn once per process and language.

    Its context is `links`, `site_name`, `page_language` and `facts`; never pass what a person
    wrote. In development it is drawn each time.
    """
    draw = _draw if settings.DEBUG else _kept
    return draw(
        template_name,
        get_language() or settings.LANGUAGE_CODE,
        tuple(sorted(facts.items())),
    )


def language_links(languages: list[tuple[str, str, str]], current: str) -> SafeString:
    """The language switch: the same page in each language, as plain links."""
    return trusted(
        "".join(
            f'<a href="{escape(href)}" lang="{code}" hreflang="{code}"'
            f"{' aria-current=true' if code == current else ''}>{escape(name)}</a>"
            for code, name, href in languages
        )
    )
