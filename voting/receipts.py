"""Finding a ballot by its receipt, with the way from it to the published root."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import F
from django.utils.translation import gettext as _

from common.verdicts import Refused, no
from voting.box import published
from voting.models import Ballot, Poll
from voting.secrecy.receipts import mark_of, normalise
from voting.secrecy.tree import leaf_data, leaf_hash, proof

COUNTS, REPLACED, WITHDRAWN = "counts", "replaced", "withdrawn"
STATES = (COUNTS, REPLACED, WITHDRAWN)
KEPT = 24 * 3600  # seconds for which the leaves of a counted poll are kept; they never change
_HASH = 32  # bytes


@dataclass(frozen=True, slots=True)
class Found:
    """A ballot in the box. `ballot` and what follows are there once it is published: as it stands in
    the list, its leaf in hexadecimal, its place among `size` leaves, and the way to the root."""

    mark: str
    state: str
    ballot: dict[str, Any] | None = None
    leaf: str = ""
    index: int = 0
    size: int = 0
    way: tuple[tuple[str, str], ...] = ()


def find_ballot(poll: Poll, code: str) -> Found:
    """The ballot of a receipt code. What it says is told only where all ballots are published.

    One query; once published also one pass over all ballots, kept for a day. Raises Refused.
    """
    try:
        mark = mark_of(poll.pk, normalise(code))
    except ValueError:
        raise Refused(no("receipt_wrong", _("This is not a receipt code."), 400)) from None
    row = (
        Ballot.objects.filter(poll=poll, mark=mark)
        .values_list(
            "answers",
            F("replaces__mark"),
            "channel",
            F("area__slug"),
            F("replaced_by__pk"),
            F("replaced_by__answers"),
        )
        .first()
    )
    if row is None:
        message = _("There is no ballot with this receipt code in this poll.")
        raise Refused(no("receipt_unknown", message, 404))
    answers, replaces, channel, area, replaced_by, later = row
    stands = later if replaced_by else answers
    state = WITHDRAWN if stands is None else REPLACED if replaced_by else COUNTS
    if not (poll.is_secret and poll.counted_at):
        return Found(mark, state)
    data = leaf_data(mark=mark, answers=answers, replaces=replaces, channel=channel, area=area)
    leaf, leaves = leaf_hash(data), leaves_of(poll)
    index = leaves.index(leaf)
    way = tuple((side, sibling.hex()) for side, sibling in proof(leaves, index))
    return Found(mark, state, data, leaf.hex(), index, len(leaves), way)


def leaves_of(poll: Poll) -> Sequence[bytes]:
    """All leaves of a counted secret poll in their order."""
    key = f"voting:leaves:{poll.pk}:{poll.root}"
    kept = cache.get(key)
    if kept is None:
        kept = b"".join(leaf for _data, leaf in published(poll))
        cache.set(key, kept, KEPT)
    return [kept[start : start + _HASH] for start in range(0, len(kept), _HASH)]
