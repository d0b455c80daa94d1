"""Who gets what at the desk of polls. The columns as in authorisation_table.

Nobody is sent to sign in; people without a role are refused where the poll is public, and find
nothing where it is not.
"""

from accounts.models import Group
from tests.architecture.authorisation import Request, Row, Stage
from tests.voting.polls import draft_poll, open_poll
from voting.actions.editing import publish_poll
from voting.actions.groups import add_people, create_group
from voting.actions.questions import add_page
from voting.kinds import Eligibility, OpeningPolicy
from voting.models import Poll

READS = "302 403 403 403 200 403"
MISSES = "302 404 404 404 200 404"
WRITES = "302 404 404 404 302 404"  # of a draft: the others find nothing
DATES = {"opens_at": "2030-01-01T09:00", "closes_at": "2030-02-01T09:00"}
NEW = {"kind": "poll", "languages": ["en"], "title_en": "Trees"}
RULES = {
    "eligibility": "confirmed",
    "secrecy": "secret",
    "results_policy": "sealed",
    "change_policy": "final",
    "opening_policy": "clock",
    "threshold_base": "cast",
}


def _of(poll: Poll, data: dict | None = None, **names: object) -> Request:
    return Request(kwargs={"slug": poll.process.slug, **names}, data=data)


def _draft(stage: Stage, **rules: object) -> Poll:
    return draft_poll(stage.official, stage.organisation, **rules)


def draft(stage: Stage) -> Request:
    return _of(_draft(stage))


def opened(stage: Stage) -> Request:
    return _of(open_poll(stage.official, stage.organisation))


def described(stage: Stage) -> Request:
    return _of(_draft(stage), {"kind": "poll", "languages": ["en"], "title_en": "Trees"})


def a_new_poll(stage: Stage) -> Request:
    return Request(data={**NEW, "organisation": stage.organisation.pk})


def a_question(stage: Stage) -> Request:
    poll = _draft(stage)
    data = {"kind": "yes_no", "title_en": "Shall it?"}
    return _of(poll, data, pk=poll.questions.first().pk)


def a_move(stage: Stage) -> Request:
    request = a_question(stage)
    return Request(kwargs={**request.kwargs, "where": "down"})


def a_new_question(stage: Stage) -> Request:
    return _of(_draft(stage), {"kind": "yes_no", "title_en": "Shall it?"})


def a_page(stage: Stage) -> Request:
    poll = _draft(stage)
    page = add_page(stage.official, poll=poll, title={}, intro={})
    return _of(poll, {"title_en": "More"}, pk=page.pk)


def a_page_move(stage: Stage) -> Request:
    request = a_page(stage)
    return Request(kwargs={**request.kwargs, "where": "up"})


def rules(stage: Stage) -> Request:
    return _of(_draft(stage), RULES)


def dates(stage: Stage) -> Request:
    return _of(_draft(stage), DATES)


def without_quotas(stage: Stage) -> Request:
    return _of(_draft(stage), {"cells": ""})


def invited(stage: Stage) -> Request:
    return _of(_draft(stage, eligibility=Eligibility.INVITED), {"number": "2"})


def by_hand(stage: Stage) -> Request:
    poll = _draft(stage, opening_policy=OpeningPolicy.HAND)
    publish_poll(stage.official, poll=poll)
    return _of(poll)


def a_copy(stage: Stage) -> Request:
    return _of(_draft(stage), {"title_en": "Again", "title_fr": "Encore"})


def at_the_body(stage: Stage) -> Request:
    return Request(kwargs={"slug": stage.organisation.slug}, data={"name": "Panel"})


def _group(stage: Stage) -> Group:
    return create_group(stage.official, organisation=stage.organisation, name="Council")


def a_group(stage: Stage) -> Request:
    kwargs = {"slug": stage.organisation.slug, "pk": _group(stage).pk}
    return Request(kwargs=kwargs, data={"emails": stage.citizen.email})


def a_member(stage: Stage) -> Request:
    group = _group(stage)
    add_people(stage.official, group=group, emails=[stage.citizen.email])
    kwargs = {"slug": stage.organisation.slug, "pk": group.pk, "user_id": stage.citizen.pk}
    return Request(kwargs=kwargs)


POLLDESK = [
    Row("polldesk:polls", "GET", "302 403 403 200 200 403"),
    Row("polldesk:new", "GET", "302 403 403 200 200 403"),
    # To another body's official the public body is not among the choices.
    Row("polldesk:new", "POST", "302 403 403 400 302 403", a_new_poll),
    Row("polldesk:overview", "GET", READS, opened),
    Row("polldesk:overview", "GET", MISSES, draft),
    Row("polldesk:about", "GET", MISSES, draft),
    Row("polldesk:about", "POST", WRITES, described),
    Row("polldesk:copy", "GET", MISSES, draft),
    Row("polldesk:copy", "POST", WRITES, a_copy),
    Row("polldesk:questions", "GET", MISSES, draft),
    Row("polldesk:questions", "GET", READS, opened),
    Row("polldesk:new-question", "GET", MISSES, draft),
    Row("polldesk:new-question", "GET", "302 403 403 403 409 403", opened),
    Row("polldesk:new-question", "POST", WRITES, a_new_question),
    Row("polldesk:restore-question", "POST", "302 404 404 404 409 404", draft),
    Row("polldesk:question", "GET", MISSES, a_question),
    Row("polldesk:question", "POST", WRITES, a_question),
    Row("polldesk:move-question", "POST", WRITES, a_move),
    Row("polldesk:copy-question", "POST", WRITES, a_question),
    Row("polldesk:remove-question", "GET", MISSES, a_question),
    Row("polldesk:remove-question", "POST", WRITES, a_question),
    Row("polldesk:new-page", "GET", MISSES, draft),
    Row("polldesk:new-page", "POST", WRITES, draft),
    Row("polldesk:page", "GET", MISSES, a_page),
    Row("polldesk:page", "POST", WRITES, a_page),
    Row("polldesk:move-page", "POST", WRITES, a_page_move),
    Row("polldesk:remove-page", "POST", WRITES, a_page),
    Row("polldesk:rules", "GET", MISSES, draft),
    Row("polldesk:rules", "GET", READS, opened),
    Row("polldesk:rules", "POST", WRITES, rules),
    Row("polldesk:rules", "POST", "302 403 403 403 409 403", opened),
    Row("polldesk:samples", "GET", MISSES, draft),
    Row("polldesk:samples", "POST", WRITES, without_quotas),
    Row("polldesk:phases", "GET", MISSES, draft),
    Row("polldesk:phases", "POST", WRITES, dates),
    Row("polldesk:preview", "GET", MISSES, draft),
    Row("polldesk:preview", "POST", MISSES, draft),
    Row("polldesk:codes", "GET", MISSES, invited),
    Row("polldesk:codes", "POST", MISSES, invited),
    Row("polldesk:revoke-codes", "POST", WRITES, invited),
    Row("polldesk:publish", "GET", MISSES, draft),
    Row("polldesk:publish", "POST", WRITES, draft),
    Row("polldesk:open", "GET", READS, by_hand),
    Row("polldesk:open", "POST", "302 403 403 403 302 403", by_hand),
    Row("polldesk:close", "GET", READS, opened),
    Row("polldesk:close", "POST", "302 403 403 403 302 403", opened),
    Row("polldesk:groups", "GET", READS, at_the_body),
    Row("polldesk:groups", "POST", "302 403 403 403 302 403", at_the_body),
    Row("polldesk:group", "GET", READS, a_group),
    Row("polldesk:group", "POST", "302 403 403 403 302 403", a_group),
    Row("polldesk:leave-group", "POST", "302 403 403 403 302 403", a_member),
]
