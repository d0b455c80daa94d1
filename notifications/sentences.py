"""A notice as a sentence: its words, and the path that it leads to."""

from collections.abc import Callable
from datetime import datetime
from html import escape

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common.html import trusted
from common.texts import Localized, Phrase, localized
from common.ui import moments, words
from common.ui.tongues import marked
from notifications.models import Notice
from processes.kinds import HIDING_RULES, EntryKind, process_path, subject_path

Facts = dict[str, object]
_TITLE = "\ue000"  # stands for the title, which may be in another language, until it is put in


def title_of(notice: Notice) -> Localized:
    """What the notice is about: the subject's title, or the process's."""
    if notice.subject is not None:
        return notice.subject.shown
    return localized(notice.process.title)


def href_of(notice: Notice) -> str:
    """The page of it, in the reader's language."""
    data = notice.entry.data
    prefix = f"/{get_language()}"
    if notice.kind in (EntryKind.COMMENT_POSTED, EntryKind.COMMENT_EDITED) and "comment" in data:
        return f"{prefix}/subjects/comments/{data['comment']}/"
    if notice.kind in (EntryKind.HIDDEN, EntryKind.RESTORED) and data.get("comment"):
        return f"{prefix}/subjects/comments/{data['comment']}/"
    if notice.subject is not None:
        return prefix + subject_path(notice.subject, notice.process.slug)
    return prefix + process_path(notice.process)


def sentence_of(notice: Notice) -> Phrase:
    """What happened, in the reader's language. Collapsed notices say how often."""
    title = title_of(notice)
    words = _words_of(notice)
    html = escape(words).replace(_TITLE, marked(title))
    return Phrase(words.replace(_TITLE, title.text), trusted(html))


def _words_of(notice: Notice) -> str:
    """The sentence with `_TITLE` in place of the title."""
    facts: Facts = {
        "title": _TITLE,
        "count": notice.count,
        "actor": str(notice.entry.actor) if notice.entry.actor else "",
    }
    return _SENTENCES[EntryKind(notice.kind)](notice, facts)


def _comment(notice: Notice, facts: Facts) -> str:
    if notice.count > 1:
        return ngettext(
            "%(count)s new comment on “%(title)s”", "%(count)s new comments on “%(title)s”",
            notice.count,
        ) % facts  # fmt: skip
    if notice.entry.data.get("parent_author") == notice.user_id:
        return _("%(actor)s replied to you on “%(title)s”") % facts
    return _("%(actor)s commented on “%(title)s”") % facts


def _comment_edited(notice: Notice, facts: Facts) -> str:
    return (
        _(
            "A comment that you supported on “%(title)s” has new words; your support ended. Look again."
        )
        % facts
    )


def _reset(notice: Notice, facts: Facts) -> str:
    return (
        _("The text of “%(title)s” changed, so your position on it was taken off. Take a new one.")
        % facts
    )


def _owed(notice: Notice, facts: Facts) -> str:
    day = _day(notice, "due_at")
    if not day:
        return _("“%(title)s” is owed an answer") % facts
    return _("“%(title)s” is owed an answer by %(day)s") % {**facts, "day": day}


def _answered(notice: Notice, facts: Facts) -> str:
    facts["decision"] = words.decision(str(notice.entry.data.get("decision", "")))
    if notice.subject is not None and notice.subject.author_id == notice.user_id:
        return _("“%(title)s”, which you wrote, was answered: %(decision)s") % facts
    return _("“%(title)s” was answered: %(decision)s") % facts


def _answer_changed(notice: Notice, facts: Facts) -> str:
    facts["decision"] = words.decision(str(notice.entry.data.get("decision", "")))
    return _("The answer to “%(title)s” was changed: %(decision)s") % facts


def _late(notice: Notice, facts: Facts) -> str:
    return _("The answer to “%(title)s” is late") % facts


def _version(notice: Notice, facts: Facts) -> str:
    facts["number"] = notice.entry.data.get("version", "")
    return _("“%(title)s” has a new text, version %(number)s") % facts


def _closing(notice: Notice, facts: Facts) -> str:
    moment = _moment(notice, "closes_at")
    if moment is None:
        return _("“%(title)s” closes soon") % facts
    return _("“%(title)s” closes soon: %(moment)s") % {**facts, "moment": moments.full(moment)}


def _rescheduled(notice: Notice, facts: Facts) -> str:
    facts["reason"] = notice.entry.data.get("reason", "")
    return _("The dates of “%(title)s” changed: %(reason)s") % facts


def _hidden(notice: Notice, facts: Facts) -> str:
    rule = HIDING_RULES.get(str(notice.entry.data.get("rule", "")))
    if not rule:
        return _("A moderator hid what you wrote on “%(title)s”") % facts
    return _("A moderator hid what you wrote on “%(title)s”: %(rule)s") % {**facts, "rule": rule}


def _restored(notice: Notice, facts: Facts) -> str:
    return _("What you wrote on “%(title)s” is shown again") % facts


def _moment(notice: Notice, name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(str(notice.entry.data.get(name, "")))
    except ValueError:
        return None


def _day(notice: Notice, name: str) -> str:
    moment = _moment(notice, name)
    return moments.day(moment) if moment else ""


_SENTENCES: dict[str, Callable[[Notice, Facts], str]] = {
    EntryKind.COMMENT_POSTED: _comment,
    EntryKind.COMMENT_EDITED: _comment_edited,
    EntryKind.POSITIONS_RESET: _reset,
    EntryKind.ANSWER_OWED: _owed,
    EntryKind.ANSWERED: _answered,
    EntryKind.ANSWER_CHANGED: _answer_changed,
    EntryKind.ANSWER_LATE: _late,
    EntryKind.VERSION_PUBLISHED: _version,
    EntryKind.CLOSING_SOON: _closing,
    EntryKind.PROCESS_RESCHEDULED: _rescheduled,
    EntryKind.HIDDEN: _hidden,
    EntryKind.RESTORED: _restored,
}
