"""What people say, and what became of it. Safe HTML, built fast."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from common.html import trusted
from common.texts import Localized
from common.ui import moments, tongues
from common.ui.words import count, decision, stance

ACTION_FORM = "act"


@dataclass(frozen=True, slots=True)
class CommentLinks:
    """What the reader may do with one comment; "" leaves the link or button out.

    `support` and `unsupport` are posted to; the others are pages.
    """

    support: str = ""
    unsupport: str = ""
    reply: str = ""
    edit: str = ""
    withdraw: str = ""
    report: str = ""
    hide: str = ""


@lru_cache(maxsize=32)
def _words(language: str) -> dict[str, str]:
    return {
        name: escape(text)
        for name, text in {
            "support": gettext("Support"),
            "unsupport": gettext("Take back my support"),
            "reply": gettext("Reply"),
            "edit": gettext("Edit"),
            "withdraw": gettext("Withdraw"),
            "report": gettext("Report"),
            "hide": gettext("Hide"),
            "edited": gettext("edited"),
            "official": gettext("Official"),
        }.items()
    }


def comment(
    *,
    key: int,
    author: str,
    created_at: datetime,
    body_html: str,
    stance_value: str = "neutral",
    support_count: int = 0,
    links: CommentLinks | None = None,
    edited: bool = False,
    official: bool = False,
    replies_html: str = "",
    language: str = "",
) -> SafeString:
    """One comment. `body_html` and `replies_html` are safe already; the rest is escaped here.

    The support button belongs to the page's one form with the id "act" (tag `action_form`), so that
    forty comments need one CSRF token. `language` is the text's own, where it is not the page's.
    """
    page = get_language() or ""
    words = _words(page)
    word = stance(stance_value) if stance_value != "neutral" else ""
    lang = f' lang="{escape(language)}"' if language else ""
    return trusted(
        f'<article class="comment is-{escape(stance_value)}" id="c{key}">'
        f'<header class="comment__head">'
        f'<b class="comment__author">{escape(author)}</b>'
        f"{_mark('official', words['official']) if official else ''}"
        f"{_mark('stance', escape(word)) if word else ''}"
        f'<a class="comment__time" href="#c{key}">{moments.ago(created_at)}</a>'
        f"{_mark('comment__edited', words['edited']) if edited else ''}</header>"
        f'<div class="prose"{lang}>{body_html}</div>'
        f"{_foot(key, _supporters(support_count, page), links, words)}{_replies(replies_html)}</article>"
    )


def _mark(name: str, text: str) -> str:
    return f'<span class="{name}">{text}</span>'


def _replies(html: str) -> str:
    return f'<div class="comment__replies">{html}</div>' if html else ""


@lru_cache(maxsize=1024)
def _supporters(number: int, language: str) -> str:
    if not number:
        return ""
    sentence = ngettext("%(count)s supports this", "%(count)s support this", number)
    return _mark("comment__support", escape(sentence % {"count": count(number)}))


def _foot(key: int, supporters: str, links: CommentLinks | None, words: dict[str, str]) -> str:
    parts = [supporters] if supporters else []
    if links is not None:
        for name in ("support", "unsupport"):
            if address := getattr(links, name):
                pressed = "true" if name == "unsupport" else "false"
                parts.append(
                    f'<button class="linkish" form="{ACTION_FORM}" formaction="{escape(address)}" '
                    f'aria-pressed="{pressed}">{words[name]}</button>'
                )
        for name in ("reply", "edit", "withdraw", "report", "hide"):
            if address := getattr(links, name):
                parts.append(
                    f'<a href="{escape(address)}" aria-describedby="c{key}">{words[name]}</a>'
                )
    return f'<footer class="comment__foot">{"".join(parts)}</footer>' if parts else ""


def tombstone(
    *, key: int, reason: str = "", at: datetime | None = None, replies_html: str = ""
) -> SafeString:
    """What stands where a comment was hidden (`reason`: the rule) or withdrawn (no reason)."""
    if reason:
        sentence = gettext("Hidden by a moderator: %(reason)s") % {"reason": reason}
    else:
        sentence = gettext("Withdrawn by its author.")
    moment = f" {moments.ago(at)}" if at else ""
    return trusted(
        f'<article class="comment tombstone" id="c{key}"><p>{escape(sentence)}{moment}</p>'
        f"{_replies(replies_html)}</article>"
    )


def promise(
    state: str,
    *,
    due_at: datetime | None = None,
    decision_value: str = "",
    href: str = "",
    moved: Localized | str = "",
) -> SafeString | str:
    """The line under a contribution that says what became of it.

    `state`: "" (nothing is owed), owed, late, answered, answered_late. `moved` names the clause
    that it changed ("Article 9"), `href` leads to the answer or to that clause.
    """
    if moved:
        text, look = tongues.sentence(gettext("Moved %(clause)s"), clause=moved), "moved"
    elif state in ("answered", "answered_late"):
        text = tongues.sentence(
            gettext("Answered: %(decision)s"), decision=decision(decision_value)
        )
        look = "answered"
    elif state in ("owed", "late"):
        sentence = moments.when(due_at, "owed") if due_at else escape(gettext("owed an answer"))
        return trusted(f'<p class="promise is-{state}">{sentence}</p>')
    else:
        return ""
    inner = f'<a href="{escape(href)}">{text}</a>' if href else text
    return trusted(f'<p class="promise is-{look}">{inner}</p>')


def decision_word(value: str) -> SafeString:
    """The decision as a word; the style sheet draws a mark of its own for each."""
    return trusted(f'<span class="decision is-{escape(value)}">{escape(decision(value))}</span>')
