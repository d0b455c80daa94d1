"""Polls of the demonstration, told from their files by the actions that everybody uses.

Who answers is drawn by a fixed seed; the ballots go through the same doors as everyone's, on the web,
on paper and by telephone. Only what people answer is made up here, and nobody of them is anybody.
"""

import random
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.actions import verify_person
from accounts.kinds import VerificationLevel
from accounts.models import Organisation, User
from demo.past import Past
from demo.story import read
from processes.actions import PhasePlan, set_phases
from processes.kinds import Activity
from processes.models import Process, Topic
from voting.actions.booths import Identity, add_officer, check_in, end_booth, make_booth
from voting.actions.box import cast_ballot
from voting.actions.editing import (
    Rules,
    create_poll,
    declare_rules,
    describe_poll,
    publish_poll,
    write_consent,
)
from voting.actions.paper import enter_sheet
from voting.actions.questions import write_rows
from voting.actions.stages import close_poll, count, open_poll_if_due
from voting.models import Poll, QuestionPage
from voting.questionnaire.definition import Item, Option, Question, QuestionKind
from voting.voters import Voter, holder_of_pass, make_pass, person

LANGUAGES = ("en", "fr")
VOTING = {"en": "Voting", "fr": "Vote", "kk": "Дауыс беру", "ru": "Голосование"}
_NUMBERS = ("quorum", "threshold")
Answers = dict[str, dict[str, Any]]
Say = Callable[[random.Random], Answers]


class Vote:
    """A poll while it is being told."""

    def __init__(self, name: str, town: Organisation, people: dict[str, User], past: Past) -> None:
        self.name, self.town, self.people, self.past = name, town, people, past
        self.data = read(name)
        self.official = people["official"]
        self.chance = random.Random(f"verlune {name}")  # noqa: S311 - not a secret
        self.poll: Poll

    @property
    def process(self) -> Process:
        return self.poll.process

    def write(self, opens: timedelta, closes: timedelta) -> None:
        """The poll with its questions, rules and dates (time before now; negative: after)."""
        data = self.data
        topics = list(Topic.objects.filter(slug__in=data["topics"]))
        self.poll = create_poll(
            self.official,
            organisation=self.town,
            kind=data["kind"],
            title=data["title"],
            summary=data["summary"],
            languages=list(LANGUAGES),
            area=self.town.area,
            topics=topics,
            about=data["about"],
        )
        describe_poll(
            self.official,
            poll=self.poll,
            kind=data["kind"],
            title=data["title"],
            summary=data["summary"],
            about=data["about"],
            thanks=data["thanks"],
            area=self.town.area,
            topics=topics,
        )
        self._ask()
        if "consent" in data:
            write_consent(self.official, poll=self.poll, consent=data["consent"])
        rules = {k: Decimal(v) if k in _NUMBERS else v for k, v in data["rules"].items()}
        area = self.town.area if rules["eligibility"] == "residents" else None
        declare_rules(self.official, poll=self.poll, rules=Rules(**rules, area=area))
        phase = PhasePlan(VOTING, self.past.at(opens), self.past.at(closes), [Activity.VOTE])
        set_phases(self.official, process=self.process, plan=[phase])

    def _ask(self) -> None:
        self.poll.pages.all().delete()
        for order, row in enumerate(self.data["page"]):
            page = QuestionPage.objects.create(
                poll=self.poll,
                key=row["key"],
                order=order,
                title=row["title"],
                intro=row.get("intro", {}),
            )
            write_rows(page, tuple(question(one) for one in row["question"]))

    def open(self) -> None:
        publish_poll(self.official, poll=self.poll)
        self.poll = open_poll_if_due(self._fresh())

    def _fresh(self) -> Poll:
        return Poll.objects.with_timetable().get(pk=self.poll.pk)

    def answer_by_pass(self, number: int, say: Say) -> None:
        """So many people without an account."""
        for _ in range(number):
            token = make_pass(self.poll, self.chance.randbytes(16).hex())
            voter = holder_of_pass(token, self.poll)
            if voter is not None:
                self._cast(voter, say)

    def answer_by_account(self, say: Say, without: Collection[str] = ()) -> None:
        """Everyone in town; that they live here was checked."""
        working = {"official", "moderator", "administrator", *without}
        for key in sorted(set(self.people) - working):
            who = self.people[key]
            if not who.verified_areas:
                verify_person(
                    None, person=who, level=VerificationLevel.RESIDENCE, area=self.town.area
                )
                who.refresh_from_db()
            self._cast(person(who, self.poll), say)

    def _cast(self, voter: Voter, say: Say) -> None:
        cast_ballot(voter, poll=self.poll, answers=say(self.chance))

    def booth(self, name: str, place: str, channel: str, people: int, say: Say) -> None:
        """A booth where so many came, their sheets entered twice, and ended. In a secret poll the
        sheets are entered by `enter_urn`, after voting."""
        booth = make_booth(self.official, poll=self.poll, name=name, place=place, channel=channel)
        officers = [self.official, self.people["moderator"]]
        for officer in officers:
            add_officer(self.official, booth=booth, email=officer.email)
        for number in range(1, people + 1):
            sheet = "" if self.poll.is_secret else f"{name[0]}{number:03}"
            who = Identity(number=f"{name} {number}")
            check_in(officers[0], booth=booth, who=who, sheet_number=sheet)
            if sheet:
                answers = say(self.chance)
                for officer in officers:
                    enter_sheet(officer, booth=booth, number=sheet, answers=answers)
        if not self.poll.is_secret:
            end_booth(self.official, booth=booth)

    def close(self) -> None:
        self.poll = close_poll(self.official, poll=self.poll)

    def enter_urn(self, people: int, say: Say) -> None:
        """The sheets of a secret poll's booths, once voting is over."""
        for booth in self.poll.booths.all():
            for number in range(1, people + 1):
                answers = say(self.chance)
                for officer in (self.official, self.people["moderator"]):
                    enter_sheet(officer, booth=booth, number=str(number), answers=answers)
            end_booth(self.official, booth=booth)

    def count(self) -> None:
        if not count(self.poll.pk):
            raise RuntimeError(f"{self.name} was not counted")


def question(row: dict[str, Any]) -> Question:
    """A question from its lines in the file."""
    texts = [(key, {"en": en, "fr": fr}) for key, en, fr in row.get("options", ())]
    has_other = row.get("other", False)
    return Question(
        key=row["key"],
        kind=QuestionKind(row["kind"]),
        title=row["title"],
        options=tuple(Option(k, t, is_other=has_other and k == "other") for k, t in texts),
        items=tuple(Item(key, {"en": en, "fr": fr}) for key, en, fr in row.get("items", ())),
        points=tuple(Option(key, {"en": en, "fr": fr}) for key, en, fr in row.get("points", ())),
        least=row.get("least", 0),
        most=row.get("most"),
        does_not_apply=row.get("does_not_apply", False),
        is_shuffled=row.get("shuffled", False),
        show_if=row.get("show_if", ""),
        demographic=row.get("demographic", ""),
        satisfied_from=row.get("satisfied_from", 0),
        method=row.get("method", ""),
    )


def _one(chance: random.Random, **weights: float) -> dict[str, str]:
    return {"option": chance.choices(list(weights), list(weights.values()))[0]}


def _point(chance: random.Random, mean: float) -> int:
    return min(5, max(1, round(chance.gauss(mean, 1.1))))


def _who(chance: random.Random) -> Answers:
    """What people say about themselves; some do not."""
    said = {
        "quarter": _one(chance, harbour=3, mill=2, hill=4, station=3),
        "age": _one(chance, **{"16-29": 2, "30-44": 3, "45-59": 3, "60-": 4}),
    }
    return {key: value for key, value in said.items() if chance.random() < 0.93}


def say_trust(chance: random.Random) -> Answers:
    said = _who(chance) | {"trust": _one(chance, yes=5, no=3, abstain=1)}
    if said["trust"]["option"] == "no":
        said["reason"] = _one(chance, promises=3, unequal=3, closed=4, slow=2)
    ways = ["counter", "quarter", "phone", "letter", "mail", "site", "app", "chat", "evening"]
    chosen = set(chance.choices(ways, [5, 6, 4, 1, 4, 6, 3, 2, 1], k=chance.randint(1, 3)))
    said["ways"] = {"options": sorted(chosen)}
    said["last"] = _one(chance, month=3, year=5, longer=2, never=1)
    said["learn"] = _one(chance, site=3, paper=4, people=4, board=2, none=2)
    said["heard"] = {"point": "na" if chance.random() < 0.2 else _point(chance, 2.9)}
    said["ease"] = {"point": "na" if chance.random() < 0.1 else _point(chance, 3.3)}
    said["sex"] = _one(chance, f=10, m=10, x=1)
    said["work"] = _one(chance, work=6, learn=2, home=1, retired=4, seek=1)
    return said


_MARKS = {
    "staff": 4.3, "access": 3.6, "information": 3.7, "procedure": 3.1, "time": 3.0, "cost": 3.9,
    "feedback": 2.8, "result": 4.0,
}  # fmt: skip
_SHIFT = {"registry": 0.2, "building": -0.6, "library": 0.6, "online": 0.2, "person": 0.0}
_QUARTER = {"harbour": 0.1, "mill": -0.3, "hill": 0.3, "station": -0.1}


def say_service(chance: random.Random) -> Answers:
    said = _who(chance)
    said["provider"] = _one(chance, registry=5, building=3, library=4)
    said["way"] = _one(chance, person=3, online=2)
    shift = _SHIFT[said["provider"]["option"]] + _SHIFT[said["way"]["option"]]
    shift += _QUARTER[said["quarter"]["option"]] if "quarter" in said else 0.0
    marks: dict[str, int | str] = {
        key: _point(chance, mean + shift) for key, mean in _MARKS.items() if chance.random() < 0.95
    }
    if said["provider"]["option"] == "library":
        marks["cost"] = "na"
    said["quality"] = {"points": marks}
    return said


def say_square(chance: random.Random) -> Answers:
    squares = {"market": 5, "fountain": 4, "ropewalk": 4, "school": 3, "bridge": 2}
    ranking: list[str] = []
    for _ in range(chance.randint(1, 5)):
        left = [key for key in squares if key not in ranking]
        ranking += chance.choices(left, [squares[key] for key in left])
    return {
        "order": {"ranking": ranking},
        "loan": _one(chance, yes=4, no=3, abstain=1),
    }


def tell(
    town: Organisation, people: dict[str, User], past: Callable[[], Past]
) -> Iterator[Process]:
    """An open questionnaire, a closed one with results, and a secret vote with its bundle."""
    yield _service(Vote("service", town, people, past()))
    yield _square(Vote("square", town, people, past()))
    yield _trust(Vote("trust", town, people, past()))


def _trust(vote: Vote) -> Process:
    past = vote.past
    past.mark(timedelta(days=7))
    vote.write(opens=timedelta(days=5), closes=timedelta(days=-18))
    past.mark(timedelta(days=5))
    vote.open()
    past.mark(timedelta(days=4, hours=23))
    vote.answer_by_pass(60, say_trust)
    make_booth(vote.official, poll=vote.poll, name="Counter", place="Town hall, ground floor")
    past.mark(timedelta(minutes=10))
    past.tell(vote.process)
    past.tell_poll(vote.poll)
    return vote.process


def _service(vote: Vote) -> Process:
    past = vote.past
    past.mark(timedelta(days=50))
    vote.write(opens=timedelta(days=45), closes=timedelta(days=-1))
    past.mark(timedelta(days=45))
    vote.open()
    past.mark(timedelta(days=44, hours=23))
    vote.answer_by_pass(240, say_service)
    vote.booth("Library", "Mill street 4", "paper", 30, say_service)
    vote.booth("Hotline", "", "telephone", 20, say_service)
    past.mark(timedelta(days=17))
    vote.close()
    vote.count()
    past.mark(timedelta(days=16))
    past.tell(vote.process)
    past.tell_poll(vote.poll)
    past.end_phases(vote.process, timedelta(days=17))
    return vote.process


def _square(vote: Vote) -> Process:
    past = vote.past
    past.mark(timedelta(days=30))
    vote.write(opens=timedelta(days=26), closes=timedelta(days=-1))
    past.mark(timedelta(days=26))
    vote.open()
    past.mark(timedelta(days=25, hours=23))
    vote.answer_by_account(say_square)
    vote.booth("Town hall", "Market square 1", "paper", 9, say_square)
    past.mark(timedelta(days=10))
    vote.close()
    vote.enter_urn(9, say_square)
    vote.count()
    past.mark(timedelta(days=9))
    past.tell(vote.process)
    past.tell_poll(vote.poll)
    past.end_phases(vote.process, timedelta(days=10))
    return vote.process
