"""Who gets what at the desk. The columns as in authorisation_table.

Nobody is sent to sign in; people without a role are refused where the consultation is public, and
find nothing where it is not.
"""

from consultations.actions import begin_version, propose_amendment, remove_wording
from consultations.models import Consultation, Proposal, Wording
from processes.actions import close
from tests import scenario
from tests.architecture.authorisation import Request, Row, Stage

READS = "302 403 403 403 200 403"
MISSES = "302 404 404 404 200 404"
WRITES = "302 403 403 403 302 403"


def at_the_body(stage: Stage) -> Request:
    return Request(kwargs={"slug": stage.organisation.slug})


def of_the_owner(stage: Stage) -> Request:
    return Request(kwargs={"slug": stage.organisation.slug, "user_id": stage.official.pk})


def public(stage: Stage) -> Request:
    return Request(kwargs={"slug": stage.world.process.slug})


def _unpublished(stage: Stage) -> Consultation:
    return scenario.draft_consultation(stage.official, stage.organisation)


def unpublished(stage: Stage) -> Request:
    return Request(kwargs={"slug": _unpublished(stage).process.slug})


def next_version(stage: Stage) -> Request:
    begin_version(stage.official, consultation=stage.world.consultation)
    return public(stage)


def _part(stage: Stage) -> Wording:
    begin_version(stage.official, consultation=stage.world.consultation)
    return Wording.objects.get(version__published_at=None, heading="Trees")


def a_part(stage: Stage) -> Request:
    return Request(kwargs={"slug": stage.world.process.slug, "pk": _part(stage).pk})


def a_removed_part(stage: Stage) -> Request:
    removal = remove_wording(stage.official, wording=_part(stage))
    return Request(kwargs={"slug": stage.world.process.slug, "pk": removal.pk})


def a_move(stage: Stage) -> Request:
    request = a_part(stage)
    return Request(kwargs={**request.kwargs, "where": "up"})


def _amendment(stage: Stage) -> Proposal:
    section = stage.world.section(2)
    return propose_amendment(stage.citizen, section_id=section.pk, body="Within a week.", reason="")


def an_adoption(stage: Stage) -> Request:
    amendment = _amendment(stage)
    request = a_part(stage)
    return Request(kwargs={**request.kwargs, "proposal_id": amendment.pk})


def a_contribution(stage: Stage) -> Request:
    amendment = _amendment(stage)
    return Request(
        kwargs={"slug": stage.world.process.slug, "subject_id": amendment.subject_id},
        data={"decision": "refused", "body": "No."},
    )


def several(stage: Stage) -> Request:
    amendment = _amendment(stage)
    data = {"subject": [amendment.subject_id], "decision": "refused", "body": "No.", "send": "1"}
    return Request(kwargs={"slug": stage.world.process.slug}, data=data)


def closed(stage: Stage) -> Request:
    close(stage.official, process=stage.world.process)
    return public(stage)


def told(stage: Stage) -> Request:
    request = closed(stage)
    data = {"summary_en": "Done.", "send": "1", "confirmed": "1"}
    return Request(kwargs=request.kwargs, data=data)


def a_text(stage: Stage) -> Request:
    data = {"language": "en", "text": scenario.TEXT, "save": "1"}
    return Request(kwargs=public(stage).kwargs, data=data)


def a_new_part(stage: Stage) -> Request:
    next_version(stage)
    return Request(kwargs=public(stage).kwargs, data={"kind": "article", "label": "Article 5"})


def a_promise(stage: Stage) -> Request:
    data = {"rule": "top", "number": 3, "due_at": "2030-01-01T12:00"}
    return Request(kwargs=public(stage).kwargs, data=data)


def a_closing(stage: Stage) -> Request:
    return Request(kwargs=public(stage).kwargs, data={"reason": "All is said."})


DESK = [
    Row("desk:home", "GET", READS.replace("403 200 403", "200 200 403")),
    Row("desk:people", "GET", READS, at_the_body),
    Row("desk:people", "POST", "302 403 403 403 400 403", at_the_body),
    Row("desk:revoke", "GET", READS, of_the_owner),
    Row("desk:revoke", "POST", "302 403 403 403 409 403", of_the_owner),
    Row("desk:residents", "GET", READS, at_the_body),
    Row("desk:residents", "POST", "302 403 403 403 400 403", at_the_body),
    Row("desk:new", "GET", "302 403 403 200 200 403"),
    Row("desk:new", "POST", "302 403 403 400 400 403"),
    Row("desk:overview", "GET", MISSES, unpublished),
    Row("desk:about", "GET", READS, public),
    Row("desk:about", "POST", "302 403 403 403 400 403", public),
    Row("desk:text", "GET", MISSES, unpublished),
    Row("desk:write", "GET", READS, public),
    Row("desk:write", "POST", WRITES, a_text),
    Row("desk:begin", "POST", WRITES, public),
    Row("desk:discard", "GET", READS, next_version),
    Row("desk:discard", "POST", WRITES, next_version),
    Row("desk:publish-version", "GET", READS, next_version),
    Row("desk:publish-version", "POST", "302 403 403 403 400 403", next_version),
    Row("desk:insert", "GET", READS, next_version),
    Row("desk:insert", "POST", WRITES, a_new_part),
    Row("desk:part", "GET", READS, a_part),
    Row("desk:part", "POST", "302 403 403 403 400 403", a_part),
    Row("desk:move", "POST", WRITES, a_move),
    Row("desk:remove", "GET", READS, a_part),
    Row("desk:remove", "POST", WRITES, a_part),
    Row("desk:restore-part", "POST", WRITES, a_removed_part),
    Row("desk:identify", "POST", WRITES, a_part),
    Row("desk:adopt", "POST", WRITES, an_adoption),
    Row("desk:phases", "GET", READS, public),
    Row("desk:phases", "POST", "302 403 403 403 400 403", public),
    Row("desk:extend", "GET", READS, public),
    Row("desk:extend", "POST", "302 403 403 403 400 403", public),
    Row("desk:promise", "GET", READS, public),
    Row("desk:promise", "POST", WRITES, a_promise),
    Row("desk:publish", "GET", MISSES, unpublished),
    Row("desk:publish", "POST", "302 404 404 404 302 404", unpublished),
    Row("desk:close", "GET", READS, public),
    Row("desk:close", "POST", WRITES, a_closing),
    Row("desk:results", "GET", READS, closed),
    Row("desk:results", "POST", WRITES, told),
    Row("desk:queue", "GET", READS, public),
    Row("desk:bulk", "POST", WRITES, several),
    Row("desk:answer", "GET", READS, a_contribution),
    Row("desk:answer", "POST", WRITES, a_contribution),
]
