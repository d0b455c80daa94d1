"""The API tried with what its schema allows and with what it forbids, by three people.

Every operation is asked with the ids of things that are there and with any others; answers must
have a status, a content type and a body that the schema tells of, and never a 500.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks

from accounts.actions import create_token
from accounts.models import Organisation, User
from answers.actions import answer
from budgets.actions.revisions import ask_for_merger
from config.wsgi import application
from consultations.actions import propose_amendment
from deliberation.actions import add_source, post_comment, take_position
from processes import counters
from tests.budgets.scenario import budget_in, fresh, project
from tests.scenario import World
from tests.voting.polls import end_and_count, open_poll
from voting.actions.box import cast_ballot
from voting.voters import person

BUDGET = "our-money"
EXAMPLES = 5  # of each kind for each operation and person; each person gets others
PEOPLE = ("nobody", "alice", "otto")

# The API refuses more than a schema can say (blank texts, a closed phase), and a token is optional
# where everyone may read.
LEFT_OUT = [checks.positive_data_acceptance, checks.ignored_auth]
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 413, 415]

load_all_checks()


@pytest.fixture(autouse=True)
def one_transaction() -> Iterator[None]:
    """Requests do not close the connection, on which the test's transaction is."""
    both = (request_started, request_finished)
    for moment in both:
        moment.disconnect(close_old_connections)
    yield
    for moment in both:
        moment.connect(close_old_connections)


@pytest.fixture
def known(
    world: World, alice: User, otto: User, bob: User, organisation: Organisation
) -> dict[str, Any]:
    """Names of parameters in paths, and something that is there."""
    section, article = world.section(), world.article.pk
    proposal = propose_amendment(
        alice, section_id=section.pk, body="Three metres.", reason="Room.", title="Wider"
    )
    comment = post_comment(alice, subject_id=article, body="Wider!", stance="for")
    post_comment(otto, subject_id=article, body="How wide?", parent_id=comment.pk)
    source = add_source(
        alice, subject_id=article, title="A study", url="https://example.org/", category="study"
    )
    take_position(alice, subject_id=article, value="agree")
    answer(otto, subject_id=article, decision="adopted", body="It is right.")
    budget = budget_in("costing", bob, organisation, slug=BUDGET)
    park, garden = (project(budget, who, "A park") for who in (alice, otto))
    for row in (park, garden):
        row.budget = fresh(budget)
        counters.take_part(budget.process_id, row.subject.author_id, contributions=1)
    merger = ask_for_merger(
        bob,
        project=park,
        into=garden,
        reason="One.",
        expires_at=timezone.now() + timedelta(days=2),
        language="en",
    )
    poll = open_poll(bob, organisation, secrecy="secret")
    cast_ballot(person(alice, poll), poll=poll, answers={"tree": {"option": "yes"}})
    end_and_count(poll)
    return {
        "poll_id": poll.pk,
        "slug": world.process.slug,
        "subject_id": article,
        "proposal_id": proposal.pk,
        "comment_id": comment.pk,
        "source_id": source.pk,
        "letter_id": 1,
        "merger_id": merger.pk,
        "project": park.subject_id,
    }


def operations() -> Iterator[Any]:
    config = schemathesis.Config.from_dict(
        {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
    )
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application, config=config)
    for result in schema.get_all_operations():
        yield result.ok()


def cases(operation: Any, known: dict[str, Any]) -> Iterator[tuple[GenerationMode, Any]]:
    """Strategies: of what is allowed and of what is forbidden, there and nowhere."""
    here = {name: value for name, value in known.items() if f"{{{name}}}" in operation.path}
    if "/budgets/{slug}/" in operation.path:
        here["slug"] = BUDGET
        if "subject_id" in here:
            here["subject_id"] = known["project"]
    for mode in GenerationMode:
        yield mode, operation.as_strategy(mode)
        if here:
            yield mode, operation.as_strategy(mode, path_parameters=here)


def run(ask: Callable[[Any], None], mode: GenerationMode, strategy: Any, number: int) -> None:
    """Ask with examples of the strategy: for a number the same ones each time."""
    quickly = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        seed(number)(quickly(given(case=strategy)(ask)))()
    except Unsatisfiable:
        if mode == GenerationMode.POSITIVE:  # else there is nothing that could be wrong
            raise


@pytest.mark.django_db
@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", PEOPLE)
def test_every_operation_keeps_its_schema(request, known, who):
    headers = {}
    person = request.getfixturevalue(who)
    if isinstance(person, User):
        headers["Authorization"] = f"Bearer {create_token(person, name='test')[1]}"
    asked: Counter[str] = Counter()
    failures: list[BaseException] = []

    def ask(case: Any) -> None:
        asked[case.operation.label] += 1
        response = case.call(headers=headers)
        left_out = LEFT_OUT
        if "" in (case.query or {}).values():  # as good as not given, as forms send it
            left_out = [*LEFT_OUT, checks.negative_data_rejection]
        case.validate_response(response, excluded_checks=left_out, headers=headers)

    for operation in operations():
        for mode, strategy in cases(operation, known):
            try:
                run(ask, mode, strategy, PEOPLE.index(who))
            except (FailureGroup, Failure) as failure:
                failures.append(failure)
    assert not failures, "\n\n".join(str(failure) for failure in failures)
    assert len(asked) >= 64
