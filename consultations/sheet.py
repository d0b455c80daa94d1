"""The text as HTML: headings of parts, articles with their counts in the margin.

Built by string formatting, for a page holds up to sixty articles and costs little.
"""

from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from common.html import trusted
from common.ui.bars import position_bar_mini
from common.ui.words import count, people
from consultations.text import Row, anchor

_HIGHEST, _LOWEST = 2, 6


@lru_cache(maxsize=32)
def _words(language: str) -> dict[str, str]:
    return {
        "discuss": escape(gettext("Discuss")),
        "nobody": escape(gettext("No position yet")),
    }


def text_html(rows: Iterable[Row], href: str, language: str) -> SafeString:
    """The rows as they are read. `href` is the consultation's page; `language` that of the words."""
    lang = f' lang="{escape(language)}"' if language and language != get_language() else ""
    words = _words(get_language() or "")
    return trusted(
        "".join(
            _article(row, href, lang, words) if row.is_article else _part(row, href, lang)
            for row in rows
        )
    )


def _heading(row: Row) -> str:
    return f"h{min(_HIGHEST + row.level, _LOWEST)}"


def _part(row: Row, href: str, lang: str) -> str:
    tag = _heading(row)
    number = f'<span class="law-number">{escape(row.name)}</span> ' if row.name else ""
    body = f'<div class="law"{lang}>{row.body_html}</div>' if row.body_html else ""
    more = ""
    if row.new_articles:
        sentence = ngettext(
            "%(count)s new article is proposed here",
            "%(count)s new articles are proposed here",
            row.new_articles,
        ) % {"count": count(row.new_articles)}
        address = f"{href}proposals/?section={row.section_id}&amp;kind=new_article"
        more = f'<p class="note"><a href="{address}">{escape(sentence)}</a></p>'
    return (
        f'<div class="part" id="{anchor(row)}"><{tag} class="group-head"{lang}>{number}'
        f"{escape(row.heading)}{_note(row)}</{tag}>{body}{more}</div>"
    )


def _article(row: Row, href: str, lang: str, words: dict[str, str]) -> str:
    tag = _heading(row)
    address = f"{href}articles/{row.subject_id}/"
    title = escape(row.heading or row.name)
    number = (
        f'<span class="law-number">{escape(row.name)}</span> ' if row.name and row.heading else ""
    )
    link = f'<a href="{address}">{title}</a>' if row.subject_id else title
    margin = _margin(row, address, words) if row.subject_id else ""
    return (
        f'<article class="article-row" id="{anchor(row)}"><div class="law-sheet"{lang}>'
        f'<{tag} class="law-head">{number}{link}{_note(row)}</{tag}>'
        f'<div class="law">{row.body_html}</div></div>{margin}</article>'
    )


def _note(row: Row) -> str:
    return f' <em class="tag">{escape(row.note)}</em>' if row.note else ""


def _margin(row: Row, address: str, words: dict[str, str]) -> str:
    total = row.agree + row.mixed + row.disagree
    if total:
        standing = f"{position_bar_mini(row.agree, row.mixed, row.disagree)}<p>{people(total)}</p>"
    else:
        standing = f"<p>{words['nobody']}</p>"
    return (
        f'<aside class="article-row__counts" aria-label="{escape(row.name or row.heading)}">{standing}'
        f"{_count(row.comments, _comments)}{_count(row.amendments, _amendments)}"
        f'<p><a href="{address}" aria-describedby="{anchor(row)}">{words["discuss"]}</a></p></aside>'
    )


def _count(number: int, say: object) -> str:
    return f"<p>{say(number)}</p>" if number else ""  # type: ignore[operator]


def _comments(number: int) -> str:
    return ngettext("%(count)s argument", "%(count)s arguments", number) % {"count": count(number)}


def _amendments(number: int) -> str:
    return ngettext("%(count)s amendment", "%(count)s amendments", number) % {
        "count": count(number)
    }
