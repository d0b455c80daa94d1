"""A notice as a sentence: its words, and the path that it leads to."""

from collections.abc import Callable
from datetime import datetime
from html import escape

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common.html import shorten, trusted
from common.texts import Localized, Phrase, localized
from common.ui import moments, words
from common.ui.tongues import marked
from notifications.addresses import told_path
from notifications.models import Notice
from processes.kinds import HIDING_RULES, EntryKind

Facts = dict[str, object]
EXCERPT = 160  # characters of a reason; the page has all of it
_TITLE = "\ue000"  # stands for the title, which may be in another language, until it is put in


def title_of(notice: Notice) -> Localized:
    """What the notice is about: the subject's title, or the process's."""
    if notice.subject is not None:
        return notice.subject.shown
    return localized(notice.process.title)


def href_of(notice: Notice) -> str:
    """The page of it, in the reader's language."""
    return f"/{get_language()}{told_path(notice.entry, notice.process, notice.subject)}"


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


def _unfinished(notice: Notice, facts: Facts) -> str:
    moment = _moment(notice, "closes_at")
    if moment is None:
        return _("Your ballot in “%(title)s” has not been sent yet") % facts
    facts["moment"] = moments.full(moment)
    return (
        _("Your ballot in “%(title)s” has not been sent yet. Voting closes on %(moment)s") % facts
    )


def _revision(notice: Notice, facts: Facts) -> str:
    facts |= {"day": _day(notice, "due_at"), "reason": _reason(notice)}
    return _("Please revise “%(title)s” by %(day)s: %(reason)s") % facts


def _merge_asked(notice: Notice, facts: Facts) -> str:
    facts["reason"] = _reason(notice)
    if notice.subject is not None and notice.subject.author_id == notice.user_id:
        return (
            _("You are asked to let “%(title)s” become part of another project: %(reason)s") % facts
        )
    return _("You are asked to let “%(title)s” become part of your project: %(reason)s") % facts


def _merged(notice: Notice, facts: Facts) -> str:
    return _("“%(title)s” became part of another project; its signatures went with it") % facts


def _merge_refused(notice: Notice, facts: Facts) -> str:
    if notice.entry.data.get("expired"):
        return (
            _("“%(title)s” stays a project of its own: the authors did not both consent in time")
            % facts
        )
    return _("“%(title)s” stays a project of its own: an author refused the merger") % facts


def _moved(notice: Notice, facts: Facts) -> str:
    facts["reason"] = _reason(notice)
    return _("“%(title)s” was moved to another place in the budget: %(reason)s") % facts


def _assessed(notice: Notice, facts: Facts) -> str:
    if notice.entry.data.get("feasible"):
        return _("“%(title)s” was assessed: it can be done") % facts
    return _("“%(title)s” was assessed: it cannot be done. The reason is on its page") % facts


def _assessor_named(notice: Notice, facts: Facts) -> str:
    return _("You were named to assess projects of “%(title)s”") % facts


def _handed_out(notice: Notice, facts: Facts) -> str:
    if notice.subject is None:
        return _many_handed_out(notice, facts)
    day = _day(notice, "due_at")
    if not day:
        return _("“%(title)s” was handed to you for assessment") % facts
    return _("“%(title)s” was handed to you for assessment by %(day)s") % {**facts, "day": day}


def _many_handed_out(notice: Notice, facts: Facts) -> str:
    """Of several hand-outs that nobody read the notice knows the last alone: it gives no number."""
    if notice.count > 1:
        return _("Projects of “%(title)s” were handed to you for assessment") % facts
    number, day = int(notice.entry.data.get("count", 0)), _day(notice, "due_at")
    facts |= {"count": words.count(number), "day": day}
    if not day:
        return ngettext(
            "%(count)s project of “%(title)s” was handed to you for assessment",
            "%(count)s projects of “%(title)s” were handed to you for assessment",
            number,
        ) % facts  # fmt: skip
    return ngettext(
        "%(count)s project of “%(title)s” was handed to you for assessment by %(day)s",
        "%(count)s projects of “%(title)s” were handed to you for assessment by %(day)s",
        number,
    ) % facts  # fmt: skip


def _assessment_late(notice: Notice, facts: Facts) -> str:
    return _("The assessment of “%(title)s” is late") % facts


def _progressed(notice: Notice, facts: Facts) -> str:
    if notice.count > 1:
        return ngettext(
            "%(count)s piece of news of “%(title)s”", "%(count)s pieces of news of “%(title)s”",
            notice.count,
        ) % facts  # fmt: skip
    facts["news"] = _reason(notice)
    return _("News of “%(title)s”: %(news)s") % facts


def _delayed(notice: Notice, facts: Facts) -> str:
    facts |= {"day": _day(notice, "expected_on"), "reason": _reason(notice)}
    return _("“%(title)s” takes longer, until %(day)s: %(reason)s") % facts


def _built(notice: Notice, facts: Facts) -> str:
    return _("“%(title)s” is completed") % facts


def _cancelled(notice: Notice, facts: Facts) -> str:
    facts["reason"] = _reason(notice)
    return _("“%(title)s” was given up: %(reason)s") % facts


def _reason(notice: Notice) -> str:
    return shorten(str(notice.entry.data.get("reason", "")), EXCERPT)


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
    EntryKind.BALLOT_UNFINISHED: _unfinished,
    EntryKind.REVISION_ASKED: _revision,
    EntryKind.MERGE_ASKED: _merge_asked,
    EntryKind.PROJECTS_MERGED: _merged,
    EntryKind.MERGE_REFUSED: _merge_refused,
    EntryKind.PROJECT_MOVED: _moved,
    EntryKind.PROJECT_ASSESSED: _assessed,
    EntryKind.ASSESSOR_NAMED: _assessor_named,
    EntryKind.ASSESSMENT_HANDED_OUT: _handed_out,
    EntryKind.ASSESSMENT_LATE: _assessment_late,
    EntryKind.PROJECT_PROGRESSED: _progressed,
    EntryKind.PROJECT_DELAYED: _delayed,
    EntryKind.PROJECT_BUILT: _built,
    EntryKind.PROJECT_CANCELLED: _cancelled,
}
