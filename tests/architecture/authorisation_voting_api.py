"""Who gets what of polls from the API. The columns are those of authorisation_table."""

from tests.architecture.authorisation import Request, Row, Stage
from tests.voting.polls import draft_poll, end_and_count, fresh, open_poll
from voting.actions.box import cast_ballot
from voting.models import Poll
from voting.voters import person

RED = {"colour": {"option": "red"}}


def _answered(stage: Stage, **rules: str) -> Poll:
    """The citizen has answered it."""
    poll = open_poll(stage.official, stage.organisation, **rules)
    cast_ballot(person(stage.citizen, poll), poll=poll, answers=RED)
    return fresh(poll)


def a_poll(stage: Stage) -> Request:
    return Request(kwargs={"poll_id": _answered(stage, secrecy="named").pk})


def a_ballot(stage: Stage) -> Request:
    return Request(kwargs=a_poll(stage).kwargs, data={"answers": RED})


def not_public(stage: Stage) -> Request:
    return Request(kwargs={"poll_id": draft_poll(stage.official, stage.organisation).pk})


def sealed(stage: Stage) -> Request:
    return Request(kwargs={"poll_id": _answered(stage, secrecy="secret").pk})


def counted(stage: Stage) -> Request:
    return Request(kwargs={"poll_id": end_and_count(_answered(stage, secrecy="secret")).pk})


def a_receipt(stage: Stage) -> Request:
    poll = open_poll(stage.official, stage.organisation, secrecy="secret")
    receipt = cast_ballot(person(stage.citizen, poll), poll=poll, answers=RED)
    return Request(kwargs={"poll_id": poll.pk}, data={"receipt": receipt.code})


VOTING_API = [
    Row("api-polls", "GET", "200"),
    Row("api-poll", "GET", "200", a_poll),
    Row("api-poll", "GET", "404 404 404 404 200 404", not_public),
    # Sealed means for everybody.
    Row("api-poll-results", "GET", "409", sealed),
    Row("api-poll-results", "GET", "200", counted),
    Row("api-ballots", "GET", "409", sealed),
    Row("api-ballots", "GET", "200", counted),
    # The citizen has answered, and an answer is final here.
    Row("api-ballots", "POST", "401 409 201 201 201 201", a_ballot),
    Row("api-my-ballot", "DELETE", "401 200 409 409 409 409", a_poll),
    Row("api-receipts", "POST", "200", a_receipt),
    Row("api-bundle", "GET", "409", sealed),
    Row("api-bundle", "GET", "200", counted),
]
