"""Forms of projects as a browser without scripts sends them: nothing typed is lost, nobody gets in."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now

from budgets.forms import AmountField
from budgets.models import Budget, Cosignature, MergeRequest, Picture, Project
from budgets.uploads import FOLDER
from tests.budgets import scenario
from tests.budgets.projects.ideas import picture, proposed
from tests.budgets.projects.test_pages import address, page_of, read


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def filled(budget: Budget, **changes):
    """The form of a project as it is sent."""
    fields = {
        "title": "A fountain",
        "body": "With a bench.",
        "envelope": budget.envelopes.all()[0].pk,
        "category": "",
        "estimate": "12,000.50",
        "place": "Market square",
        "latitude": "48.8566",
        "longitude": "2,35",
        "on_behalf_of": "",
        "once": str(uuid4()),
    }
    return fields | changes


def test_a_project_is_proposed_without_a_script(proposing, alice, client_of, media):
    client = client_of(alice)
    html = read(client, address(proposing, "propose/"))
    assert 'enctype="multipart/form-data"' in html
    fields = filled(proposing, picture_1=picture(), alt_1="The square today")
    answer = client.post(address(proposing, "propose/"), fields)
    project = Project.objects.select_related("subject").get()
    assert answer.status_code == 302
    assert answer["Location"] == page_of(project)
    assert project.estimate == Decimal("12000.50")
    assert (project.latitude, project.longitude) == (Decimal("48.8566"), Decimal("2.35"))
    kept = Picture.objects.get()
    assert kept.alt == "The square today"
    assert (media / kept.file.name).exists()
    assert list((media / FOLDER).iterdir()) == []
    html = read(client, page_of(project))
    assert "Your project stands." in html


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12000", "12000"),
        ("12 000", "12000"),
        ("12,000", "12000"),
        ("12.000", "12000"),
        ("12’000", "12000"),
        ("€12,000.50", "12000.50"),
        ("12.000,50 €", "12000.50"),
        ("12 000,5", "12000.5"),
        ("1,234,567.89", "1234567.89"),
        ("0.5", "0.5"),
        ("", None),
    ],
)
def test_an_amount_is_read_as_people_write_it_anywhere(typed, amount):
    assert AmountField(required=False).clean(typed) == (amount and Decimal(amount))


@pytest.mark.parametrize("typed", ["1,23,456", "12,00,0", "1.2.3", "1,2345", "٣", "NaN", "1e5"])
def test_what_could_be_two_amounts_is_asked_again(typed):
    with pytest.raises(ValidationError):
        AmountField().clean(typed)


def test_money_is_read_as_french_people_write_it(proposing, alice, client_of):
    path = f"/fr/budgets/{proposing.process.slug}/propose/"
    answer = client_of(alice).post(path, filled(proposing, estimate="12 000,50"))
    assert answer.status_code == 302
    assert Project.objects.get().estimate == Decimal("12000.50")
    assert Project.objects.select_related("subject").get().subject.language == "fr"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Give the project a title."),
        ({"body": "  "}, "Describe the project."),
        ({"estimate": "much"}, "Write an amount as a number"),
        ({"estimate": "1e9999999"}, "Write an amount as a number"),
        ({"estimate": "-5"}, "Write an amount as a number"),
        ({"estimate": "9" * 30}, "ensure"),
        ({"estimate": "200000"}, "A project costs at most €100,000."),
        ({"latitude": "north"}, "Write degrees as a number"),
        ({"latitude": "91"}, "between -90 and 90"),
        ({"longitude": ""}, "Give both coordinates, or neither."),
        ({"envelope": "9223372036854775807"}, "Choose where the money comes from."),
        ({"category": "9223372036854775807"}, "Choose one of the categories."),
        ({"title": "x" * 301}, "at most 300"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    changes, words, proposing, alice, client_of
):
    fields = filled(proposing, place="By the old lime tree", **changes)
    answer = client_of(alice).post(address(proposing, "propose/"), fields)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert words.lower() in html.lower()
    assert "By the old lime tree" in html
    assert not Project.objects.exists()


def test_a_picture_waits_while_its_form_is_corrected(proposing, alice, client_of, media):
    client = client_of(alice)
    fields = filled(proposing, title="", picture_1=picture("lime.jpg"), alt_1="The lime tree")
    html = client.post(address(proposing, "propose/"), fields).content.decode()
    assert "Kept: lime.jpg" in html
    ticket = html.split('name="held_1" value="')[1].split('"')[0]
    again = filled(proposing, held_1=ticket, alt_1="The lime tree")
    assert client.post(address(proposing, "propose/"), again).status_code == 302
    assert Picture.objects.get().alt == "The lime tree"
    assert list((media / FOLDER).iterdir()) == []


def test_a_picture_without_words_waits_too(proposing, alice, client_of):
    client = client_of(alice)
    answer = client.post(address(proposing, "propose/"), filled(proposing, picture_1=picture()))
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Say in a few words what the picture shows" in html
    ticket = html.split('name="held_1" value="')[1].split('"')[0]
    dropped = filled(proposing, held_1=ticket, drop_1="on")
    assert client.post(address(proposing, "propose/"), dropped).status_code == 302
    assert not Picture.objects.exists()


def test_a_picture_that_somebody_else_holds_is_not_theirs(proposing, alice, charlie, client_of):
    fields = filled(proposing, title="", picture_1=picture(), alt_1="A square")
    html = client_of(alice).post(address(proposing, "propose/"), fields).content.decode()
    ticket = html.split('name="held_1" value="')[1].split('"')[0]
    for forged in (ticket, ticket[:-2] + "xx", "nonsense", "a:b:c"):
        stolen = filled(proposing, held_1=forged, alt_1="Mine")
        answer = client_of(charlie).post(address(proposing, "propose/"), stolen)
        assert answer.status_code == 400
        assert "Choose it again." in answer.content.decode()
    assert not Project.objects.exists()


def test_what_is_no_picture_is_refused_on_the_form(proposing, alice, client_of):
    script = SimpleUploadedFile("x.jpg", b"<script>alert(1)</script>", "image/jpeg")
    fields = filled(proposing, picture_1=script, alt_1="A square")
    answer = client_of(alice).post(address(proposing, "propose/"), fields)
    assert answer.status_code == 400
    assert "This is not a picture that can be read." in answer.content.decode()
    assert not Project.objects.exists()
    assert not Picture.objects.exists()


def test_similar_projects_are_shown_before_it_is_sent(proposing, alice, charlie, client_of):
    other = proposed(proposing, charlie, title="A drinking fountain in the market square")
    fields = filled(proposing, title="A drinking fountain for the market square")
    client = client_of(alice)
    html = client.post(address(proposing, "propose/?look=1"), fields).content.decode()
    assert page_of(other) in html
    assert "Market square" in html
    part = client.post(
        address(proposing, "propose/?look=1"), fields, headers={"hx-request": "true"}
    ).content.decode()
    assert page_of(other) in part
    assert "<html" not in part
    assert Project.objects.count() == 1


def test_who_is_not_signed_in_signs_in_first_and_goes_on(proposing, alice, client):
    path = address(proposing, "propose/")
    assert client.get(path)["Location"].startswith("/en/accounts/login/?next=")
    answer = client.post(path, filled(proposing, title="By the river"))
    assert answer["Location"].startswith("/en/accounts/login/?next=")
    client.force_login(alice)
    assert "By the river" in client.get(path).content.decode()
    assert not Project.objects.exists()


def test_nobody_proposes_when_it_is_not_time(costing, alice, client_of):
    client = client_of(alice)
    assert client.get(address(costing, "propose/")).status_code == 409
    answer = client.post(address(costing, "propose/"), filled(costing, picture_1=picture()))
    assert answer.status_code == 409
    assert "A fountain" in answer.content.decode()
    assert not Project.objects.exists()


def test_a_second_press_leads_to_the_same_project(proposing, alice, client_of):
    client, fields = client_of(alice), filled(proposing)
    first = client.post(address(proposing, "propose/"), fields)
    second = client.post(address(proposing, "propose/"), fields)
    assert first["Location"] == second["Location"]
    assert Project.objects.count() == 1


def test_its_author_edits_it_and_takes_pictures_away(proposing, alice, client_of):
    client = client_of(alice)
    fields = filled(proposing, picture_1=picture(), alt_1="The square today")
    client.post(address(proposing, "propose/"), fields)
    project, kept = Project.objects.get(), Picture.objects.get()
    html = read(client, page_of(project, "edit/"))
    assert 'value="12,000.50"' in html or 'value="12000.50"' in html
    assert "Take away “The square today”" in html
    changed = filled(proposing, title="Two fountains", remove=kept.pk)
    assert client.post(page_of(project, "edit/"), changed).status_code == 302
    html = read(client, page_of(project))
    assert "Two fountains" in html
    assert "pictures/" not in html
    assert "A fountain" in html  # among the earlier texts


def test_a_revision_shows_why_it_was_asked_for(proposing, alice, charlie, client_of):
    project = proposed(proposing, alice)
    Project.objects.filter(pk=project.pk).update(
        revision_asked_at=Now(),
        revision_due_at=Now() + timedelta(days=3),
        revision_reason="Where exactly?",
    )
    html = read(client_of(alice), page_of(project))
    assert "You are asked to revise this project." in html
    assert "Where exactly?" in html
    assert "Where exactly?" in read(client_of(alice), page_of(project, "edit/"))
    assert "Where exactly?" not in read(client_of(charlie), page_of(project))


@pytest.mark.parametrize("path", ["edit/", "withdraw/"])
def test_others_are_turned_away(path, proposing, alice, charlie, client, client_of):
    project = proposed(proposing, alice)
    assert client.get(page_of(project, path)).status_code == 302
    assert client_of(charlie).get(page_of(project, path)).status_code == 403
    answer = client_of(charlie).post(page_of(project, path), filled(proposing, title="Mine"))
    assert answer.status_code == 403
    project.refresh_from_db()
    assert project.edited_at is None
    assert project.subject.withdrawn_at is None


def test_a_project_is_withdrawn_after_a_question(proposing, alice, client_of):
    project = proposed(proposing, alice)
    client = client_of(alice)
    assert "Withdraw this project?" in read(client, page_of(project, "withdraw/"))
    client.post(page_of(project, "withdraw/"))
    assert "has withdrawn this project" in read(client, page_of(project))


def test_others_sign_with_a_button_and_take_it_back(proposing, alice, charlie, client_of, client):
    Budget.objects.filter(pk=proposing.pk).update(cosigners_needed=2)
    project = proposed(proposing, alice)
    other = client_of(charlie)
    assert "Sign this project" in read(other, page_of(project))
    other.post(page_of(project, "cosign/"))
    html = read(other, page_of(project))
    assert "1 of 2 co-signers" in html
    assert "Take my signature back" in html
    part = other.post(
        page_of(project, "cosign/"), {"end": "1"}, headers={"hx-request": "true"}
    ).content.decode()
    assert "0 of 2 co-signers" in part
    assert "<html" not in part
    assert not Cosignature.objects.exists()
    assert client.post(page_of(project, "cosign/"))["Location"].startswith("/en/accounts/login/")
    author = client_of(alice)
    author.post(page_of(project, "cosign/"))
    assert "You proposed this yourself" in read(author, page_of(project))
    assert not Cosignature.objects.exists()


def test_a_picture_is_taken_away_by_who_added_it(proposing, alice, charlie, client, client_of):
    author = client_of(alice)
    fields = filled(proposing, picture_1=picture(), alt_1="The square today")
    author.post(address(proposing, "propose/"), fields)
    path = address(proposing, f"pictures/{Picture.objects.get().pk}/remove/")
    assert client.get(path).status_code == 302
    assert client_of(charlie).post(path).status_code == 403
    assert "Take this picture away?" in read(author, path)
    assert author.post(path).status_code == 302
    assert author.get(path).status_code == 404


@pytest.fixture
def asked(proposing, alice, charlie, bob) -> MergeRequest:
    return MergeRequest.objects.create(
        project=proposed(proposing, alice),
        into=proposed(proposing, charlie, title="Water"),
        reason="Both are about the same square.",
        asked_by=bob,
        expires_at=Now() + timedelta(days=7),
    )


def test_authors_make_one_project_of_two(asked, proposing, alice, charlie, client_of):
    path = address(proposing, f"mergers/{asked.pk}/")
    author, other = client_of(alice), client_of(charlie)
    assert path in read(author, page_of(asked.project))
    html = read(author, path)
    for words in ("Both are about the same square.", "A fountain", "Water", "I agree"):
        assert words in html, words
    author.post(path, {"answer": "agree"})
    assert "The other author has not answered yet." in read(author, path)
    answer = other.post(path, {"answer": "agree"})
    assert answer["Location"] == page_of(asked.into)
    assert page_of(asked.into) in read(author, page_of(asked.project))
    assert "The two projects are one." in read(author, path)


def test_an_author_refuses(asked, proposing, alice, charlie, client_of):
    path = address(proposing, f"mergers/{asked.pk}/")
    answer = client_of(alice).post(path, {"answer": "refuse"})
    assert answer["Location"] == page_of(asked.project)
    assert "One author refused." in read(client_of(charlie), path)


def test_others_do_not_see_that_authors_are_asked(asked, proposing, mona, bob, client, client_of):
    path = address(proposing, f"mergers/{asked.pk}/")
    assert client.get(path).status_code == 302
    for person in (mona, bob):
        assert client_of(person).get(path).status_code == 403
        assert client_of(person).post(path, {"answer": "agree"}).status_code == 403
    elsewhere = path.replace(proposing.process.slug, "elsewhere")
    assert client.get(elsewhere).status_code == 404


def test_late_answers_are_refused_with_a_sentence(asked, proposing, alice, client_of):
    MergeRequest.objects.filter(pk=asked.pk).update(expires_at=Now())
    path = address(proposing, f"mergers/{asked.pk}/")
    client = client_of(alice)
    assert "This is over." in read(client, path)
    client.post(path, {"answer": "agree"})
    asked.refresh_from_db()
    assert asked.project_consented_at is None


def test_the_list_is_narrowed_and_so_is_the_map(proposing, alice, charlie, client):
    here = proposed(proposing, alice, latitude=Decimal("48.1"), longitude=Decimal("2.1"))
    other = proposed(proposing, charlie, title="A bridge", place="At the river")
    scenario.feasible(other, cost=40_000)
    html = read(client, address(proposing, "projects/"))
    assert page_of(here) in html
    assert page_of(other) in html
    for query, found, missing in (
        ("?stage=feasible", other, here),
        ("?stage=proposed", here, other),
        ("?q=bridge", other, here),
    ):
        html = read(client, address(proposing, f"projects/{query}"))
        assert page_of(found) in html
        assert page_of(missing) not in html
    [feature] = client.get(address(proposing, "projects/map.json")).json()["features"]
    assert feature["geometry"]["coordinates"] == [2.1, 48.1]
    assert feature["properties"]["title"] == "A fountain"
    assert feature["properties"]["href"] == page_of(here)
    assert not client.get(address(proposing, "projects/map.json?q=bridge")).json()["features"]


def test_a_map_stands_only_where_something_can_be_drawn(proposing, alice, client):
    assert "data-map" not in read(client, address(proposing, "projects/"))
    proposed(proposing, alice, latitude=Decimal(48), longitude=Decimal(2))
    html = read(client, address(proposing, "projects/"))
    assert "data-map" in html
    assert "dist/map.js" in html


def test_boundaries_are_given_as_they_were_stored(proposing, client):
    line = {"type": "Polygon", "coordinates": [[[2, 48], [3, 48], [3, 49], [2, 48]]]}
    Budget.objects.filter(pk=proposing.pk).update(boundaries=line)
    answer = client.get(address(proposing, "projects/boundaries.json"))
    assert answer["Content-Type"] == "application/geo+json"
    assert answer.json() == line
    assert "boundaries.json" in read(client, address(proposing, "projects/"))
