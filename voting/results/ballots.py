"""The ballots that count, read in chunks through a server-side cursor."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db.models import F

from voting.models import Ballot, Poll
from voting.questionnaire.definition import canonical

CHUNK = 2000  # rows
Counted = tuple[dict[str, Any], str, str | None]


class Reading:
    """One pass over the ballots that count, in the order of their marks.

    Iterating yields (answers, channel, slug of the area or None). `digest` is afterwards the SHA-256
    in hexadecimal of a line for each: canonical JSON of answers, channel and mark. The marks are
    random, so that nobody without the ballots can guess them from the digest. One query.
    """

    def __init__(self, poll: Poll) -> None:
        self.poll = poll
        self.digest = ""

    def __iter__(self) -> Iterator[Counted]:
        hasher = hashlib.sha256()
        rows = (
            Ballot.objects.counted(self.poll)
            .order_by("mark")
            .values_list("mark", "answers", "channel", F("area__slug"))
        )
        for mark, answers, channel, area in rows.iterator(chunk_size=CHUNK):
            line = {"answers": answers, "channel": channel, "mark": mark}
            hasher.update(canonical(line) + b"\n")
            yield answers, channel, area
        self.digest = hasher.hexdigest()
