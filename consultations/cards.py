"""Proposals as they stand in a list: safe HTML, built without a template for each."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from common.html import trusted
from common.texts import Crumb, Localized, named
from common.ui import bars, moments, people
from common.ui.tongues import lang_of, marked
from common.ui.words import count
from consultations.drafting.diff import spoken
from processes.kinds import SUBJECT_TYPES

LARGEST_DIFF = 20_000  # characters of a difference that is folded into a list


def promise_line(
    *,
    decision: str | None,
    due_at: datetime | None,
    late_at: datetime | None,
    href: str = "",
    moved: Crumb | None = None,
) -> str:
    """What became of a proposal, or what is owed to it. Safe HTML, "" for neither.

    `moved` is the address and the name of the part of the text that it moved.
    """
    if moved:
        return people.promise("answered", moved=moved[1], href=moved[0])
    if decision:
        return people.promise("answered", decision_value=decision, href=href)
    if due_at:
        return people.promise("late" if late_at else "owed", due_at=due_at)
    return ""


def author_of(row: Mapping[str, Any]) -> str:
    """The name that is shown, as `User.__str__` says it."""
    if row["author_closed_at"] is not None:
        return gettext("Former participant")
    number = {"number": row["author_id"]}
    return row["author_name"] or gettext("Participant %(number)s") % number


def amendment_cards(rows: Iterable[Mapping[str, Any]], slug: str) -> SafeString:
    """The most supported amendments, each with its numbers, its promise and its folded difference."""
    language = get_language() or ""
    words = {
        "changes": escape(gettext("What it changes")),
        "whole": escape(gettext("Read the amendment")),
        "inserted": gettext("added:"),
        "deleted": gettext("removed:"),
    }
    base = f"/{language}/consultations/{slug}/proposals/"
    return trusted(
        "".join(_card(row, f"{base}{row['subject_id']}/", language, words) for row in rows)
    )


def _card(row: Mapping[str, Any], href: str, language: str, words: Mapping[str, str]) -> str:
    lang = lang_of(row["language"])
    title = named(row["title"], row["language"], row["titles"])
    numbers = people_and_words(row["agree"] + row["mixed"] + row["disagree"], row["comments"])
    bar = bars.position_bar_mini(row["agree"], row["mixed"], row["disagree"])
    promise = promise_line(
        decision=row["decision"],
        due_at=row["due_at"],
        late_at=row["late_at"],
        href=f"{href}#answer",
    )
    return (
        f'<article class="proposal"><header class="proposal__head"><h3><a href="{href}">'
        f"{marked(title)}</a></h3><span>{escape(author_of(row))}</span>"
        f'{moments.ago(row["created_at"])}</header><div class="proposal__numbers">{bar}'
        f"<span>{numbers}</span></div>{promise}{_difference(row, href, lang, words)}</article>"
    )


def people_and_words(positions: int, comments: int) -> str:
    """ "12 positions · 1 comment"."""
    taken = ngettext("%(count)s position", "%(count)s positions", positions)
    said = ngettext("%(count)s comment", "%(count)s comments", comments)
    return escape(f"{taken % {'count': count(positions)}} · {said % {'count': count(comments)}}")


def _difference(row: Mapping[str, Any], href: str, lang: str, words: Mapping[str, str]) -> str:
    html = row["diff_html"]
    if not html or len(html) > LARGEST_DIFF:
        return f'<p><a href="{href}">{words["whole"]}</a></p>'
    inline = spoken(html, words["inserted"], words["deleted"], get_language() or "")
    reason = f'<div class="prose"{lang}>{row["reason_html"]}</div>' if row["reason_html"] else ""
    return (
        f'<details class="quiet"><summary>{words["changes"]}</summary><div class="diff">'
        f'<div class="diff__inline law law--small"{lang}>{inline}</div></div>{reason}</details>'
    )


def subject_links(rows: Iterable[tuple[int, Localized, str]], slug: str) -> list[Crumb]:
    """(address, title) of subjects given as (id, title, kind)."""
    language = get_language()
    return [(f"/{language}{SUBJECT_TYPES[kind].path(slug, pk)}", title) for pk, title, kind in rows]
