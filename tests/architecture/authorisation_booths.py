"""Who gets what at booths. The columns are those of tests.architecture.authorisation_table.

The citizen of these rows is an officer of the booth, of no public body.
"""

from tests.architecture.authorisation import Request, Row, Stage
from tests.voting.polls import draft_poll, open_poll
from voting.actions.booths import Identity, add_officer, check_in, make_booth
from voting.actions.paper import enter_sheet
from voting.models import Booth

RED = {"colour": {"option": "red"}}
BLUE = {"colour": {"option": "blue"}}


def a_poll(stage: Stage) -> Request:
    poll = open_poll(stage.official, stage.organisation)
    return Request(kwargs={"slug": poll.process.slug})


def not_public(stage: Stage) -> Request:
    poll = draft_poll(stage.official, stage.organisation)
    return Request(kwargs={"slug": poll.process.slug})


def _booth(stage: Stage) -> Booth:
    poll = open_poll(stage.official, stage.organisation)
    booth = make_booth(stage.official, poll=poll, name="Town hall")
    add_officer(stage.official, booth=booth, email=stage.citizen.email)
    return booth


def _names(booth: Booth, **more: int) -> dict[str, object]:
    return {"slug": booth.poll.process.slug, "booth_id": booth.pk, **more}


def a_booth(stage: Stage) -> Request:
    return Request(kwargs=_names(_booth(stage)))


def somebody_comes(stage: Stage) -> Request:
    return Request(kwargs=_names(_booth(stage)), data={"email": stage.another.email, "sheet": "1"})


def somebody_came(stage: Stage) -> Request:
    booth = _booth(stage)
    who = Identity(email=stage.another.email)
    check_in(stage.citizen, booth=booth, who=who, sheet_number="1")
    data = {"email": stage.another.email, "number": "1", "q.colour": "red", "reason": "Torn."}
    return Request(kwargs=_names(booth), query={"number": "1"}, data=data)


def a_mistake(stage: Stage) -> Request:
    came = somebody_came(stage)
    return Request(kwargs=came.kwargs, data={"email": stage.another.email})


def a_sheet(stage: Stage) -> Request:
    """Two entries of it differ; one of them is the citizen's."""
    booth = _booth(stage)
    add_officer(stage.official, booth=booth, email=stage.moderator.email)
    who = Identity(email=stage.another.email)
    sheet = check_in(stage.citizen, booth=booth, who=who, sheet_number="1").sheet
    enter_sheet(stage.citizen, booth=booth, number="1", answers=RED)
    enter_sheet(stage.moderator, booth=booth, number="1", answers=BLUE)
    booth.officers.remove(stage.moderator)
    data = {"right": "first", "reason": "It is red."}
    return Request(kwargs=_names(booth, sheet_id=sheet.pk), data=data)


def the_officer(stage: Stage) -> Request:
    return Request(kwargs=_names(_booth(stage), user_id=stage.citizen.pk))


def a_new_booth(stage: Stage) -> Request:
    return Request(kwargs=a_poll(stage).kwargs, data={"name": "Library", "channel": "paper"})


def one_more_officer(stage: Stage) -> Request:
    return Request(kwargs=_names(_booth(stage)), data={"email": stage.another.email})


_OFFICER = "302 200 403 403 403 403"
_OFFICER_DOES = "302 302 403 403 403 403"
_RUNS = "302 403 403 403 200 403"
_RUNS_DOES = "302 403 403 403 302 403"
_BOTH = "302 200 403 403 200 403"
_BOTH_DO = "302 302 403 403 302 403"

BOOTHS = [
    Row("booths:mine", "GET", "302 200 200 200 200 200"),
    Row("booths:list", "GET", _RUNS, a_poll),
    Row("booths:list", "GET", "302 404 404 404 200 404", not_public),
    Row("booths:new", "GET", _RUNS, a_poll),
    Row("booths:new", "POST", _RUNS_DOES, a_new_booth),
    Row("booths:booth", "GET", _BOTH, a_booth),
    Row("booths:booth", "POST", _OFFICER_DOES, somebody_comes),
    Row("booths:officers", "GET", _RUNS, a_booth),
    Row("booths:officers", "POST", _RUNS_DOES, one_more_officer),
    Row("booths:remove-officer", "POST", _RUNS_DOES, the_officer),
    Row("booths:take-back", "GET", _OFFICER, a_booth),
    Row("booths:take-back", "POST", _OFFICER_DOES, a_mistake),
    Row("booths:end", "GET", _BOTH, a_booth),
    Row("booths:end", "POST", _BOTH_DO, a_booth),
    Row("booths:enter", "GET", _OFFICER, somebody_came),
    Row("booths:enter", "POST", _OFFICER_DOES, somebody_came),
    # The citizen has entered this sheet; the official is an owner of the public body.
    Row("booths:sheet", "GET", _BOTH, a_sheet),
    Row("booths:sheet", "POST", _BOTH_DO, a_sheet),
    Row("booths:discard", "GET", _BOTH, a_sheet),
    Row("booths:discard", "POST", _BOTH_DO, a_sheet),
    Row("booths:log", "GET", _BOTH, a_booth),
    Row("booths:log-file", "GET", _BOTH, a_booth),
]
