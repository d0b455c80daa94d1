"""Reading the ballot box after the end: the list of ballots that a secret poll publishes."""

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F

from voting.models import Ballot, Poll
from voting.secrecy.tree import leaf_data, leaf_hash

CHUNK = 2000  # rows


def published(poll: Poll) -> Iterator[tuple[dict[str, Any], bytes]]:
    """(what is published of a ballot, its leaf) in the order of their marks. Void ones too.

    One query through a server-side cursor: memory does not grow with the number of ballots.
    """
    rows = (
        Ballot.objects.filter(poll=poll)
        .order_by("mark")
        .values_list("mark", "answers", F("replaces__mark"), "channel", F("area__slug"))
    )
    for mark, answers, replaces, channel, area in rows.iterator(chunk_size=CHUNK):
        data = leaf_data(mark=mark, answers=answers, replaces=replaces, channel=channel, area=area)
        yield data, leaf_hash(data)


def bundle(poll: Poll) -> Iterator[str]:
    """The recount bundle of a counted secret poll, line by line (JSON Lines). Three queries."""
    voted = poll.turnout.filter(withdrawn_at__isnull=True).order_by("channel")
    by_channel = dict(voted.values_list("channel").annotate(number=Count("pk")))
    header = {
        "kenes": "bundle",
        "version": 1,
        "poll": poll.pk,
        "slug": poll.process.slug,
        "title": poll.process.title,
        "definition": poll.definition,
        "definition_digest": poll.definition_digest,
        "secrecy": poll.secrecy,
        "rules": {
            "quorum": text_of(poll.quorum),
            "threshold": text_of(poll.threshold),
            "threshold_base": poll.threshold_base,
            "eligible_count": poll.eligible_count,
        },
        "turnout": by_channel,
        "size": poll.ballots.count(),
        "root": poll.root,
        "outcomes": [
            {
                "question": outcome.question,
                "method": outcome.method,
                "version": outcome.version,
                "input_digest": outcome.input_digest,
                "result": outcome.result,
            }
            for outcome in poll.outcomes.all()
        ],
    }
    yield _line(header)
    for data, leaf in published(poll):
        yield _line({**data, "leaf": leaf.hex()})


def text_of(number: Any) -> str | None:
    return None if number is None else str(number)


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"
