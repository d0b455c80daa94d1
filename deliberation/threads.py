"""Comments with their replies as safe HTML, built without templates: a page shows dozens of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from common.html import trusted
from common.ui.people import CommentLinks, comment, tombstone
from deliberation.conversation import Lane, Remark
from deliberation.kinds import MAX_DEPTH
from deliberation.permissions import may_comment, may_contribute
from processes.kinds import HIDING_RULES, Activity
from processes.models import Subject


@dataclass(frozen=True, slots=True)
class Reader:
    """What the person who reads may do with every comment on one subject."""

    user_id: int | None
    language: str
    replies: bool = False
    supports: bool = False
    withdraws: bool = False
    moderates: bool = False

    def links(self, remark: Remark) -> CommentLinks | None:
        """What the person may do with one comment. None for readers who are not signed in."""
        if self.user_id is None:
            return None
        base = f"/{self.language}/subjects/comments/{remark.pk}/"
        mine = remark.author_id == self.user_id
        supports = self.supports and not mine
        return CommentLinks(
            support=f"{base}support/" if supports and not remark.is_supported else "",
            unsupport=f"{base}support/?end=1" if supports and remark.is_supported else "",
            reply=f"{base}reply/" if self.replies and remark.depth < MAX_DEPTH else "",
            edit=f"{base}edit/" if mine and self.replies else "",
            withdraw=f"{base}withdraw/" if mine and self.withdraws else "",
            hide=f"/{self.language}/moderation/hide/comment/{remark.pk}/" if self.moderates else "",
        )


def reader_of(user: Any, subject: Subject) -> Reader:
    """Ask once for all comments of a subject. No query on a subject that carries its frame."""
    if not user.is_authenticated:
        return Reader(None, get_language() or "")
    return Reader(
        user.pk,
        get_language() or "",
        replies=bool(may_comment(user, subject)),
        supports=bool(may_contribute(user, subject, Activity.SUPPORT)),
        withdraws=subject.process.closed_at is None,
        moderates=user.is_moderator,
    )


def lane_html(lane: Lane, reader: Reader) -> SafeString:
    """All comments of a lane, one after the other."""
    return trusted("".join(remark_html(remark, reader) for remark in lane.remarks))


def whole_html(remark: Remark, reader: Reader) -> SafeString:
    """One comment with all replies that were loaded, unfolded."""
    return _one(remark, reader, _nested(remark, reader))


def remark_html(remark: Remark, reader: Reader) -> SafeString:
    """One comment with its first replies; the others are one click away."""
    rest = _rest(remark, reader) if remark.has_more_replies else ""
    return _one(remark, reader, _nested(remark, reader) + rest)


def _one(remark: Remark, reader: Reader, replies: str) -> SafeString:
    if not remark.is_standing:
        rule = str(HIDING_RULES.get(remark.hidden_rule, "")) or gettext("against the rules")
        return tombstone(
            key=remark.pk,
            reason=rule if remark.hidden_at else "",
            at=remark.hidden_at or remark.withdrawn_at,
            replies_html=replies,
        )
    return comment(
        key=remark.pk,
        author=remark.author,
        created_at=remark.created_at,
        body_html=remark.body_html,
        stance_value=remark.stance,
        support_count=remark.support_count,
        links=reader.links(remark),
        edited=remark.edited_at is not None,
        official=remark.is_official,
        replies_html=replies,
        language="" if remark.language == reader.language else remark.language,
    )


def _nested(top: Remark, reader: Reader) -> str:
    """The loaded replies, each under the comment that it answers (if that was loaded too)."""
    under: dict[int, list[Remark]] = {}
    for reply in top.replies:
        under.setdefault(reply.parent_id or top.pk, []).append(reply)
    known = {top.pk, *(reply.pk for reply in top.replies)}
    strays = [row for parent, rows in under.items() if parent not in known for row in rows]
    return "".join(
        _one(reply, reader, "".join(_one(last, reader, "") for last in under.get(reply.pk, ())))
        for reply in [*under.get(top.pk, ()), *strays]
    )


def _rest(top: Remark, reader: Reader) -> str:
    """The way to all replies, where not all were loaded."""
    words = escape(gettext("Read all replies"))
    address = f"/{reader.language}/subjects/comments/{top.pk}/"
    return f'<p class="more"><a href="{address}">{words}</a></p>'


def lanes_html(lanes: Iterable[Lane], reader: Reader) -> dict[str, SafeString]:
    """{stance: its comments}."""
    return {lane.stance: lane_html(lane, reader) for lane in lanes}
