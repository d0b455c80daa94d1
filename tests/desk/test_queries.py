"""Lists of the desk make as many queries with thirty rows as with three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations.actions import begin_version, propose_amendment
from tests import factories, scenario


def made(client, address) -> list[str]:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def propose(world, number):
    for n in range(number):
        propose_amendment(
            factories.person(), section_id=world.section().pk, body=f"{n} metres wide.", reason=""
        )


def test_the_queue_makes_six_queries_with_three_and_with_thirty(client_of, bob, world):
    client = client_of(bob)
    address = f"/en/desk/consultations/{world.process.slug}/queue/"
    propose(world, 3)
    few = made(client, address)
    propose(world, 27)
    many = made(client, address)
    assert len(few) == len(many) <= 6, "\n".join(many)


def test_the_first_page_makes_as_many_with_two_consultations_as_with_ten(
    client_of, bob, organisation
):
    client = client_of(bob)
    for n in range(2):
        scenario.open_consultation(bob, organisation, title=f"Streets {n}")
    few = made(client, "/en/desk/")
    for n in range(8):
        scenario.open_consultation(bob, organisation, title=f"Markets {n}")
    many = made(client, "/en/desk/")
    assert len(few) == len(many) <= 9, "\n".join(many)  # one of them asks for budgets


@pytest.mark.parametrize("path", ["text/", "text/publish/"])
def test_a_long_text_makes_as_many_as_a_short_one(path, client_of, bob, organisation):
    numbers = []
    for count in (3, 30):
        text = "\n\n".join(f"# Article {n}\n\nText of {n}." for n in range(1, count + 1))
        world = scenario.open_consultation(bob, organisation, title=f"T{count}", text=text)
        begin_version(bob, consultation=world.consultation)
        address = f"/en/desk/consultations/{world.process.slug}/{path}"
        numbers.append(len(made(client_of(bob), address)))
    assert numbers[0] == numbers[1]


def test_an_answer_makes_as_many_among_thirty_as_among_three(client_of, bob, world):
    client = client_of(bob)
    propose(world, 3)
    subject = world.consultation.proposals.first().subject_id
    address = f"/en/desk/consultations/{world.process.slug}/queue/{subject}/"
    few = made(client, address)
    propose(world, 27)
    assert len(made(client, address)) == len(few) <= 14
