"""Answers that were begun and not sent: their author is told once, a day before voting ends.

Nothing is public: the entry names the person in its data, and only that person is told. In secret
polls there are no drafts, and so nobody to remind.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from processes import journal
from processes.kinds import Activity, EntryKind
from voting.kinds import OpeningPolicy, Secrecy
from voting.models import Draft, Poll, Turnout
from voting.permissions import is_voting_open

BEFORE_END = timedelta(hours=24)
# Whoever is answering just now is not disturbed.
AT_REST = timedelta(hours=1)
CHUNK = 200  # people told in one transaction


def remind_unfinished() -> int:
    """Tell everyone with an account whose draft is unsent in a poll that ends within a day. How many."""
    rows = Poll.objects.with_timetable().filter(
        opened_at__isnull=False,
        closed_at__isnull=True,
        opening_policy=OpeningPolicy.CLOCK,
        process__published_at__isnull=False,
    )
    return sum(_remind(poll) for poll in rows.exclude(secrecy=Secrecy.SECRET) if is_near(poll))


def is_near(poll: Poll) -> bool:
    """Whether voting goes on and ends within a day, for good. The poll must come with_timetable()."""
    if not is_voting_open(poll):
        return False
    return ends_at(poll) - poll.timetable.now <= BEFORE_END


def ends_at(poll: Poll) -> datetime:
    """When the last phase of voting ends."""
    spans = [span for span in poll.timetable.spans if Activity.VOTE in span.activities]
    return max(span.closes_at for span in spans)


def _remind(poll: Poll) -> int:
    """Chunk after chunk, each in a transaction of its own: a crash loses none and repeats none."""
    told = 0
    while number := _remind_some(poll):
        told += number
    return told


@transaction.atomic
def _remind_some(poll: Poll) -> int:
    """Claim drafts nobody was reminded of, and write an entry for each. Drafts that another worker
    holds are left to it."""
    voted = Turnout.objects.filter(poll=poll.pk, voter=OuterRef("voter"), withdrawn_at__isnull=True)
    waiting = Draft.objects.filter(
        ~Exists(voted),
        poll=poll,
        user__is_active=True,
        reminded_at__isnull=True,
        saved_at__lt=Now() - AT_REST,
    ).exclude(answers={})
    rows = waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    claimed = list(rows.values_list("pk", "user_id")[:CHUNK])
    Draft.objects.filter(pk__in=[pk for pk, _user in claimed]).update(reminded_at=Now())
    moment = ends_at(poll).isoformat()
    for _pk, user in claimed:
        journal.record(
            EntryKind.BALLOT_UNFINISHED,
            actor=None,
            process=poll.process_id,
            data={"poll": poll.pk, "user": user, "closes_at": moment},
        )
    return len(claimed)
