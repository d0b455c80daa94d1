"""All that one person contributed, of every kind, as one list in order of time."""

import base64
import binascii
import json
from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from django.core.signing import BadSignature, Signer
from django.db.models import F, Q, QuerySet

from consultations.models import Proposal
from deliberation.models import Comment, Source
from deliberation.serializers import state_of
from processes.kinds import subject_path
from processes.models import Subject

KINDS = ("proposal", "comment", "source")
_SHARED = (
    "pk", "created_at", "subject_id", "subject__title", "subject__kind", "subject__hidden_at",
)  # fmt: skip
_SLUG, _DECISION = "subject__process__slug", "subject__answer__decision"
_signer = Signer(salt="contributions", sep=".")


class Place(NamedTuple):
    """Where a row stands: newest first, then by kind, then by id from the highest."""

    at: datetime
    rank: int
    pk: int


def contributions_of(
    person_id: int, *, after: Place | None, limit: int, pages: str
) -> list[tuple[Place, dict[str, Any]]]:
    """The first `limit` rows behind a place, with their places. Three queries."""
    streams = [
        _rows(rank, queryset, after, limit)
        for rank, queryset in enumerate(
            (_proposals(person_id), _comments(person_id), _sources(person_id))
        )
    ]
    ordered = merge(*streams, key=lambda found: _order(found[0]))
    return [(place, _row(place, values, pages)) for place, values in islice(ordered, limit)]


def _order(place: Place) -> tuple[float, int, int]:
    return -place.at.timestamp(), place.rank, -place.pk


def _rows(
    rank: int, rows: QuerySet[Any, dict[str, Any]], after: Place | None, limit: int
) -> Iterator[tuple[Place, dict[str, Any]]]:
    if after is not None:
        same = Q(created_at=after.at)
        if rank == after.rank:
            rows = rows.filter(Q(created_at__lt=after.at) | same & Q(pk__lt=after.pk))
        else:
            rows = rows.filter(
                Q(created_at__lt=after.at) | (same if rank > after.rank else Q(pk__in=[]))
            )
    for values in rows.order_by("-created_at", "-pk")[:limit]:
        yield Place(values["created_at"], rank, values["pk"]), values


def _proposals(person_id: int) -> QuerySet[Any, dict[str, Any]]:
    rows = Proposal.objects.filter(subject__author=person_id)
    return rows.values(
        *_SHARED, _SLUG, _DECISION, "kind", "body",
        hidden=F("subject__hidden_at"), withdrawn=F("subject__withdrawn_at"),
        support=F("subject__agree_count"),
    )  # fmt: skip


def _comments(person_id: int) -> QuerySet[Any, dict[str, Any]]:
    rows = Comment.objects.filter(author=person_id)
    return rows.values(
        *_SHARED, _SLUG, _DECISION, "body", "stance",
        hidden=F("hidden_at"), withdrawn=F("withdrawn_at"), support=F("support_count"),
    )  # fmt: skip


def _sources(person_id: int) -> QuerySet[Any, dict[str, Any]]:
    rows = Source.objects.filter(author=person_id)
    return rows.values(
        *_SHARED, _SLUG, _DECISION, body=F("title"),
        hidden=F("hidden_at"), withdrawn=F("withdrawn_at"),
    )  # fmt: skip


def _row(place: Place, values: dict[str, Any], pages: str) -> dict[str, Any]:
    kind = KINDS[place.rank]
    path = subject_path(
        Subject(pk=values["subject_id"], kind=values["subject__kind"]), values[_SLUG]
    )
    if kind == "comment":
        path = f"/subjects/comments/{place.pk}/"
    return {
        "kind": values.get("kind", kind),
        "id": place.pk,
        "process": values[_SLUG],
        "subject": values["subject_id"],
        "title": ""
        if values["subject__hidden_at"] and kind != "proposal"
        else values["subject__title"],
        "text": values["body"],
        "stance": values.get("stance"),
        "state": state_of(values["hidden"], values["withdrawn"]),
        "support_count": values.get("support"),
        "decision": values[_DECISION],
        "created_at": values["created_at"],
        "url": pages + path,
    }


def write_place(place: Place) -> str:
    """A place as a signed cursor."""
    text = json.dumps([place.at.isoformat(), place.rank, place.pk], separators=(",", ":"))
    return _signer.sign(base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))


def read_place(cursor: str) -> Place:
    """The place in a cursor. Raises ValueError for one that was not written here."""
    try:
        text = _signer.unsign(cursor)
        at, rank, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (BadSignature, binascii.Error) as error:
        raise ValueError("not a cursor of this list") from error
    return Place(datetime.fromisoformat(at), rank, pk)
