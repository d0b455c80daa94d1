"""Who gets what at the addresses where people read and answer polls.

The columns: nobody, citizen (who has voted where a row says so), another citizen, another body's
official, official, moderator.
"""

from typing import Any

from tests.architecture.authorisation import Request, Row, Stage
from tests.voting import polls
from voting.actions.box import cast_ballot
from voting.models import Poll
from voting.voters import person

RED = '{"colour":{"option":"red"}}'


def _poll(stage: Stage, **rules: Any) -> Poll:
    return polls.open_poll(stage.official, stage.organisation, slug="tram", **rules)


def _at(poll: Poll, **data: Any) -> Request:
    return Request(kwargs={"slug": poll.process.slug}, data=data)


def open_now(stage: Stage) -> Request:
    return _at(_poll(stage))


def not_published(stage: Stage) -> Request:
    """A poll that only the official's body sees."""
    return _at(polls.draft_poll(stage.official, stage.organisation))


def page_of_answers(stage: Stage) -> Request:
    return _at(_poll(stage), **{"q.colour": "red", "shown": ["colour", "tree"], "go": "next"})


def answers_to_send(stage: Stage) -> Request:
    return _at(_poll(stage), carried=RED, go="send")


def answered_by_the_citizen(stage: Stage) -> Request:
    poll = _poll(stage)
    cast_ballot(person(stage.citizen, poll), poll=poll, answers={"colour": {"option": "red"}})
    return _at(poll)


def for_anyone(stage: Stage) -> Request:
    return _at(_poll(stage, eligibility="anyone"), solution="no work done")


def by_invitation(stage: Stage) -> Request:
    return _at(_poll(stage, eligibility="invited"), code="A" * 26)


def secret(stage: Stage) -> Request:
    return _at(_poll(stage, secrecy="secret"), code="A" * 26)


def counted(stage: Stage) -> Request:
    return _at(polls.end_and_count(_poll(stage, secrecy="secret")))


_HIDDEN = "404 404 404 404 409 404"
VOTING = [
    Row("voting:poll", "GET", "200", open_now),
    Row("voting:poll", "GET", "404 404 404 404 200 404", not_published),
    Row("voting:answer", "GET", "302 200 200 200 200 200", open_now),
    Row("voting:answer", "GET", _HIDDEN, not_published),
    # Whose session ended gets the page again, with all that was answered.
    Row("voting:answer", "POST", "200 302 302 302 302 302", page_of_answers),
    Row("voting:check", "GET", "302 200 200 200 200 200", open_now),
    Row("voting:check", "GET", _HIDDEN, not_published),
    Row("voting:check", "POST", "401 302 302 302 302 302", answers_to_send),
    Row("voting:thanks", "GET", "302 200 302 302 302 302", answered_by_the_citizen),
    Row("voting:withdraw", "GET", "302 200 409 409 409 409", answered_by_the_citizen),
    Row("voting:withdraw", "POST", "401 302 409 409 409 409", answered_by_the_citizen),
    Row("voting:pass", "GET", "200 302 302 302 302 302", for_anyone),
    Row("voting:pass", "POST", "400", for_anyone),
    Row("voting:code", "GET", "200", by_invitation),
    Row("voting:code", "POST", "403", by_invitation),
    Row("voting:receipt", "GET", "200", secret),
    Row("voting:receipt", "POST", "404", secret),
    Row("voting:ballots", "GET", "409", secret),
    Row("voting:ballots", "GET", "200", counted),
    Row("voting:bundle", "GET", "409", secret),
    Row("voting:bundle", "GET", "200", counted),
    Row("accounts:forget", "POST", "302"),
]
