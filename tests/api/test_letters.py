"""One's own result letters by the API."""

import pytest

from answers.actions import answer
from consultations.actions import propose_amendment
from deliberation.actions import post_comment, take_position
from notifications.models import Delivery
from processes.actions import close, publish_results
from processes.tasks import deliver_entries
from tests.scenario import end_phases

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def told(world, alice, charlie, otto, bob):
    """Alice argued and amended, Otto answered, Bob published the results."""
    post_comment(alice, subject_id=world.article.pk, body="Two chairs must pass.", stance="for")
    amendment = propose_amendment(
        alice, section_id=world.section().pk, body="Three metres.", reason="Room."
    )
    take_position(alice, subject_id=world.article.pk, value="agree")
    take_position(charlie, subject_id=world.article.pk, value="disagree")
    answer(otto, subject_id=amendment.subject_id, decision="adopted", body="Three it is.")
    end_phases(bob, world.process)
    process = world.process
    process.refresh_from_db()
    close(bob, process=process)
    publish_results(bob, process=process, summary={"en": "Wider.", "fr": "Plus larges."})
    deliver_entries()
    return process


def test_a_letter_says_what_one_said_and_what_became_of_it(told, alice, api_of):
    (head,) = api_of(alice).get(f"{API}/me/letters/").json()["results"]
    assert (head["process"], head["title"]) == (told.slug, "Streets and markets")
    letter = api_of(alice).get(f"{API}/me/letters/{head['id']}/").json()
    assert letter.items() >= head.items()
    assert letter["summary"] == "Wider."
    texts = [said["text"] for said in letter["said"]]
    assert "Two chairs must pass." in texts
    assert "Three metres." in texts
    assert [said["value"] for said in letter["said"] if said["value"]] == ["agree"]
    (answered,) = letter["answers"]
    assert (answered["decision"], answered["body"]) == ("adopted", "Three it is.")
    totals = {total["word"]: total["number"] for total in letter["totals"]}
    assert totals["people took part"] == 2
    assert all(said["url"].startswith("http://testserver/en/") for said in letter["said"])


def test_a_letter_has_the_members_that_the_schema_tells_of(told, alice, api_of):
    client = api_of(alice)
    schema = client.get(f"{API}/schema/").json()["components"]["schemas"]
    pk = Delivery.objects.letters_of(alice).get().pk
    letter = client.get(f"{API}/me/letters/{pk}/").json()
    assert set(letter) == set(schema["Letter"]["properties"])
    for name, rows in {
        "Said": letter["said"],
        "Answered": letter["answers"],
        "Total": letter["totals"],
    }.items():
        for row in rows:
            assert set(row) == set(schema[name]["properties"])


def test_a_letter_is_in_the_language_of_the_request(told, alice, api_of):
    pk = Delivery.objects.letters_of(alice).get().pk
    answer = api_of(alice).get(f"{API}/me/letters/{pk}/", headers={"accept-language": "fr"})
    assert answer.json()["summary"] == "Plus larges."
    assert answer.json()["language"] == "fr"


def test_reading_by_a_program_marks_no_letter_as_read(told, alice, api_of):
    letter = Delivery.objects.letters_of(alice).get()
    api_of(alice).get(f"{API}/me/letters/{letter.pk}/")
    letter.refresh_from_db()
    assert letter.read_at is None


def test_nobody_reads_the_letter_of_another(told, alice, charlie, olga, api_of):
    pk = Delivery.objects.letters_of(alice).get().pk
    for other in (charlie, olga):
        assert api_of(other).get(f"{API}/me/letters/{pk}/").status_code == 404
    assert api_of(olga).get(f"{API}/me/letters/").json()["results"] == []
