"""Counters, quotas and stored results of polls against the rows that they count."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from processes.counters import Drift
from voting.actions.quotas import demographics, is_in_cell
from voting.models import Ballot, Outcome, Poll, Quota

POLL, QUOTA, OUTCOME = "voting_poll", "voting_quota", "voting_outcome"
REPAIRABLE = frozenset({(POLL, "turnout_count"), (QUOTA, "count")})
CHUNK = 2000

# One statement sees one moment. A ballot that counts belongs to somebody on the roll: one for each who
# voted on the web and did not withdraw, one for each sheet that was accepted.
_POLLS = """
SELECT p.id, p.process_id, p.turnout_count, t.people, b.web, t.web, b.others, s.accepted
FROM voting_poll p
CROSS JOIN LATERAL (
    SELECT count(*) AS people, count(*) FILTER (WHERE channel = 'web') AS web
    FROM voting_turnout WHERE poll_id = p.id AND withdrawn_at IS NULL
) t
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE channel = 'web') AS web,
           count(*) FILTER (WHERE channel <> 'web') AS others
    FROM voting_ballot b WHERE poll_id = p.id AND answers IS NOT NULL
        AND NOT EXISTS (SELECT FROM voting_ballot r WHERE r.replaces_id = b.id)
) b
CROSS JOIN LATERAL (
    SELECT count(*) AS accepted FROM voting_sheet s JOIN voting_booth o ON o.id = s.booth_id
    WHERE o.poll_id = p.id AND s.accepted_at IS NOT NULL
) s
WHERE %(process)s::bigint IS NULL OR p.process_id = %(process)s
ORDER BY p.id
"""


def drift(process_id: int | None = None) -> list[Drift]:
    """Every number that is wrong (of one process, or everywhere). One pass over the ballots of polls
    with quotas, none over those of others."""
    return [*_of_polls(process_id), *_of_quotas(process_id), *_of_outcomes(process_id)]


def _of_polls(process_id: int | None) -> Iterator[Drift]:
    with connection.cursor() as cursor:
        cursor.execute(_POLLS, {"process": process_id})
        rows = cursor.fetchall()
    for poll, process, *numbers in rows:
        names = ("turnout_count", "web_ballots", "sheet_ballots")
        for name, stored, counted in zip(names, numbers[::2], numbers[1::2], strict=True):
            if stored != counted:
                yield Drift(POLL, poll, process, name, stored, counted)


def _of_quotas(process_id: int | None) -> Iterator[Drift]:
    rows = Quota.objects.filter(poll__opened_at__isnull=False).select_related("poll")
    if process_id is not None:
        rows = rows.filter(poll__process=process_id)
    by_poll: dict[int, list[Quota]] = {}
    for quota in rows.order_by("pk"):
        by_poll.setdefault(quota.poll_id, []).append(quota)
    for quotas in by_poll.values():
        counted = _count_cells(quotas)
        for quota in quotas:
            if quota.count != counted[quota.pk]:
                process = quota.poll.process_id
                yield Drift(QUOTA, quota.pk, process, "count", quota.count, counted[quota.pk])


def _count_cells(quotas: list[Quota]) -> dict[int, int]:
    """How many ballots that count belong to each cell of one poll."""
    poll = quotas[0].poll
    counted = {quota.pk: 0 for quota in quotas}
    ballots = Ballot.objects.counted(poll).values_list("answers", flat=True)
    for answers in ballots.iterator(chunk_size=CHUNK):
        said = demographics(poll, answers)
        for quota in quotas:
            counted[quota.pk] += is_in_cell(quota.cell, said)
    return counted


def _of_outcomes(process_id: int | None) -> Iterator[Drift]:
    """Stored results whose sums are not the ballots they were counted from."""
    polls = Poll.objects.filter(counted_at__isnull=False)
    if process_id is not None:
        polls = polls.filter(process=process_id)
    for poll in polls.only("process_id", "turnout_count").order_by("pk").iterator():
        ballots = Ballot.objects.counted(poll).count()
        rows = Outcome.objects.filter(poll=poll, method__in=["turnout", "frequencies"])
        for outcome in rows.order_by("pk"):
            for name, stored, counted in _sums(outcome, ballots, poll.turnout_count):
                if stored != counted:
                    yield Drift(OUTCOME, outcome.pk, poll.process_id, name, stored, counted)


def _sums(outcome: Outcome, ballots: int, people: int) -> Iterator[tuple[str, int, int]]:
    """(name, what the result says, what it must be) of one outcome."""
    result: dict[str, Any] = outcome.result
    if outcome.method == "turnout":
        yield "voters", result["voters"], people
        yield "ballots", result["ballots"], ballots
        return
    yield "asked", result["answered"] + result["skipped"], result["asked"]
    if result["asked"] > ballots:
        yield "asked", result["asked"], ballots
    counts = [row["count"] for row in result.get("rows", ())]
    if counts and None not in counts and result["kind"] in ("single", "yes_no", "scale", "ranking"):
        yield "answered", sum(counts), result["answered"]


def repair_row(table: str, row_id: int) -> None:
    """Set a counter to what the rows say, exact while others vote. What was counted is not touched."""
    with transaction.atomic(), connection.cursor() as cursor:
        if table == POLL:
            cursor.execute("SELECT FROM voting_poll WHERE id = %s FOR UPDATE", [row_id])
            cursor.execute(
                "UPDATE voting_poll SET turnout_count = (SELECT count(*) FROM voting_turnout "
                "WHERE poll_id = voting_poll.id AND withdrawn_at IS NULL) "
                "WHERE id = %s AND counted_at IS NULL",
                [row_id],
            )
        elif table == QUOTA:
            quota = Quota.objects.select_related("poll").get(pk=row_id)
            # Whoever votes moves the poll's row in the same transaction: nobody does meanwhile.
            cursor.execute("SELECT FROM voting_poll WHERE id = %s FOR UPDATE", [quota.poll_id])
            counted = _count_cells([quota])[row_id]
            Quota.objects.filter(pk=row_id, target__gte=counted).update(count=counted)
