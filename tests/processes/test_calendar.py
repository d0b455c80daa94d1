"""Calendar, its file, and the news feed."""

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from answers.actions import answer, promise
from common.texts import Localized
from consultations.actions import propose_amendment
from moderation.models import Decision
from processes.actions import close, reschedule
from processes.calendar import Moment, Month, icalendar, moments
from processes.models import Subject
from tests import scenario
from tests.support.queries import named_queries

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.django_db
def test_openings_closings_and_answers_due_stand_on_their_days(world, bob):
    due = timezone.now() + timedelta(days=20)
    promise(bob, process=world.process, rule="top", number=1, due_at=due)
    found = moments(timezone.now() - timedelta(days=3), timezone.now() + timedelta(days=40))
    assert [(moment.verb, moment.title) for moment in found] == [
        ("opens", "Discussion opens"),
        ("due", "Answers are due"),
        ("closes", "Discussion closes"),
    ]


@pytest.mark.django_db
def test_unpublished_phases_are_in_no_calendar(bob, organisation, client):
    scenario.draft_consultation(bob, organisation, title="Secret")
    assert "Secret" not in client.get("/en/calendar/").content.decode()
    assert "Secret" not in client.get("/en/calendar.ics").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["2026-11", "2026-13", "0000-00", "x", "2026-1é", "9999-12", "²026-11", "-" * 99]
)
def test_any_month_that_can_be_asked_for_is_a_page(client, text):
    assert client.get("/en/calendar/", {"month": text}).status_code == 200


def test_months_follow_each_other():
    assert Month(2026, 12).moved(1) == Month(2027, 1)
    assert Month(2026, 1).moved(-1) == Month(2025, 12)
    assert Month.of("2026-11", date(2020, 1, 1)) == Month(2026, 11)
    assert Month.of("2026-19", date(2020, 1, 1)) == Month(2020, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 8])
def test_the_calendar_makes_two_queries_whatever_the_number(number, bob, organisation, client):
    for n in range(number):
        scenario.open_consultation(bob, organisation, title=f"Number {n}")
    with named_queries({"phases": "processes_phase", "answers due": "answers_promise"}):
        client.get("/en/calendar/")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_lines_of_the_calendar_file_are_short_and_say_what_was_meant(title):
    process, body = Localized("P", "en"), Localized("B", "en")
    moment = Moment(datetime(2026, 11, 1, tzinfo=UTC), "opens", title, process, body, "/x/", "uid")
    text = icalendar([moment], site="Site", site_url="https://example.org", now=moment.at)
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "")
    summary = next(x for x in unfolded.split("\r\n") if x.startswith("SUMMARY"))
    value = summary.split(":", 1)[1]
    assert value == "P: " + title.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


@pytest.mark.django_db
def test_the_calendar_file_names_every_moment_once(world, client):
    response = client.get("/en/calendar.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    text = response.content.decode().replace("\r\n ", "")
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == 2
    uids = [line for line in text.split("\r\n") if line.startswith("UID:")]
    assert len(set(uids)) == 2
    assert "Streets and markets: Discussion opens" in text


def feed(client, path: str) -> ElementTree.Element:
    response = client.get(path)
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


@pytest.mark.django_db
def test_the_feed_is_atom_and_tells_the_news(client, world, alice, bob):
    amendment = propose_amendment(
        alice, section_id=world.section().pk, body="Wider & <better>.", reason="", title="A & <b>"
    )
    answer(bob, subject_id=amendment.subject_id, decision="adopted", body="Yes.")
    close(bob, process=world.process, reason="Enough.")
    for path in ("/fr/feed/", f"/fr/consultations/{world.process.slug}/feed/"):
        root = feed(client, path)
        assert root.tag == f"{ATOM}feed"
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
        for name in ("id", "title", "updated", "author"):
            assert root.find(f"{ATOM}{name}") is not None
        entries = root.findall(f"{ATOM}entry")
        assert len(entries) == 4
        ids = {entry.findtext(f"{ATOM}id") for entry in entries}
        assert len(ids) == 4
        assert all(entry.findtext(f"{ATOM}updated") for entry in entries)
        assert any("A & <b>" in entry.findtext(f"{ATOM}title", "") for entry in entries)


@pytest.mark.django_db
def test_what_is_hidden_or_withdrawn_is_no_news(client, world, alice):
    amendment = propose_amendment(
        alice, section_id=world.section().pk, body="Rude.", reason="", title="Rude words"
    )
    Subject.objects.filter(pk=amendment.subject_id).update(hidden_at=timezone.now())
    assert not Decision.objects.exists()
    for path in ("/en/feed/", f"/en/consultations/{world.process.slug}/activity/"):
        assert "Rude words" not in client.get(path).content.decode()


@pytest.mark.django_db
def test_new_dates_are_news_with_their_reason(client, world, bob):
    reschedule(bob, process=world.process, plan=scenario.plan(), reason="It rained.")
    page = client.get(f"/en/consultations/{world.process.slug}/activity/").content.decode()
    assert "The dates changed" in page
    assert "It rained." in page


@pytest.mark.django_db
def test_the_feed_makes_one_query(client, world):
    with named_queries({"entries": "processes_entry"}):
        client.get("/en/feed/")
