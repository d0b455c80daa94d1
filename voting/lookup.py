"""Finding a poll for a reader; what a reader may not see is not there."""

from typing import Any

from django.db.models import QuerySet

from common.prepared import Prepared
from common.resources import NOT_FOUND
from common.verdicts import Refused, require
from processes.permissions import may_read
from voting.kinds import ON_PAGES
from voting.models import Poll


def readable_poll(user: Any, slug: str) -> Poll:
    """The first poll of a process that has pages (`kinds.ON_PAGES`), with timetable and public body.
    One query, whatever the number of ballots. Raises Refused (404)."""
    poll = _POLL.first(slug=slug)
    if poll is None:
        raise Refused(NOT_FOUND)
    poll.process.phases_json = poll.phases_json  # type: ignore[attr-defined]
    poll.process.clock = poll.clock  # type: ignore[attr-defined]
    require(may_read(user, poll.process))
    return poll


def _poll(slug: str) -> QuerySet[Poll]:
    rows = Poll.objects.with_timetable().select_related("process__area")
    return rows.filter(process__slug=slug, process__kind__in=ON_PAGES).order_by("pk")[:1]


_POLL: Prepared[Poll] = Prepared(_poll, slug=str)
