"""What a body promised to answer in one process, and how it keeps it; read on many pages."""

from typing import Any

from django.db.models import QuerySet

from answers.models import Obligation, Promise, PromiseCounts
from common.prepared import Prepared


def promise_in(process_id: int) -> Promise | None:
    """The promise, if there is one. One query."""
    return _PROMISE.first(process_id=process_id)


def kept_in(process_id: int) -> PromiseCounts:
    """Owed, answered and late in the process, by the database's clock. One query."""
    row = _COUNTS.first(process_id=process_id)
    return PromiseCounts(row["owed"], row["answered"], row["late"]) if row else NOTHING


def _promise(process_id: int) -> QuerySet[Promise]:
    return Promise.objects.filter(process=process_id)


def _counts(process_id: int) -> QuerySet[Any, Any]:
    return Obligation.objects.filter(process=process_id).with_counts()


NOTHING = PromiseCounts(0, 0, 0)
_PROMISE: Prepared[Promise] = Prepared(_promise)
_COUNTS: Prepared[dict[str, Any]] = Prepared(_counts)
