"""The whole demonstration in one transaction: all of it is there, or nothing."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import Organisation, User
from answers.actions import escalate_late, owe_answers
from consultations.actions import publish_consultation
from demo import budgets, polls, town
from demo.past import Past
from demo.story import Story, read
from notifications.kinds import Channel
from notifications.models import Delivery, Notice
from processes.actions import close, publish_results
from processes.models import Entry, Process
from processes.tasks import deliver_entries

ROUNDS = 20  # a worker that runs already may hold an entry; the sweep of the clock takes the rest


def days(number: float) -> timedelta:
    return timedelta(days=number)


def load() -> bool:
    """Load what is not there yet; whether anything was. Dates are counted from the first load."""
    with transaction.atomic():
        if town.is_there():
            return False
        now = _morning(timezone.now())
        place = town.found()
        people = town.settle(place, read("people")["person"])
        User.objects.filter(pk__in=[p.pk for p in people.values()]).update(
            joined_at=now - days(800)
        )
        processes = [
            _closed(place, people, now),
            _open(place, people, now),
            _upcoming(place, people, now),
            _unpublished(place, people, now),
            *polls.tell(place, people, lambda: Past(now)),
            *budgets.tell(place, people, lambda: Past(now)),
        ]
    for _ in range(ROUNDS):
        if not deliver_entries():
            break
    _date_letters([process.pk for process in processes])
    return True


def _morning(now: datetime) -> datetime:
    """This moment, at a full quarter of an hour."""
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


def _open(place: Organisation, people: dict[str, User], now: datetime) -> Process:
    """In the middle of its discussion; two answers given, one on an article, two owed."""
    past = Past(now)
    story = Story("streets", place, people, past)
    past.mark(days(20))
    story.write()
    story.plan(opens=days(12), closes=days(-16), answers=days(-46))
    past.mark(days(12))
    publish_consultation(story.official, consultation=story.consultation)
    story.promise(due=days(-30))
    story.find_articles()
    story.propose()
    story.discuss()
    past.mark(days(4))
    owe_answers(process=story.process)
    story.answer()
    past.mark(days(2))
    story.judge()
    past.mark(timedelta(minutes=5))
    past.tell(story.process)
    return story.process


def _closed(place: Organisation, people: dict[str, User], now: datetime) -> Process:
    """From draft to result: answered (but for one, late), next version, letters."""
    past = Past(now)
    story = Story("nights", place, people, past)
    past.mark(days(70))
    story.write()
    story.plan(opens=days(60), closes=days(-1))
    past.mark(days(60))
    publish_consultation(story.official, consultation=story.consultation)
    story.promise(due=days(11))
    story.find_articles()
    story.propose()
    story.discuss()
    story.judge()
    past.mark(days(30))
    close(story.official, process=story.process)
    past.mark(days(29))
    owe_answers(process=story.process)
    story.answer()
    past.mark(days(11))
    escalate_late()
    story.publish_next()
    past.mark(days(8))
    publish_results(story.official, process=story.process, summary=story.data["results"])
    past.mark(days(7))
    past.tell(story.process)
    story.process.phases.update(closes_at=past.at(days(30)))
    Process.objects.filter(pk=story.process.pk).update(closes_at=past.at(days(30)))
    return story.process


def _upcoming(place: Organisation, people: dict[str, User], now: datetime) -> Process:
    past = Past(now)
    story = Story("schools", place, people, past)
    past.mark(days(6))
    story.write()
    story.plan(opens=days(-9), closes=days(-37), answers=days(-60))
    past.mark(days(3))
    publish_consultation(story.official, consultation=story.consultation)
    past.mark(days(2))
    past.tell(story.process)
    return story.process


def _unpublished(place: Organisation, people: dict[str, User], now: datetime) -> Process:
    """A draft that only the desk sees."""
    past = Past(now)
    story = Story("allotments", place, people, past)
    past.mark(days(2))
    story.write()
    story.plan(opens=days(-20), closes=days(-50))
    past.mark(days(1))
    past.tell(story.process)
    return story.process


def _date_letters(processes: list[int]) -> None:
    """Notices and letters on the site bear the day of what they tell of."""
    told = Entry.objects.filter(pk=OuterRef("entry")).values("created_at")
    Notice.objects.filter(process__in=processes).update(
        created_at=Subquery(told), updated_at=Subquery(told)
    )
    letters = Delivery.objects.filter(entry__process__in=processes, channel=Channel.SITE)
    letters.update(due_at=Subquery(told), sent_at=Subquery(told))
