"""What stands already and says something like what is being written."""

import pytest

from consultations.actions import propose_new_article, withdraw_proposal
from processes.kinds import PROPOSAL_KINDS
from processes.models import Subject

pytestmark = pytest.mark.django_db


@pytest.fixture
def benches(world, alice):
    return propose_new_article(
        alice,
        consultation=world.consultation,
        title="Benches in the shade",
        body="There is a bench every hundred metres, under a tree, with a back to lean on.",
        reason="",
    )


def like(world, text, **options):
    return Subject.objects.similar_to(
        text, process=world.process.pk, kinds=PROPOSAL_KINDS, **options
    )


@pytest.mark.parametrize(
    "text",
    [
        "Benches in the shade",
        "we need a bench every hundred metres",
        "every hundred metres there should be benches where one can lean back",
        "BENCHES, SHADED",
    ],
)
def test_other_words_for_the_same_are_found(world, benches, text):
    assert [row.pk for row in like(world, text, languages=["en"])] == [benches.subject_id]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "a",
        "!!!",
        "'; DROP TABLE",
        "' & '",
        "| ! :* <->",
        "\\",
        "日本",
        "\x00",
        "x" * 50_000,
    ],
)
def test_nothing_that_can_be_typed_is_an_error(world, benches, text):
    assert like(world, text) == []


def test_what_is_about_something_else_is_not_found(world, benches):
    assert like(world, "parking places for residents cost money", languages=["en"]) == []


def test_what_was_withdrawn_is_not_found(world, alice, benches):
    withdraw_proposal(alice, proposal_id=benches.pk)
    assert like(world, "Benches in the shade") == []


def test_the_likest_stands_first_and_there_are_no_more_than_asked_for(world, alice, benches):
    for number in range(4):
        propose_new_article(
            alice,
            consultation=world.consultation,
            title=f"Benches number {number}",
            body="Somewhere in the shade there are benches, and much else that is said at length.",
            reason="",
        )
    found = like(world, "Benches in the shade under a tree", languages=["en"], most=3)
    assert len(found) == 3
    assert found[0].pk == benches.subject_id


def test_it_is_one_query(world, benches, django_assert_num_queries):
    with django_assert_num_queries(1):
        like(world, "Benches in the shade")
