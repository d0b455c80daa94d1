"""The results page tells how a count went, for every method."""

import pytest

from tests import factories
from tests.voting.polls import end_and_count, fresh, open_poll
from voting import voters
from voting.actions.box import cast_ballot
from voting.questionnaire.definition import Option, Question, QuestionKind
from voting.questionnaire.validation import METHODS_OF

pytestmark = pytest.mark.django_db

NAMES = {
    "memphis": "Memphis",
    "nashville": "Nashville",
    "knoxville": "Knoxville",
    "chatta": "Chattanooga",
}
GRADES = tuple(Option(key, {"en": key.title()}) for key in ("good", "fair", "poor"))
# Wikipedia, "Tennessee voting example": 42, 26, 15 and 17 of a hundred; here a tenth, rounded.
ORDERS = [
    *[["memphis", "nashville", "chatta", "knoxville"]] * 4,
    *[["nashville", "chatta", "knoxville", "memphis"]] * 3,
    *[["chatta", "knoxville", "nashville", "memphis"]] * 1,
    *[["knoxville", "chatta", "nashville", "memphis"]] * 2,
]
CASES = [(kind, method) for kind, methods in METHODS_OF.items() for method in sorted(methods)]


def answer_of(kind, order):
    best = order[0]
    return {
        QuestionKind.SINGLE: {"option": best},
        QuestionKind.YES_NO: {"option": "yes" if best == "memphis" else "no"},
        QuestionKind.MULTIPLE: {"options": sorted(order[:2], key=list(NAMES).index)},
        QuestionKind.SCORE: {"scores": {key: 3 - place for place, key in enumerate(order)}},
        QuestionKind.GRADES: {
            "grades": dict(zip(order, ("good", "fair", "fair", "poor"), strict=True))
        },
        QuestionKind.RANKING: {"ranking": order},
    }[kind]


@pytest.mark.parametrize(("kind", "method"), CASES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_method_explains_itself(bob, client, organisation, kind, method, language):
    options = () if kind is QuestionKind.YES_NO else tuple(
        Option(key, {"en": name}) for key, name in NAMES.items()
    )  # fmt: skip
    question = Question(
        key="capital",
        kind=kind,
        title={"en": "Which city?"},
        options=options,
        points=GRADES if kind is QuestionKind.GRADES else (),
        least=0,
        most=3 if kind in (QuestionKind.SCORE, QuestionKind.MULTIPLE) else None,
        method=method,
        seats=2 if method.startswith("stv") else 1,
    )
    poll = open_poll(bob, organisation, questions=[question], secrecy="secret")
    for order in ORDERS:
        person = factories.person()
        now = fresh(poll)
        cast_ballot(
            voters.person(person, now), poll=now, answers={"capital": answer_of(kind, order)}
        )
    done = end_and_count(poll)
    assert done.outcomes.get(question="capital", method=method).result["winners"]
    page = client.get(f"/{language}/polls/{done.process.slug}/results/")
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count('class="quiet rounds"') == 1
    assert "style=" not in text
