"""The front page: what is open, upcoming and closed, found by filters and words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation
from answers.actions import answer, owe_answers, promise
from consultations.actions import (
    propose_amendment,
    publish_version,
    write_draft,
)
from consultations.drafting.parse import parse_draft
from processes.actions import close, publish_results
from processes.models import Process, Subject, Topic
from tests import factories, scenario
from tests.support.queries import named_queries

pytestmark = pytest.mark.django_db

IDENTITY = {"session": 'FROM "django_session"', "person": 'FROM "accounts_user"'}
GROUPS = {
    "what to choose from": "UNION ALL",
    "closed": "ended_at",
    "open": 'ORDER BY "processes_process"."closes_at"',
    "upcoming": 'ORDER BY "processes_process"."opens_at"',
}


def titles(response) -> list[str]:
    groups = response.context.get("groups")
    cards = [c for group in groups for c in group["cards"]] if groups else response.context["cards"]
    return [card.title for card in cards]


def many(organisation: Organisation, number: int, **fields) -> None:
    """Published processes that closed one after the other, or are as `fields` say."""
    now = timezone.now()
    Process.objects.bulk_create(
        Process(
            kind="consultation",
            slug=f"many-{n}",
            organisation=organisation,
            area=organisation.area,
            title={"en": f"Number {n}"},
            languages=["en"],
            published_at=now - timedelta(days=60),
            **{
                "opens_at": now - timedelta(days=50),
                "closes_at": now - timedelta(hours=n + 1),
                **fields,
            },
        )
        for n in range(number)
    )


def test_an_empty_site_says_what_will_be_here(client, db):
    page = client.get("/en/").content.decode()
    assert "Consultations will stand here" in page


def test_each_process_stands_under_its_status(client, bob, organisation):
    scenario.open_consultation(bob, organisation, title="Now")
    later = scenario.plan(opens_in=timedelta(days=2), closes_in=timedelta(days=9))
    scenario.open_consultation(bob, organisation, title="Later", phases=later)
    over = scenario.open_consultation(bob, organisation, title="Over")
    close(bob, process=over.process)
    scenario.draft_consultation(bob, organisation, title="Hidden yet")
    response = client.get("/en/")
    found = {g["status"].value: [c.title for c in g["cards"]] for g in response.context["groups"]}
    assert found == {"open": ["Now"], "upcoming": ["Later"], "closed": ["Over"]}
    for status, title in [("open", "Now"), ("upcoming", "Later"), ("closed", "Over")]:
        assert titles(client.get("/en/", {"status": status})) == [title]


def test_the_title_is_in_the_readers_language(client, world):
    assert titles(client.get("/fr/")) == ["Streets and markets (fr)"]


def test_an_area_holds_all_below_it(client, bob, olga, organisation, other_organisation):
    scenario.open_consultation(bob, organisation, title="Of the city")
    scenario.open_consultation(olga, other_organisation, title="Of the village")
    assert set(titles(client.get("/en/", {"area": "country"}))) == {"Of the city", "Of the village"}
    assert titles(client.get("/en/", {"area": "city"})) == ["Of the city"]


def test_body_kind_and_topic_narrow_the_list(client, bob, olga, organisation, other_organisation):
    topic = Topic.objects.create(slug="streets", name={"en": "Streets"})
    one = scenario.open_consultation(bob, organisation, title="One")
    one.process.topics.add(topic)
    scenario.open_consultation(olga, other_organisation, title="Two")
    assert titles(client.get("/en/", {"organisation": other_organisation.slug})) == ["Two"]
    assert titles(client.get("/en/", {"topic": "streets"})) == ["One"]
    assert set(titles(client.get("/en/", {"kind": "consultation"}))) == {"One", "Two"}
    assert titles(client.get("/en/", {"kind": "poll"})) == []


def test_an_unknown_choice_is_said_and_asked_again(client, world):
    page = client.get("/en/", {"area": "atlantis"})
    assert page.status_code == 200
    assert "There is no “atlantis”." in page.content.decode()


@pytest.mark.parametrize(
    ("language", "words", "is_found"),
    [
        ("en", "street", True),  # stem of the title
        ("en", "strets", True),  # typing error
        ("fr", "largeurs", True),  # French stem of the summary
        ("fr", "MARCHES", True),  # without accent
        ("en", '"how green"', True),
        ("en", "street -market", False),
        ("en", "submarine", False),
    ],
)
def test_words_are_found_by_stem_and_by_likeness(client, world, language, words, is_found):
    assert bool(titles(client.get(f"/{language}/", {"q": words}))) is is_found


@pytest.mark.parametrize(
    "words",
    ["'", "');--", "&|!():*", "%_\\", "\u202e", "<script>", "é" * 190, '"', "-", "a" * 5000, "🙂"],
)
def test_nothing_that_can_be_typed_breaks_the_search(client, world, words):
    assert client.get("/en/", {"q": words}).status_code == 200


def test_a_list_goes_on_where_it_ended(client, organisation):
    many(organisation, 30)
    first = client.get("/en/", {"status": "closed"})
    second = client.get("/en/" + first.context["next_href"])
    seen = titles(first) + titles(second)
    assert seen == [f"Number {n}" for n in range(30)]
    assert second.context["next_href"] == ""
    assert client.get("/en/?status=closed&cursor=nonsense").status_code == 200


@pytest.mark.parametrize("number", [3, 30])
def test_the_front_page_makes_the_same_queries_whatever_the_number(
    number, client, client_of, alice, organisation
):
    many(organisation, number)
    with named_queries(GROUPS):
        client.get("/en/")
    reader = client_of(alice)
    with named_queries(IDENTITY | GROUPS):
        reader.get("/en/")


@pytest.mark.parametrize("number", [3, 30])
def test_a_filtered_list_makes_the_same_queries_whatever_the_number(
    number, client_of, alice, organisation
):
    many(organisation, number)
    reader = client_of(alice)
    asked = {"q": "number", "status": "closed", "area": "city", "kind": "consultation"}
    found = {"what to choose from": "UNION ALL", "the list": "relevance"}
    with named_queries(IDENTITY | found):
        assert len(titles(reader.get("/en/", asked))) == min(number, 24)


def test_what_is_closed_says_what_changed_because_of_people(client, world, alice, charlie, bob):
    moved = propose_amendment(
        alice, section_id=world.section(2).pk, body="Two trees for one.", reason="Air."
    )
    refused = propose_amendment(
        charlie, section_id=world.section(1).pk, body="No pavement.", reason=""
    )
    promise(bob, process=world.process, rule="threshold", number=1, due_at=timezone.now())
    owe_answers(process=world.process)
    answer(bob, subject_id=moved.subject_id, decision="adopted", body="Yes.")
    answer(bob, subject_id=refused.subject_id, decision="refused", body="No.")
    text = scenario.TEXT.replace("A tree that is felled", "Each tree that is felled")
    write_draft(bob, consultation=world.consultation, draft=parse_draft(text), language="en")
    publish_version(
        bob,
        consultation=world.consultation,
        moved_by={world.section(2).pk: [moved.subject_id]},
    )
    process = Process.objects.get(pk=world.process.pk)
    close(bob, process=process)
    publish_results(bob, process=process, summary={})
    (card,) = client.get("/en/", {"status": "closed"}).context["cards"]
    assert card.outcome == (
        "2 contributions were answered. 1 was adopted, in whole or in part. "
        "1 part of the text changed because of them."
    )


def test_a_reader_without_session_gets_a_page_for_everyone(client, world):
    for path in ("/en/", "/en/calendar/", "/en/calendar.ics", "/en/feed/"):
        response = client.get(path)
        assert "public" in response["Cache-Control"], path
        assert not response.cookies, path
        assert "csrfmiddlewaretoken" not in response.content.decode(), path


def test_subjects_are_searched_in_their_own_language(world, alice):
    factories.person("Someone")
    found = Subject.objects.search("tree", "en")
    assert [subject.title for subject in found] == ["Article 2 – Trees"]
    assert list(Subject.objects.search("  ", "en")) == list(Subject.objects.all())
