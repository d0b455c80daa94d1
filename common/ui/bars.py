"""Bars: how people stand, how far something has come. SVG, told apart without colour."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from common.html import trusted
from common.ui.words import POSITIONS, beside, count, people, positions

Counts = tuple[int, int, int]

# agree is plain, mixed is dotted, disagree is hatched; base.html holds the patterns.
_SEGMENT = '<rect class="bar-{0}" x="{1:.2f}%" width="{2:.2f}%" height="100%"/>'
_PATTERN = '<rect x="{1:.2f}%" width="{2:.2f}%" height="100%" fill="url(#pattern-{0})"/>'
_EDGE = '<rect class="bar-edge" x="{0:.2f}%" width="2" height="100%"/>'

_BAR = (
    '<figure class="pbar"><svg class="pbar__drawing" width="100%" height="16" role="img" '
    'aria-label="{}">{}</svg><figcaption><ul class="pbar__key">{}</ul>'
    '<span class="pbar__total">{}</span></figcaption>{}</figure>'
)
_KEY = '<li><svg class="key" width="14" height="14" aria-hidden="true">{}</svg> <b>{}</b> {}</li>'
_TABLE = (
    '<details class="quiet"><summary>{}</summary><table class="table"><thead><tr>'
    '<th scope="col">{}</th><th scope="col" class="num">{}</th><th scope="col" class="num">{}</th>'
    "</tr></thead><tbody>{}</tbody></table></details>"
)
_ROW = '<tr><th scope="row">{}</th><td class="num">{}</td><td class="num">{}</td></tr>'
_MINI = '<svg class="pbar__mini" width="100%" height="6" role="img" aria-label="{}">{}</svg>'
_PROGRESS = (
    '<figure class="progress"><svg width="100%" height="10" aria-hidden="true">'
    '<rect class="progress__track" width="100%" height="100%"/>'
    '<rect class="progress__done" width="{}%" height="100%"/></svg>'
    "<figcaption>{}</figcaption></figure>"
)


def _segments(counts: Counts, total: int) -> str:
    """The drawn segments; nothing but numbers and our own words goes in."""
    parts: list[str] = []
    start = 0.0
    for name, number in zip(POSITIONS, counts, strict=True):
        width = 100.0 * number / total
        if number:
            parts.append(_SEGMENT.format(name, start, width))
            if name != "agree":
                parts.append(_PATTERN.format(name, start, width))
            if start:
                parts.append(_EDGE.format(start))
        start += width
    return "".join(parts)


def _spoken(counts: Counts, total: int) -> str:
    if not total:
        return gettext("Nobody has taken a position yet.")
    agree, mixed, disagree = counts
    return ngettext(
        "Of %(total)s person, %(agree)s agree, %(mixed)s are mixed, %(disagree)s disagree.",
        "Of %(total)s people, %(agree)s agree, %(mixed)s are mixed, %(disagree)s disagree.",
        total,
    ) % {
        "total": count(total),
        "agree": count(agree),
        "mixed": count(mixed),
        "disagree": count(disagree),
    }


def position_bar(agree: int, mixed: int, disagree: int, *, table: bool = True) -> SafeString:
    """The full bar: drawing, numbers with words, total; the same as a table, folded."""
    return _position_bar((agree or 0, mixed or 0, disagree or 0), table, get_language() or "")


@lru_cache(maxsize=4096)
def _position_bar(counts: Counts, table: bool, language: str) -> SafeString:
    total = sum(counts)
    if not total:
        return format_html('<p class="pbar pbar--empty">{}</p>', _spoken(counts, total))
    keys = "".join(
        format_html(_KEY, _swatch(name), count(number), beside(name, number))
        for name, number in zip(POSITIONS, counts, strict=True)
    )
    return format_html(
        _BAR,
        _spoken(counts, total),
        trusted(_segments(counts, total)),
        trusted(keys),
        people(total),
        _table(counts, total) if table else "",
    )


def position_bar_mini(agree: int, mixed: int, disagree: int) -> SafeString:
    """A thin bar for lists and the contents tree; the sentence is spoken, not shown."""
    return _mini((agree or 0, mixed or 0, disagree or 0), get_language() or "")


@lru_cache(maxsize=8192)
def _mini(counts: Counts, language: str) -> SafeString:
    total = sum(counts)
    return format_html(
        _MINI,
        _spoken(counts, total),
        trusted(_segments(counts, total)) if total else "",
    )


def _swatch(name: str) -> SafeString:
    pattern = (
        "" if name == "agree" else f'<rect width="100%" height="100%" fill="url(#pattern-{name})"/>'
    )
    return trusted(f'<rect class="bar-{name}" width="100%" height="100%"/>{pattern}')


def _table(counts: Counts, total: int) -> SafeString:
    words = positions()
    rows = "".join(
        format_html(_ROW, words[name].button, count(number), f"{round(100 * number / total)} %")
        for name, number in zip(POSITIONS, counts, strict=True)
    )
    return format_html(
        _TABLE,
        gettext("The numbers as a table"),
        gettext("Position"),
        gettext("People"),
        gettext("Share"),
        trusted(rows),
    )


def progress(done: int, total: int, sentence: str) -> SafeString:
    """How far something has come; `sentence` says it in words."""
    share = 100.0 * min(done, total) / total if total else 0.0
    return format_html(_PROGRESS, f"{share:.2f}", sentence)
