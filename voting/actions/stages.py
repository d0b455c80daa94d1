"""A poll opens, closes and is counted. By the clock or by hand; each happens once."""

from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common.nudge import nudge
from common.verdicts import Refused, Verdict, no, require
from processes import actions as processes
from processes import journal
from processes.kinds import Activity, EntryKind, ProcessKind
from processes.models import Participation, Process
from processes.permissions import is_open_now
from voting.actions.questions import build_questionnaire
from voting.box import published
from voting.kinds import COUNTED, OpeningPolicy, Secrecy
from voting.models import Draft, Poll, Turnout
from voting.permissions import ENDED, IS_OPEN, is_due_to_close, may_run_poll
from voting.questionnaire.validation import validate, validate_secret
from voting.results.compute import count_poll
from voting.secrecy.tree import Root

COUNT = "voting.tasks.count_poll"
log = structlog.get_logger(__name__)


def is_fit_to_open(poll: Poll) -> Verdict:
    """Whether what it asks can be put to people. Four queries."""
    questionnaire = build_questionnaire(poll)
    problems = [*validate(questionnaire)]
    if poll.is_secret:
        problems += validate_secret(questionnaire)
        if poll.asks_quotas:
            return no("quota_in_secret", _("A secret poll cannot have quotas."), 409)
    if problems:
        return no("questions_unfit", _("Mend the questions before it opens."), 409)
    return Verdict(True, "ok", "", 200)


def open_poll_if_due(poll: Poll) -> Poll:
    """The poll, opened if its clock says so and nobody did. No query for a poll that has opened.

    A poll must open on time also when no worker runs: the first voter opens it then.
    """
    if poll.opened_at is not None or poll.opening_policy == OpeningPolicy.HAND:
        return poll
    if poll.closed_at is None and is_open_now(poll, Activity.VOTE):
        _open(poll, actor=None)
        return Poll.objects.with_timetable().get(pk=poll.pk)
    return poll


def open_poll(actor: Any, *, poll: Poll) -> Poll:
    """Open it by hand. Raises Refused if it opens by the clock, is open, or is not fit."""
    require(may_run_poll(actor, poll))
    if poll.opening_policy != OpeningPolicy.HAND:
        raise Refused(no("opens_by_clock", _("This poll opens by its dates."), 409))
    if not _open(poll, actor=actor):
        raise Refused(IS_OPEN)
    poll.refresh_from_db()
    return poll


@transaction.atomic
def _open(poll: Poll, *, actor: Any) -> bool:
    """Freeze what is asked and open the box. Whether it was this call. Raises Refused if not fit."""
    locked = Poll.objects.select_for_update().get(pk=poll.pk)
    if locked.opened_at is not None:
        return False
    require(is_fit_to_open(locked))
    questionnaire = build_questionnaire(locked)
    Poll.objects.filter(pk=poll.pk).update(
        definition=questionnaire.to_json(),
        definition_digest=questionnaire.digest,
        opened_at=Now(),
    )
    journal.record(
        EntryKind.POLL_OPENED,
        actor=actor,
        process=locked.process_id,
        data={"poll": locked.pk, "digest": questionnaire.digest},
    )
    return True


def close_poll(actor: Any, *, poll: Poll) -> Poll:
    """Close it now, by hand, before its time or without one. Counting follows at once."""
    require(may_run_poll(actor, poll))
    if not _close(poll.pk, actor=actor):
        raise Refused(ENDED)
    poll.refresh_from_db()
    return poll


def close_poll_if_due(poll: Poll) -> bool:
    """Close it if its time is over. Whether it was this call. The poll must come with_timetable()."""
    if poll.opened_at is None or poll.closed_at is not None:
        return False
    return is_due_to_close(poll, poll.timetable.now) and _close(poll.pk, actor=None)


@transaction.atomic
def _close(poll_id: int, *, actor: Any) -> bool:
    """Wait for ballots that are on their way into the box, then let no other in."""
    closed = Poll.objects.filter(
        pk=poll_id, opened_at__isnull=False, closed_at__isnull=True
    ).update(closed_at=Now())
    if not closed:
        return False
    poll = Poll.objects.get(pk=poll_id)
    journal.record(
        EntryKind.POLL_CLOSED,
        actor=actor,
        process=poll.process_id,
        data={"poll": poll_id, "turnout": poll.turnout_count},
    )
    nudge(COUNT, poll_id)
    return True


def awaits_sheets(poll: Poll) -> bool:
    """Whether a booth that people were checked in at has not been ended: its sheets are still
    entered, and the count waits. One query."""
    checked_in = Turnout.objects.filter(poll=poll, booth__ended_at__isnull=True)
    return checked_in.filter(booth__isnull=False, withdrawn_at__isnull=True).exists()


@transaction.atomic
def count(poll_id: int) -> bool:
    """Count a closed poll, once. Whether it was this call. All or nothing: a crash leaves it uncounted,
    and the sweep begins again. Waits for booths (see `awaits_sheets`). The process of a poll is then
    closed and its results are out; what follows for others is theirs (see `voting.kinds.COUNTED`)."""
    poll = Poll.objects.select_for_update().select_related("process").get(pk=poll_id)
    if poll.closed_at is None or poll.counted_at is not None or awaits_sheets(poll):
        return False
    if poll.is_secret:
        _stir(poll)
        poll.root = root_of_ballots(poll).hex()
    outcomes = count_poll(poll)
    _take_part(poll)
    Draft.objects.filter(poll=poll).delete()  # what was never sent is kept no longer
    Poll.objects.filter(pk=poll.pk).update(counted_at=Now(), root=poll.root)
    if follow := COUNTED.get(poll.process.kind):
        follow(poll)
    journal.record(
        EntryKind.POLL_COUNTED,
        actor=None,
        process=poll.process_id,
        data={"poll": poll.pk, "turnout": poll.turnout_count, "root": poll.root},
    )
    if poll.process.kind == ProcessKind.POLL:
        processes.close_by_clock(poll.process)
        processes.publish_results_by_clock(poll.process, summary={})
    log.info("poll_counted", poll=poll.pk, outcomes=len(outcomes))
    return True


def root_of_ballots(poll: Poll) -> bytes:
    """The root of the hash tree over all ballots of a secret poll, in the order of their marks."""
    tree = Root()
    for _data, leaf in published(poll):
        tree.add(leaf)
    return tree.digest()


def stir_secret_polls() -> int:
    """Write the rows of open secret polls anew, in random order. How many polls."""
    polls = list(
        Poll.objects.filter(secrecy=Secrecy.SECRET, opened_at__isnull=False, counted_at=None)
    )
    for poll in polls:
        with transaction.atomic():
            _stir(poll)
    return len(polls)


_STIR = [
    # The random order decides only if rows are looked up one by one.
    "SET LOCAL enable_hashjoin TO off",
    """
    WITH row AS MATERIALIZED (
        SELECT id FROM voting_turnout WHERE poll_id = %(poll)s ORDER BY random()
    )
    UPDATE voting_turnout t SET voted_on = t.voted_on FROM row WHERE t.id = row.id
    """,
    """
    WITH row AS MATERIALIZED (
        SELECT id FROM voting_ballot WHERE poll_id = %(poll)s ORDER BY random()
    )
    UPDATE voting_ballot b SET poll_id = b.poll_id FROM row WHERE b.id = row.id
    """,
    "SET LOCAL enable_hashjoin TO on",
]


def _stir(poll: Poll) -> None:
    """Write every row of turnout and every ballot anew in random order, under one transaction
    number, so that neither place nor number in the tables tells who came when (ADR 11)."""
    with connection.cursor() as cursor:
        for statement in _STIR:
            cursor.execute(statement, {"poll": poll.pk})


def _take_part(poll: Poll) -> None:
    """Everyone with an account who voted took part, in no order."""
    voted = Turnout.objects.filter(poll=poll, user__isnull=False, withdrawn_at__isnull=True)
    known = Participation.objects.filter(process=poll.process_id).values("user_id")
    people = list(voted.exclude(user__in=known).order_by("?").values_list("user_id", flat=True))
    Participation.objects.bulk_create(
        [Participation(process_id=poll.process_id, user_id=user) for user in people],
        ignore_conflicts=True,
        batch_size=5000,
    )
    Process.objects.filter(pk=poll.process_id).update(
        participant_count=F("participant_count") + len(people)
    )
