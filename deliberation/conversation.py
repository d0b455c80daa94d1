"""The conversation about a subject as it is read: one query, however much has been said.

Written by hand because its three lanes, the fair share of each and the replies are one statement;
each part stops reading its index as soon as it has enough.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from deliberation.kinds import Stance

FIRST = 20  # comments on the page of a subject, of all stances together
PAGE = 20  # comments on a page of one stance
REPLIES = 3  # replies that are shown under a comment; the rest has a page of its own
_CURSOR = re.compile(r"(\d{1,9})-(\d{1,18})")

# Best supported first; `place` counts from 1. Follows the index comment_by_support.
_LANE = """
SELECT id, stance, support_count, row_number() OVER () AS place FROM (
    SELECT id, stance, support_count FROM deliberation_comment
    WHERE subject_id = %(subject)s AND depth = 0 AND stance = '{stance}' AND id <> %(first)s {after}
    ORDER BY support_count DESC, id DESC LIMIT %(limit)s + 1
) AS {stance}_lane
"""
_AFTER = "AND (support_count, id) < (%(after_count)s, %(after_id)s)"

# One neutral remark for two arguments on either side, until the page is full.
_SHARE = "CASE stance WHEN 'neutral' THEN 2 * place ELSE place END, stance DESC"

_COLUMNS = """
    c.id, c.parent_id, c.author_id, c.depth, c.stance, c.body_html, c.language, c.support_count,
    c.reply_count, c.created_at, c.edited_at, c.withdrawn_at, c.hidden_at, c.hidden_rule,
    u.name, u.closed_at,
    EXISTS (SELECT FROM deliberation_support AS s WHERE s.comment_id = c.id
        AND s.user_id = %(user)s AND s.ended_at IS NULL),
    EXISTS (SELECT FROM accounts_membership AS m WHERE m.user_id = c.author_id
        AND m.organisation_id = %(organisation)s)
"""

_CONVERSATION = """
WITH lanes AS ({lanes}), shown AS (
    SELECT id, place, count(*) OVER (PARTITION BY stance) AS waiting
    FROM lanes ORDER BY {share} LIMIT %(limit)s
), tops AS (
    SELECT id, place, waiting FROM shown
    UNION ALL
    SELECT id, 0, 0 FROM deliberation_comment
    WHERE id = %(first)s AND subject_id = %(subject)s AND depth = 0
), picked AS (
    SELECT id, id AS top, place, waiting FROM tops
    UNION ALL
    SELECT replies.id, tops.id, tops.place, tops.waiting FROM tops CROSS JOIN LATERAL (
        SELECT id FROM deliberation_comment WHERE root_id = tops.id ORDER BY id
        LIMIT %(replies)s + 1
    ) AS replies
)
SELECT {columns}, picked.top, picked.waiting
FROM picked JOIN deliberation_comment AS c ON c.id = picked.id
JOIN accounts_user AS u ON u.id = c.author_id
ORDER BY picked.place, picked.top, c.id
"""

_THREAD = """
SELECT {columns}, %(root)s, 0
FROM deliberation_comment AS c JOIN accounts_user AS u ON u.id = c.author_id
WHERE c.id = %(root)s OR (c.root_id = %(root)s AND c.id > %(after_id)s)
ORDER BY c.id LIMIT %(limit)s + 2
"""


@dataclass(slots=True)
class Remark:
    """One comment as it is shown. `replies` are those that were loaded, in order of time."""

    pk: int
    parent_id: int | None
    author_id: int
    depth: int
    stance: str
    body_html: str
    language: str
    support_count: int
    reply_count: int
    created_at: datetime
    edited_at: datetime | None
    withdrawn_at: datetime | None
    hidden_at: datetime | None
    hidden_rule: str
    author_name: str
    author_closed_at: datetime | None
    is_supported: bool
    is_official: bool
    top: int
    waiting: int
    replies: list["Remark"] = field(default_factory=list)
    has_more_replies: bool = False

    @property
    def is_standing(self) -> bool:
        return self.hidden_at is None and self.withdrawn_at is None

    @property
    def author(self) -> str:
        """The name that is shown; as `User.__str__` says it."""
        if self.author_closed_at is not None:
            return _("Former participant")
        return self.author_name or _("Participant %(number)s") % {"number": self.author_id}


@dataclass(slots=True)
class Lane:
    """Comments of one stance, best supported first. `after` is the cursor of the rest, or ""."""

    stance: str
    remarks: list[Remark]
    after: str = ""


def read_conversation(
    subject_id: int,
    *,
    organisation_id: int,
    user_id: int | None,
    first_id: int = 0,
    limit: int = FIRST,
) -> dict[str, Lane]:
    """{stance: lane}: the first comments, each with its first replies. One query.

    `first_id` names a comment that stands first whatever its support: what was posted just now.
    """
    lanes = " UNION ALL ".join(f"({_LANE.format(stance=s, after='')})" for s in Stance.values)
    parameters = _parameters(subject_id, organisation_id, user_id, limit)
    return _read(lanes, parameters | {"first": first_id})


def read_lane(
    subject_id: int,
    *,
    stance: str,
    after: str = "",
    organisation_id: int,
    user_id: int | None,
    limit: int = PAGE,
) -> Lane:
    """One stance from a cursor on (a wrong one gives the first page). One query."""
    found = _CURSOR.fullmatch(after)
    parameters = _parameters(subject_id, organisation_id, user_id, limit)
    if found:
        parameters |= {"after_count": int(found[1]), "after_id": int(found[2])}
    lane = _LANE.format(stance=Stance(stance).value, after=_AFTER if found else "")
    return _read(lane, parameters)[stance]


def read_thread(
    root_id: int, *, after_id: int, organisation_id: int, user_id: int | None, limit: int = 100
) -> Remark | None:
    """One comment and its replies from a reply on. One query."""
    parameters = _parameters(0, organisation_id, user_id, limit)
    parameters |= {"root": root_id, "after_id": after_id}
    rows = _fetch(_THREAD.format(columns=_COLUMNS), parameters)
    if not rows or rows[0].pk != root_id:
        return None
    root, *root.replies = rows
    root.has_more_replies = len(root.replies) > limit
    del root.replies[limit:]
    return root


def _parameters(
    subject_id: int, organisation_id: int, user_id: int | None, limit: int
) -> dict[str, Any]:
    return {
        "subject": subject_id,
        "organisation": organisation_id,
        "user": user_id,
        "limit": limit,
        "replies": REPLIES,
        "first": 0,
    }


def _fetch(sql: str, parameters: Mapping[str, Any]) -> list[Remark]:
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(sql, parameters)
        return [Remark(*row) for row in cursor.fetchall()]


def _read(lanes: str, parameters: Mapping[str, Any]) -> dict[str, Lane]:
    sql = _CONVERSATION.format(lanes=lanes, share=_SHARE, columns=_COLUMNS)
    found = {stance: Lane(stance, []) for stance in Stance.values}
    tops: dict[int, Remark] = {}
    for remark in _fetch(sql, parameters):
        if remark.depth == 0:
            tops[remark.pk] = remark
            found[remark.stance].remarks.append(remark)
        else:
            tops[remark.top].replies.append(remark)
    for top in tops.values():
        top.has_more_replies = len(top.replies) > REPLIES
        del top.replies[REPLIES:]
    for lane in found.values():
        ranked = [remark for remark in lane.remarks if remark.waiting]
        if ranked and ranked[-1].waiting > len(ranked):
            last = ranked[-1]
            lane.after = f"{last.support_count}-{last.pk}"
    return found
