"""Pages of booths in a real browser: readable by everyone, on a phone and in the dark."""

import pytest

from accounts.models import User
from config.site import Site
from tests import factories
from tests.e2e.test_look import wrong_for
from tests.voting.filled import SURVEY
from tests.voting.polls import open_poll
from voting.actions.booths import Identity, add_officer, check_in, make_booth
from voting.actions.paper import enter_sheet
from voting.models import Booth, Sheet

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

YES = {"trust": {"option": "yes"}}
NO = {"trust": {"option": "no"}}


@pytest.fixture
def ina(db: None) -> User:
    """An officer."""
    return factories.person("Ina")


@pytest.fixture
def booth(bob: User, organisation, ina: User) -> Booth:
    """A booth with sheets in every state, in a survey of every kind of question."""
    poll = open_poll(bob, organisation, questions=SURVEY, slug="survey")
    booth = make_booth(bob, poll=poll, name="Town hall", place="Main street 1")
    jon = factories.person("Jon")
    for officer in (ina, jon):
        add_officer(bob, booth=booth, email=officer.email)
    for number, entries in enumerate([(), (YES,), (YES, NO), (YES, YES)], 1):
        who = Identity(email=factories.person().email)
        check_in(ina, booth=booth, who=who, sheet_number=str(number))
        for officer, answers in zip((ina, jon), entries, strict=False):
            enter_sheet(officer, booth=booth, number=str(number), answers=answers)
    return booth


def test_every_page_of_booths_is_readable_by_everyone(
    site: Site,
    browser,
    booth: Booth,
    bob: User,
    ina: User,
):
    base = f"/en/desk/polls/survey/booths/{booth.pk}/"
    sheet = f"{base}sheets/{Sheet.objects.get(number='3').pk}/"
    pages = {
        ina: ["/en/booths/", base, f"{base}enter/?number=1", f"{base}take-back/", f"{base}log/"],
        bob: [
            "/en/polls/survey/",
            "/en/desk/polls/survey/booths/",
            "/en/desk/polls/survey/booths/new/",
            f"{base}officers/",
            f"{base}end/",
            sheet,
            f"{sheet}discard/",
        ],
    }
    readers = [(paths, person) for person, paths in pages.items()]
    assert wrong_for(browser, site, readers) == {}
