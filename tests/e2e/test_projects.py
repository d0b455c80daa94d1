"""People propose and find projects in a real browser: with and without scripts, by keyboard, on a phone."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from playwright.sync_api import Browser, expect

from accounts.models import Organisation, User
from budgets.models import Budget, MergeRequest, Project
from config.site import Site
from tests.budgets import scenario
from tests.budgets.projects.ideas import picture, proposed
from tests.e2e.test_look import faults, signed_in, wrong_for

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

RING = [[2.30, 48.80], [2.40, 48.80], [2.40, 48.90], [2.30, 48.90], [2.30, 48.80]]
TOWN = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "The town <b>"},
            "geometry": {"type": "Polygon", "coordinates": [RING]},
        }
    ],
}


@pytest.fixture
def town(bob: User, organisation: Organisation) -> Budget:
    """A budget with two envelopes, categories, co-signers and a drawn town."""
    budget = scenario.budget_in(
        "proposing",
        bob,
        organisation,
        envelopes=[("The north", 60_000), ("The south", 40_000)],
        categories={"Parks": 0},
    )
    Budget.objects.filter(pk=budget.pk).update(boundaries=TOWN, cosigners_needed=2)
    return scenario.fresh(budget)


def path_of(budget: Budget, rest: str = "") -> str:
    return f"/en/budgets/{budget.process.slug}/{rest}"


def square(tmp_path: Path) -> str:
    """A photograph in a file."""
    upload: SimpleUploadedFile = picture(size=(1200, 800))
    file = tmp_path / "square.jpg"
    file.write_bytes(upload.read())
    return str(file)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_project_is_proposed_corrected_and_found(
    scripts: bool, site: Site, browser: Browser, town: Budget, alice: User, tmp_path: Path
):
    context = browser.new_context(java_script_enabled=scripts)
    signed_in(context, site, alice)
    page = context.new_page()
    page.goto(site.url + path_of(town))
    page.get_by_role("link", name="Propose a project").click()
    page.fill("#id_title", "A fountain")
    page.fill("#id_body", "In summer the square is **hot**.")
    page.fill("#id_estimate", "much")
    page.fill("#id_place", "Market square")
    page.fill("#id_latitude", "48.85")
    page.fill("#id_longitude", "2.35")
    page.set_input_files("#id_picture_1", square(tmp_path))
    page.fill("#id_alt_1", "The square on a hot day")
    page.get_by_label("Where the money comes from").select_option("The south")
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("alert")).to_contain_text("Write an amount as a number")
    expect(page.get_by_text("Kept: square.jpg")).to_be_visible()
    page.fill("#id_estimate", "12 000")
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A fountain")
    expect(page.get_by_text("Looking for co-signers")).to_be_visible()
    shown = page.get_by_role("img", name="The square on a hot day")
    expect(shown).to_have_js_property("naturalWidth", 1200)
    page.goto(site.url + path_of(town, "projects/"))
    page.get_by_role("link", name="A fountain").click()
    expect(page.get_by_text("€12,000")).to_be_visible()
    project = Project.objects.get()
    assert (project.latitude, project.longitude) == (Decimal("48.85"), Decimal("2.35"))


def test_a_place_is_chosen_on_the_map_by_keyboard_and_by_a_click(
    site: Site, browser: Browser, town: Budget, alice: User
):
    context = browser.new_context()
    signed_in(context, site, alice)
    page = context.new_page()
    page.goto(site.url + path_of(town, "propose/"))
    chart = page.locator("[data-map][data-ready]")
    chart.wait_for()
    chart.focus()
    page.keyboard.press("Enter")
    first = [float(page.input_value(f"#id_{name}")) for name in ("latitude", "longitude")]
    assert 48.80 < first[0] < 48.90
    assert 2.30 < first[1] < 2.40
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    second = [float(page.input_value(f"#id_{name}")) for name in ("latitude", "longitude")]
    assert second[0] > first[0]
    assert second[1] == pytest.approx(first[1], abs=1e-3)
    box = chart.bounding_box()
    chart.click(position={"x": box["width"] * 0.6, "y": box["height"] * 0.6})
    third = [float(page.input_value(f"#id_{name}")) for name in ("latitude", "longitude")]
    assert third[1] > second[1]
    page.fill("#id_latitude", "")
    expect(page.locator(".map__pin.is-mine")).to_have_count(0)


def test_the_map_leads_to_projects_by_keyboard(
    site: Site, browser: Browser, town: Budget, alice: User
):
    title = "A fountain <img src=x onerror=alert(1)>"
    proposed(town, alice, title=title, latitude=Decimal("48.85"), longitude=Decimal("2.35"))
    page = browser.new_page()
    page.goto(site.url + path_of(town, "projects/"))
    page.locator("[data-map][data-ready]").wait_for()
    expect(page.locator(".map__name")).to_have_text("The town <b>")
    pin = page.get_by_role("button", name="1. A fountain")
    pin.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup").get_by_role("link", name=title)
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_have_count(0)
    expect(pin).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_a_signature_counts_without_leaving_the_page(
    site: Site, browser: Browser, town: Budget, alice: User, charlie: User
):
    project = proposed(town, alice)
    context = browser.new_context()
    signed_in(context, site, charlie)
    page = context.new_page()
    page.goto(site.url + path_of(town, f"projects/{project.subject_id}/"))
    page.evaluate("window.sameDocument = true")
    page.get_by_role("button", name="Sign this project").click()
    expect(page.get_by_text("1 of 2 co-signers")).to_be_visible()
    page.get_by_role("button", name="Take my signature back").click()
    expect(page.get_by_text("0 of 2 co-signers")).to_be_visible()
    assert page.evaluate("window.sameDocument")


def test_pages_of_projects_can_be_read_by_everyone(
    site: Site, browser: Browser, town: Budget, alice: User, charlie: User, bob: User
):
    place = {"latitude": Decimal("48.85"), "longitude": Decimal("2.35")}
    mine = proposed(town, alice, place="Market square", **place)
    other = scenario.feasible(proposed(town, charlie, title="A bridge"))
    asked = MergeRequest.objects.create(
        project=mine,
        into=other,
        reason="One square.",
        asked_by=bob,
        expires_at=Now() + timedelta(days=7),
    )
    here = f"projects/{mine.subject_id}/"
    everyone = ["", "projects/", here, f"projects/{other.subject_id}/", "activity/"]
    author = ["propose/", here, f"{here}edit/", f"{here}withdraw/", f"mergers/{asked.pk}/"]
    readers = [
        ([path_of(town, part) for part in parts], reader)
        for parts, reader in ((everyone, None), (author, alice))
    ]
    assert wrong_for(browser, site, readers) == {}


def test_a_drawn_map_has_no_fault(site: Site, browser: Browser, town: Budget, alice: User):
    """With its pins and an open card. (Where pins lie on each other, the list is the other way.)"""
    for number, longitude in enumerate(("2.31", "2.35", "2.39")):
        place = {"latitude": Decimal("48.85"), "longitude": Decimal(longitude)}
        proposed(town, alice, title=f"Fountain {number}", **place)
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(site.url + path_of(town, "projects/"))
    page.locator("[data-map][data-ready]").wait_for()
    page.get_by_role("button", name="2. Fountain 1").press("Enter")
    page.locator(".leaflet-popup").wait_for()
    assert faults(page) == []
