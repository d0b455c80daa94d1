"""What base.html needs on every page. No query, no cookie, no session."""

from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, override

_NAMES = {
    "front": "processes:front",
    "calendar": "processes:calendar",
    "feed": "processes:feed",
    "about": "about",
    "api": "api-docs",
    "desk": "desk:home",
    "moderation": "moderation:decisions",
    "inbox": "notifications:inbox",
    "mail": "notifications:preferences",
    "account": "accounts:account",
    "login": "account_login",
    "signup": "account_signup",
    "logout": "account_logout",
    "admin": "admin:index",
}


class Language(NamedTuple):
    """One entry of the language switch: the same page in another language."""

    code: str
    name: str
    href: str


@lru_cache(maxsize=32)
def shell_links(language: str) -> dict[str, str]:
    """Addresses of header and footer in `language`; a page that this installation lacks has none."""
    links = {}
    with override(language):
        for key, name in _NAMES.items():
            try:
                links[key] = reverse(name)
            except NoReverseMatch:
                links[key] = ""
    return links


def languages(path: str, query: str) -> list[Language]:
    """The same address in each language. Pages outside the language prefixes lead to the front pages."""
    _, prefix, rest = path.split("/", 2) if path.count("/") > 1 else ("", "", "")
    if prefix not in dict(settings.LANGUAGES):
        rest, query = "", ""
    tail = f"{rest}?{query}" if query else rest
    return [Language(code, name, f"/{code}/{tail}") for code, name in settings.LANGUAGES]


def shell(request: WSGIRequest) -> dict[str, object]:
    """Context processor: `site_name`, `links`, `languages`, `page_language`."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "site_name": settings.SITE_NAME,
        "links": shell_links(language),
        "languages": languages(request.path, request.META.get("QUERY_STRING", "")),
        "page_language": language,
    }
