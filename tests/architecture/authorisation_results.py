"""Who gets what of results and of files of answers. The columns are those of authorisation_table."""

from tests.architecture.authorisation import Request, Row, Stage
from tests.voting.filled import LINES, TRUST, counted_survey
from tests.voting.polls import draft_poll, open_poll
from voting.actions.exports import start_export
from voting.models import Poll
from voting.tasks import make_export

ANSWERS = [{"trust": {"option": "yes"}, "lines": {"ranking": ["west"]}}] * 6


def _counted(stage: Stage, secrecy: str) -> Poll:
    return counted_survey(
        stage.official, stage.organisation, ANSWERS, questions=(TRUST, LINES), secrecy=secrecy
    )


def counted(stage: Stage) -> Request:
    return Request(kwargs={"slug": _counted(stage, "named").process.slug})


def confidential(stage: Stage) -> Request:
    return Request(kwargs={"slug": _counted(stage, "confidential").process.slug})


def not_published(stage: Stage) -> Request:
    return Request(kwargs={"slug": draft_poll(stage.official, stage.organisation).process.slug})


def a_file(stage: Stage) -> Request:
    return Request(kwargs={**counted(stage).kwargs, "fmt": "csv"})


def a_sealed_file(stage: Stage) -> Request:
    poll = open_poll(stage.official, stage.organisation, secrecy="named")
    return Request(kwargs={"slug": poll.process.slug, "fmt": "json"})


def rankings(stage: Stage) -> Request:
    return Request(kwargs={**counted(stage).kwargs, "question": "lines"})


def secret_rankings(stage: Stage) -> Request:
    slug = _counted(stage, "secret").process.slug
    return Request(kwargs={"slug": slug, "question": "lines"})


def confidential_rankings(stage: Stage) -> Request:
    return Request(kwargs={**confidential(stage).kwargs, "question": "lines"})


def asked_for(stage: Stage) -> Request:
    return Request(kwargs=counted(stage).kwargs, data={"format": "csv"})


def asked_of_a_confidential_poll(stage: Stage) -> Request:
    return Request(kwargs=confidential(stage).kwargs, data={"format": "csv"})


def an_export(stage: Stage) -> Request:
    poll = _counted(stage, "named")
    export = start_export(stage.official, poll=poll, format="csv", language="en")
    make_export(export.pk)
    return Request(kwargs={"slug": poll.process.slug, "pk": export.pk})


RESULTS = [
    Row("voting:results", "GET", "200", counted),
    Row("voting:results", "GET", "404 404 404 404 200 404", not_published),
    Row("voting:results-file", "GET", "200", a_file),
    # Sealed is sealed for everybody, the public body's own people included.
    Row("voting:results-file", "GET", "409", a_sealed_file),
    # Single answers: of a named poll for its public body, of a secret one for all, else for nobody.
    Row("voting:preflib", "GET", "401 403 403 403 200 403", rankings),
    Row("voting:preflib", "GET", "200", secret_rankings),
    Row("voting:preflib", "GET", "403", confidential_rankings),
    Row("polldesk:exports", "GET", "302 403 403 403 200 403", counted),
    Row("polldesk:exports", "POST", "302 403 403 403 302 403", asked_for),
    Row("polldesk:exports", "POST", "302 403 403 403 403 403", asked_of_a_confidential_poll),
    Row("polldesk:export", "GET", "302 403 403 403 200 403", an_export),
    Row("polldesk:export-file", "GET", "302 403 403 403 200 403", an_export),
]
