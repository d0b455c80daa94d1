"""Pages of what is being built, in a real browser: readable by everyone, on a phone and in the dark."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from accounts.models import Organisation, User
from budgets.actions.milestones import add_milestone
from budgets.actions.pictures import decode
from budgets.actions.reports import News, report_delay, report_progress
from config.site import Site
from tests.budgets.building.conftest import Built, built
from tests.budgets.projects.ideas import picture
from tests.e2e.test_look import wrong_for

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def under_way(owner: User, chosen: Built) -> str:
    """The park: one step reached, one put off, a report with a picture. Its address below /en."""
    park, today = chosen.project(1), timezone.localdate()
    steps = [
        add_milestone(
            owner,
            project=park,
            title={"en": title, "fr": title},
            planned_on=today + timedelta(days),
        )
        for title, days in (("Plans", -40), ("Digging", 30), ("Planting and benches", 90))
    ]
    shot = decode(picture(size=(800, 600)), "The corner before the work")
    told = News("The plans are *ready*.", "en", Decimal(4200), [shot])
    report_progress(owner, project=park, news=told, milestone=steps[0])
    rain = News("A water pipe lies where the trees will stand.", "en", Decimal(9100))
    later = today + timedelta(75)
    report_delay(owner, project=park, news=rain, milestone=steps[1], expected_on=later)
    return f"{park.subject_id}/"


def test_every_page_of_building_can_be_read_by_everyone(
    site: Site, browser: Browser, bob: User, alice: User, organisation: Organisation
) -> None:
    chosen = built(bob, organisation, alice)
    project = under_way(bob, chosen)
    base = f"budgets/{chosen.budget.process.slug}"
    everyone = [
        "/en/budgets/", f"/en/{base}/building/", f"/en/{base}/projects/{project}",
        f"/fr/{base}/building/", f"/fr/{base}/projects/{project}",
    ]  # fmt: skip
    desk = f"desk/{base}/building/"
    parts = ("", "report/", "delay/", "complete/", "give-up/", "steps/new/")
    officials = [f"/en/{desk}", *(f"/en/{desk}{project}{part}" for part in parts)]
    readers = [(everyone, None), (["/en/inbox/mail/"], alice), (officials, bob)]
    assert wrong_for(browser, site, readers) == {}
