"""A survey of every kind of question with many answers, for tests of results and exports."""

import itertools
import random
from typing import Any

from django.utils import timezone

from accounts.models import Organisation
from tests.voting.polls import end_and_count, fresh, open_poll
from voting.models import Ballot, Poll, Turnout
from voting.questionnaire.definition import Item, Option, Question, QuestionKind
from voting.secrecy.receipts import mark_of

_numbers = itertools.count(1)


def text(english: str) -> dict[str, str]:
    return {"en": english, "fr": f"{english} (fr)"}


def options(*keys: str) -> tuple[Option, ...]:
    return tuple(Option(key, text(key.title()), is_other=key == "other") for key in keys)


TRUST = Question(
    "trust", QuestionKind.YES_NO, text("Do you trust the council?"), method="plurality"
)
WAYS = Question(
    "ways",
    QuestionKind.MULTIPLE,
    text("How do you reach the council?"),
    options=options("online", "phone", "visit", "other"),
    most=3,
)
REASON = Question("reason", QuestionKind.LONG_TEXT, text("Why not?"), show_if="trust = no")
EFFORT = Question(
    "effort",
    QuestionKind.SCALE,
    text("How easy was it?"),
    least=1,
    most=5,
    does_not_apply=True,
    satisfied_from=4,
)
QUALITY = Question(
    "quality",
    QuestionKind.MATRIX,
    text("How good was the service?"),
    items=(Item("staff", text("Staff")), Item("cost", text("Cost"))),
    least=1,
    most=5,
    does_not_apply=True,
    satisfied_from=4,
)
LINES = Question(
    "lines",
    QuestionKind.RANKING,
    text("Which line first?"),
    options=options("north", "south", "west"),
    method="irv",
)
STOPS = Question(
    "stops",
    QuestionKind.GRADES,
    text("How good is each stop?"),
    options=options("market", "school"),
    points=options("good", "fair", "poor"),
    method="majority-judgement",
)
POINTS = Question(
    "points",
    QuestionKind.SCORE,
    text("Points for each park"),
    options=options("oak", "elm"),
    least=0,
    most=10,
    method="score",
)
WAIT = Question("wait", QuestionKind.NUMBER, text("Minutes waited"), most=500)
WHEN = Question("since", QuestionKind.DATE, text("Since when do you live here?"))
SEX = Question(
    "sex", QuestionKind.SINGLE, text("Sex"), options=options("f", "m"), demographic="sex"
)
AGE = Question("age", QuestionKind.NUMBER, text("Age"), most=120, demographic="age")
AREA = Question(
    "area",
    QuestionKind.SINGLE,
    text("Where do you live?"),
    options=options("north", "south", "west", "hills"),
    demographic="area",
)
SURVEY = (TRUST, WAYS, REASON, EFFORT, QUALITY, LINES, STOPS, POINTS, WAIT, WHEN, SEX, AGE, AREA)


def some_answers(chance: random.Random) -> dict[str, Any]:
    """One person's answers to SURVEY; every question is skipped by some."""
    trust = chance.choice(["yes", "yes", "no", "abstain"])
    ranked = chance.sample(["north", "south", "west"], chance.randint(1, 3))
    given: dict[str, Any] = {
        "trust": {"option": trust},
        "ways": {
            "options": sorted(
                chance.sample(["online", "phone", "visit", "other"], chance.randint(1, 3)),
                key=["online", "phone", "visit", "other"].index,
            )
        },
        "effort": {"point": chance.choice([1, 2, 3, 4, 4, 5, 5, "na"])},
        "quality": {
            "points": {"staff": chance.randint(1, 5), "cost": chance.choice([1, 3, 5, "na"])}
        },
        "lines": {"ranking": ranked},
        "stops": {
            "grades": {
                "market": chance.choice(["good", "fair", "poor"]),
                "school": chance.choice(["good", "good", "poor"]),
            }
        },
        "points": {"scores": {"oak": chance.randint(0, 10), "elm": chance.randint(0, 10)}},
        "wait": {"number": str(chance.randint(0, 180))},
        "since": {"date": f"{chance.randint(1960, 2025)}-0{chance.randint(1, 9)}-15"},
        "sex": {"option": chance.choice(["f", "m"])},
        "age": {"number": str(chance.randint(18, 80))},
        "area": {"option": chance.choices(["north", "south", "west", "hills"], [9, 9, 9, 1])[0]},
    }
    if trust == "no":
        given["reason"] = {"text": "They never answer."}
    return {key: value for key, value in given.items() if key == "trust" or chance.random() > 0.1}


def many_answers(number: int, seed: int = 1) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    return [some_answers(chance) for _ in range(number)]


def put_in(
    poll: Poll, answers: list[dict[str, Any] | None], *, channels: tuple[str, ...] = ("web",)
) -> list[Ballot]:
    """Put ballots in the box without their voters, in bulk; channels take turns."""
    first = next(_numbers)
    turnout = [
        Turnout(
            poll=poll,
            voter=f"roll:{first}-{place}",
            channel=channels[place % len(channels)],
            voted_on=timezone.localdate(),
        )
        for place in range(len(answers))
    ]
    Turnout.objects.bulk_create(turnout, batch_size=5000)
    ballots = [
        Ballot(
            poll=poll,
            secrecy=poll.secrecy,
            turnout=None if poll.is_secret else person,
            mark=mark_of(poll.pk, f"{first}-{place}"),
            answers=given,
            channel=person.channel,
        )
        for place, (person, given) in enumerate(zip(turnout, answers, strict=True))
    ]
    Ballot.objects.bulk_create(ballots, batch_size=5000)
    return ballots


def counted_survey(
    owner: Any, organisation: Organisation, answers: list[dict[str, Any]], **more: Any
) -> Poll:
    """SURVEY (or `questions`) with these answers, over and counted."""
    more.setdefault("questions", SURVEY)
    channels = more.pop("channels", ("web", "web", "paper"))
    poll = open_poll(owner, organisation, **more)
    put_in(poll, answers, channels=channels)
    return end_and_count(fresh(poll))
