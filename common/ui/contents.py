"""The contents tree of a draft: groups that fold, articles with a bar and counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from common.html import trusted
from common.ui import bars
from common.ui.words import count


@dataclass(slots=True)
class Entry:
    """One line of the tree. `href` is an address; `contributions` counts comments and amendments.

    Entries with `children` fold; `is_current` marks the page's own line and opens the way to it.
    `new` and `moved` are words for the reader ("new article"), shown after the heading.
    """

    number: str
    heading: str
    href: str
    agree: int = 0
    mixed: int = 0
    disagree: int = 0
    contributions: int = 0
    is_current: bool = False
    note: str = ""
    children: "list[Entry]" = field(default_factory=list)


def contents_tree(entries: Sequence[Entry], language: str = "") -> SafeString:
    """The whole tree as nested lists. Groups fold, open where the reader is or when few."""
    few = sum(1 + len(entry.children) for entry in entries) <= 80
    lang = f' lang="{escape(language)}"' if language else ""
    return trusted(f'<ol class="tree"{lang}>{"".join(_item(entry, few) for entry in entries)}</ol>')


def _holds_current(entry: Entry) -> bool:
    return entry.is_current or any(_holds_current(child) for child in entry.children)


def _item(entry: Entry, is_open: bool) -> str:
    name = f'<span class="tree__number">{escape(entry.number)}</span> {escape(entry.heading)}'
    if entry.children:
        opened = " open" if is_open or _holds_current(entry) else ""
        inner = "".join(_item(child, is_open) for child in entry.children)
        return f"<li><details{opened}><summary>{name}</summary><ol>{inner}</ol></details></li>"
    current = ' aria-current="page"' if entry.is_current else ""
    note = f' <em class="tree__note">{escape(entry.note)}</em>' if entry.note else ""
    total = entry.agree + entry.mixed + entry.disagree
    bar = bars.position_bar_mini(entry.agree, entry.mixed, entry.disagree) if total else ""
    talk = ""
    if entry.contributions:
        words = escape(ngettext("contribution", "contributions", entry.contributions))
        spoken = f'<span class="visually-hidden"> {words}</span>'
        talk = f'<span class="tree__count">{count(entry.contributions)}{spoken}</span>'
    link = f'<a href="{escape(entry.href)}"{current}>{name}{note}</a>'
    return f'<li class="tree__leaf">{link}{talk}{bar}</li>'
