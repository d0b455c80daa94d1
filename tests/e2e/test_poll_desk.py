"""The desk of polls in a real browser: readable by everyone, and a poll made with the keyboard alone."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import Group, Organisation, User
from config.site import Site
from tests.e2e.test_look import signed_in, wrong_for
from tests.voting.polls import COLOURS, RANKED, TREE, WORDS, draft_poll, open_poll, write_question
from voting.actions.questions import add_page, build_questionnaire
from voting.kinds import Eligibility
from voting.models import Poll
from voting.questionnaire.definition import Item, Option, Question, QuestionKind

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

K = QuestionKind
POINTS = tuple(
    Option(str(n), {"en": word, "fr": word})
    for n, word in enumerate(["Very poor", "Poor", "Fair", "Good", "Very good"], 1)
)
MORE = (
    Question("rate", K.SCALE, {"en": "How was it?"}, least=1, most=5, points=POINTS),
    Question(
        "judge", K.MATRIX, {"en": "How do you judge these?"}, least=1, most=5, points=POINTS,
        items=(Item("staff", {"en": "Courtesy of the staff"}), Item("cost", {"en": "Cost"})),
        does_not_apply=True, help={"en": "Think of your last visit."},
    ),
    Question(
        "which", K.MULTIPLE, {"en": "Which ways do you prefer?"}, most=2,
        options=(*COLOURS.options, Option("other", {"en": "Other"}, True)),
    ),
    Question("age", K.NUMBER, {"en": "How old are you?"}, most=120, demographic="age"),
    Question("when", K.DATE, {"en": "When was it?"}),
    Question("far", K.SCORE, {"en": "Points from 0 to 100"}, most=100, options=COLOURS.options),
    Question("grade", K.GRADES, {"en": "A grade for each"}, options=COLOURS.options, points=POINTS),
)  # fmt: skip


@pytest.fixture
def poll(bob: User, organisation: Organisation) -> Poll:
    """A draft with every kind of question, on two pages."""
    poll = draft_poll(
        bob, organisation, questions=[COLOURS, TREE, RANKED, WORDS], eligibility=Eligibility.INVITED
    )
    second = add_page(bob, poll=poll, title={"en": "Quality"}, intro={"en": "Of the service."})
    for order, question in enumerate(MORE):
        write_question(second, order, question)
    return poll


def addresses(poll: Poll, opened: Poll, organisation: Organisation) -> list[str]:
    base = f"/en/desk/polls/{poll.process.slug}/"
    row = poll.questions.get(key="judge")
    parts = [
        "", "about/", "copy/", "questions/", "questions/new/", "questions/new/?kind=single",
        f"questions/{row.pk}/", f"questions/{row.pk}/remove/", "pages/new/", "rules/", "phases/",
        "preview/", "preview/?page=p2", "codes/", "publish/",
    ]  # fmt: skip
    group = Group.objects.create(organisation=organisation, name="Panel")
    groups = f"/en/desk/polls/bodies/{organisation.slug}/groups/"
    fixed = f"/en/desk/polls/{opened.process.slug}/"
    return [
        "/en/desk/polls/new/",
        *[base + part for part in parts],
        *[fixed + part for part in ("", "questions/", "rules/", "phases/", "close/", "preview/")],
        groups,
        f"{groups}{group.pk}/",
    ]


def test_every_page_of_the_poll_desk_can_be_read_by_everyone(
    poll: Poll, bob: User, organisation: Organisation, site: Site, browser: Browser
):
    opened = open_poll(bob, organisation)
    paths = addresses(poll, opened, organisation)
    assert wrong_for(browser, site, [(paths, bob)]) == {}


def _page(context: BrowserContext, site: Site, bob: User) -> Page:
    signed_in(context, site, bob)
    return context.new_page()


def test_a_question_is_moved_with_the_keyboard_and_the_focus_stays(
    poll: Poll, bob: User, site: Site, browser: Browser
):
    for script in (True, False):
        context = browser.new_context(java_script_enabled=script)
        page = _page(context, site, bob)
        page.goto(f"{site.url}/en/desk/polls/{poll.process.slug}/questions/")
        row = poll.questions.get(key="tree")
        name = "Down" if script else "Up"
        button = page.locator(f"#q{row.pk}").get_by_role("button", name=name, exact=True)
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/questions/?moved=*")
        button = page.locator(f"#q{row.pk}").get_by_role("button", name=name, exact=True)
        expect(button).to_be_focused()
        context.close()
    keys = [question.key for question in build_questionnaire(poll).questions()]
    assert keys[:3] == ["colour", "tree", "order"]


def test_the_preview_of_a_question_follows_what_is_typed(
    poll: Poll, bob: User, site: Site, browser: Browser
):
    context = browser.new_context()
    page = _page(context, site, bob)
    page.goto(f"{site.url}/en/desk/polls/{poll.process.slug}/questions/new/?kind=single")
    page.get_by_label("Question (English)").fill("Which day shall it be?")
    page.get_by_label("Options, one a line (English)").fill("Wednesday\nSaturday")
    look = page.locator("#look")
    expect(look.get_by_label("Saturday")).to_be_visible()
    expect(look.get_by_text("Which day shall it be?")).to_be_visible()
    context.close()
