"""The desk of a budget as a browser sees it: every page by role and stage, and what each form does."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from budgets.actions.assessors import name_assessor
from budgets.actions.conflicts import declare_conflict
from budgets.models import Assessor, Budget, Conflict
from processes.models import Entry
from tests.budgets import scenario

READING = ["", "ballot/"]
EDITING = [
    "about/", "money/", "money/envelopes/new/", "money/categories/new/", "rules/", "conflicts/",
    "assessors/", "map/", "map/remove/", "phases/",
]  # fmt: skip
SQUARE = b'{"type": "Polygon", "coordinates": [[[7, 43], [8, 43], [8, 44], [7, 44], [7, 43]]]}'


def at(budget: Budget, path: str = "") -> str:
    return f"/en/desk/budgets/{budget.process.slug}/{path}"


def moments(budget: Budget, **changes) -> dict:
    """The form of phases as it stands, changed."""
    data: dict = {"row": []}
    for n, phase in enumerate(budget.process.phases.all()):
        data["row"].append(f"p{n}")
        data |= {
            f"p{n}-id": phase.pk,
            f"p{n}-name_en": phase.name["en"],
            f"p{n}-opens_at": f"{phase.opens_at:%Y-%m-%dT%H:%M:%S}",
            f"p{n}-closes_at": f"{phase.closes_at:%Y-%m-%dT%H:%M:%S}",
            f"p{n}-activities": phase.activities,
            f"p{n}-audience": phase.audience,
        }
    return data | changes


@pytest.mark.parametrize("path", [*READING, *EDITING])
def test_an_editor_reads_every_page(path, client_of, edith, draft):
    assert client_of(edith).get(at(draft, path)).status_code == 200


@pytest.mark.parametrize("path", EDITING)
def test_an_answerer_changes_nothing(path, client_of, otto, draft):
    answer = client_of(otto).get(at(draft, path))
    assert answer.status_code == 403
    assert "Your role in this public body does not include this." in answer.content.decode()


@pytest.mark.parametrize("path", READING)
def test_an_answerer_reads_what_is_on_the_ballot(path, client_of, otto, draft):
    assert client_of(otto).get(at(draft, path)).status_code == 200


@pytest.mark.parametrize("path", [*READING, *EDITING])
def test_outsiders_are_refused_and_nobody_signs_in_first(
    path, client_of, nobody, charlie, olga, draft, proposing
):
    assert client_of(nobody).get(at(draft, path)).status_code == 302
    for person in (charlie, olga):
        assert client_of(person).get(at(draft, path)).status_code == 404
        assert client_of(person).get(at(proposing, path)).status_code == 403


@pytest.mark.parametrize("path", [*READING, *EDITING])
def test_an_assessor_from_elsewhere_reads_assessments_alone(path, client_of, bob, olga, draft):
    name_assessor(bob, budget=draft, email=olga.email)
    assert client_of(olga).get(at(draft, path)).status_code == 403
    page = client_of(olga).get(at(draft, "assessments/"))
    assert page.status_code == 200
    assert "Assessments" in page.content.decode()
    assert at(draft, "money/") not in page.content.decode()


def test_a_budget_is_made_from_the_desk(client_of, bob, organisation):
    data = {
        "organisation": organisation.pk,
        "languages": ["en"],
        "title_en": "Our money",
        "summary_en": "A sentence.",
        "about_en": "Much more.",
    }
    answer = client_of(bob).post("/en/desk/budgets/new/", data, follow=True)
    assert answer.redirect_chain == [("/en/desk/budgets/our-money/money/", 302)]
    budget = Budget.objects.get()
    assert budget.process.published_at is None
    assert "<p>Much more.</p>" in budget.about_html["en"]


def test_a_budget_needs_a_title_and_keeps_what_was_typed(client_of, bob, organisation):
    data = {"organisation": organisation.pk, "languages": ["en"], "summary_en": "A sentence."}
    answer = client_of(bob).post("/en/desk/budgets/new/", data)
    assert answer.status_code == 400
    assert "A sentence." in answer.content.decode()
    assert not Budget.objects.exists()


def test_money_is_written_as_people_write_it(client_of, bob, draft):
    data = {"title_en": "The north", "amount": "1 250 000,50"}
    answer = client_of(bob).post(at(draft, "money/envelopes/new/"), data, follow=True)
    assert answer.status_code == 200
    assert draft.envelopes.last().amount == Decimal("1250000.50")
    assert "€1,250,000.50" in answer.content.decode()


def test_an_envelope_with_projects_says_why_it_stays(client_of, bob, alice, proposing):
    row = scenario.envelope_of(proposing)
    scenario.project(proposing, alice)
    address = at(proposing, f"money/envelopes/{row.pk}/remove/")
    page = client_of(bob).get(address).content.decode()
    assert "Move them first." in page
    assert "Remove it" not in page
    answer = client_of(bob).post(address)
    assert answer.status_code == 409
    assert proposing.envelopes.filter(pk=row.pk).exists()


def test_an_envelope_of_another_budget_is_not_found(client_of, bob, draft, proposing):
    row = scenario.envelope_of(proposing)
    assert client_of(bob).get(at(draft, f"money/envelopes/{row.pk}/")).status_code == 404
    assert client_of(bob).get(at(draft, f"money/envelopes/{2**70}/")).status_code == 404


def test_categories_come_go_and_move(client_of, bob, draft):
    browser = client_of(bob)
    for title in ("Sport", "Culture"):
        data = {"title_en": title, "minimum": 1}
        assert browser.post(at(draft, "money/categories/new/"), data).status_code == 302
    second = draft.categories.get(key="culture")
    moved = browser.post(at(draft, f"money/categories/{second.pk}/move/up/"), follow=True)
    assert "autofocus" not in moved.content.decode()  # it stands first: there is no button Up
    assert [row.key for row in draft.categories.all()] == ["culture", "sport"]
    assert browser.post(at(draft, f"money/categories/{second.pk}/move/away/")).status_code == 404
    browser.post(at(draft, f"money/categories/{second.pk}/remove/"))
    assert [row.key for row in draft.categories.all()] == ["sport"]


def test_every_rule_stands_there_with_its_paragraph(client_of, bob, draft):
    page = client_of(bob).get(at(draft, "rules/")).content.decode()
    assert page.count('name="rule"') == 11
    assert "The project with the most votes is chosen first" in page


RULES = {
    "ballot": "share",
    "scope": "all",
    "points": 10,
    "points_each": 5,
    "rule": "mes_points_add1_until_overspend",
    "completion": "greedy",
    "ties": "lot",
    "seed": "314159",
    "support_needed": 3,
    "eligibility": "verified",
    "secrecy": "secret",
    "change_policy": "final",
    "consent_en": "We count your vote.",
}


def test_ballot_rule_and_voters_are_declared_together(client_of, bob, draft):
    assert client_of(bob).post(at(draft, "rules/"), RULES).status_code == 302
    budget = scenario.fresh(draft)
    assert (budget.ballot, budget.points, budget.points_each) == ("share", 10, 5)
    assert (budget.rule, budget.completion, budget.ties) == (RULES["rule"], "greedy", "lot")
    assert (budget.poll.eligibility, budget.poll.results_policy) == ("verified", "sealed")
    assert budget.poll.consent == {"en": "We count your vote."}
    assert budget.poll.shows_turnout is False


def test_a_rule_that_cannot_read_the_ballot_is_refused_and_nothing_is_declared(
    client_of, bob, draft
):
    answer = client_of(bob).post(at(draft, "rules/"), RULES | {"rule": "greedy_by_votes"})
    assert answer.status_code == 400
    assert "This rule cannot read such ballots." in answer.content.decode()
    assert scenario.fresh(draft).ballot == "approval"


def test_what_was_declared_is_shown_and_stays_once_voting_has_opened(client_of, bob, voting):
    browser = client_of(bob)
    page = browser.get(at(voting, "rules/")).content.decode()
    assert "What was declared stays as it is." in page
    assert 'name="ballot"' not in page
    row = scenario.envelope_of(voting)
    for path, data in (
        ("rules/", RULES),
        ("money/", {"currency": "USD", "cosigners_needed": 0}),
        ("money/envelopes/new/", {"title_en": "More", "amount": "1"}),
        (f"money/envelopes/{row.pk}/", {"title_en": "More", "amount": "1"}),
        (f"money/envelopes/{row.pk}/move/up/", {}),
        (f"money/envelopes/{row.pk}/remove/", {}),
        ("money/categories/new/", {"title_en": "Sport", "minimum": 0}),
        ("conflicts/new/", {}),
    ):
        answer = browser.post(at(voting, path), data)
        assert answer.status_code == 409, path
        assert "Voting has opened. What is on the ballot stays as it is." in answer.content.decode()
    assert "Add an envelope" not in browser.get(at(voting, "money/")).content.decode()


def test_the_seven_usual_phases_are_proposed(client_of, bob, organisation):
    budget = scenario.create_budget(
        bob, organisation=organisation, title={"en": "Ours"}, summary={}, languages=["en", "fr"]
    )
    page = client_of(bob).get(at(budget, "phases/")).content.decode()
    assert page.count('name="row"') == 7
    assert 'value="Carrying out"' in page
    assert 'value="Réalisation"' in page
    assert not budget.process.phases.exists()


def test_odd_phases_are_saved_with_a_warning(client_of, bob, draft):
    early = draft.process.phases.all()[1].opens_at
    data = moments(draft, **{"p4-opens_at": f"{early:%Y-%m-%dT%H:%M:%S}"})
    drawn = client_of(bob).post(at(draft, "phases/"), data | {"look": "1"}).content.decode()
    assert "Voting opens before the assessment of projects ends." in drawn
    assert client_of(bob).post(at(draft, "phases/"), data).status_code == 302
    overview = client_of(bob).get(at(draft)).content.decode()
    assert "Voting opens before the assessment of projects ends." in overview


def test_dates_of_a_published_budget_change_with_a_reason_alone(client_of, bob, proposing):
    answer = client_of(bob).post(at(proposing, "phases/"), moments(proposing))
    assert answer.status_code == 400
    answer = client_of(bob).post(at(proposing, "phases/"), moments(proposing, reason="Holidays."))
    assert answer.status_code == 302
    assert Entry.objects.get(kind="process_rescheduled").data["reason"] == "Holidays."


def test_incompatible_projects_are_chosen_with_a_reason(client_of, bob, alice, costing):
    rows = [scenario.feasible(scenario.project(costing, alice, f"Park {n}")) for n in range(2)]
    browser = client_of(bob)
    one = browser.post(at(costing, "conflicts/new/"), {"projects": [rows[0].pk], "reason": "Same."})
    assert one.status_code == 400
    assert "Choose at least two projects." in one.content.decode()
    data = {"projects": [row.pk for row in rows], "reason": "The same ground."}
    assert browser.post(at(costing, "conflicts/new/"), data).status_code == 302
    conflict = Conflict.objects.get()
    assert set(conflict.projects.all()) == set(rows)
    for path in ("conflicts/", "ballot/"):
        assert "The same ground." in browser.get(at(costing, path)).content.decode()
    assert browser.get(at(costing, f"conflicts/{conflict.pk}/")).status_code == 200
    assert browser.post(at(costing, f"conflicts/{conflict.pk}/remove/")).status_code == 302
    assert not Conflict.objects.exists()


def test_a_conflict_whose_project_was_withdrawn_can_still_be_opened(client_of, bob, alice, costing):
    rows = [scenario.feasible(scenario.project(costing, alice, f"Park {n}")) for n in range(3)]
    conflict = declare_conflict(bob, budget=costing, projects=rows[:2], reason="The same ground.")
    scenario.refused(rows[0])
    page = client_of(bob).get(at(costing, f"conflicts/{conflict.pk}/")).content.decode()
    assert page.count("checked") == 2


def test_assessors_are_named_by_address_and_removed(client_of, bob, olga, draft):
    browser = client_of(bob)
    assert browser.post(at(draft, "assessors/"), {"email": olga.email}).status_code == 302
    again = browser.post(at(draft, "assessors/"), {"email": olga.email})
    assert again.status_code == 409
    assert "They assess here already." in again.content.decode()
    unknown = browser.post(at(draft, "assessors/"), {"email": "x@example.org"})
    assert unknown.status_code == 400
    assert "x@example.org" in unknown.content.decode()
    row = Assessor.objects.get()
    assert browser.post(at(draft, f"assessors/{row.pk}/remove/")).status_code == 302
    assert client_of(olga).get(at(draft, "assessments/")).status_code == 404


def test_boundaries_are_uploaded_shown_and_removed(client_of, bob, draft):
    browser = client_of(bob)
    upload = SimpleUploadedFile("town.geojson", SQUARE)
    shown = browser.post(at(draft, "map/"), {"file": upload}, follow=True).content.decode()
    assert "7.0000° – 8.0000°" in shown
    assert scenario.fresh(draft).map_box == [7.0, 43.0, 8.0, 44.0]
    bad = browser.post(at(draft, "map/"), {"file": SimpleUploadedFile("x.json", b"<svg/>")})
    assert bad.status_code == 400
    assert "This is not a JSON file in UTF-8." in bad.content.decode()
    none = browser.post(at(draft, "map/"))
    assert none.status_code == 400
    browser.post(at(draft, "map/remove/"))
    assert scenario.fresh(draft).map_box is None


def test_a_draft_is_published_once_nothing_is_missing(client_of, bob, draft):
    browser = client_of(bob)
    assert "Publish it for everyone" in browser.get(at(draft, "publish/")).content.decode()
    assert browser.post(at(draft, "publish/")).status_code == 302
    assert scenario.fresh(draft).process.published_at is not None
    assert browser.post(at(draft, "publish/")).status_code == 409


def test_a_budget_without_money_says_what_is_missing(client_of, bob, organisation):
    budget = scenario.draft_budget(bob, organisation, envelopes=())
    browser = client_of(bob)
    page = browser.get(at(budget, "publish/")).content.decode()
    assert "Add what is missing first." in page
    answer = browser.post(at(budget, "publish/"))
    assert answer.status_code == 409
    assert "Say first how much money there is." in answer.content.decode()


def test_the_overview_says_what_a_phase_is_for_and_not_each_time_that_one_can_talk(
    client_of, bob, costing
):
    overview = client_of(bob).get(at(costing)).content.decode()
    assert "Assessing projects" in overview
    assert "Arguing and replying" not in overview


def test_the_overview_says_that_voting_would_not_open(client_of, bob, alice, costing):
    page = client_of(bob).get(at(costing)).content.decode()
    assert "Voting cannot open as it is" in page
    assert "No project is on the ballot" in page
    scenario.feasible(scenario.project(costing, alice))
    page = client_of(bob).get(at(costing)).content.decode()
    assert "Voting cannot open as it is" not in page
    assert "1 project is on the ballot." in page


def test_the_ballot_shows_costs_and_what_is_too_dear(client_of, bob, alice, costing):
    scenario.feasible(scenario.project(costing, alice, "A palace"), cost=250_000)
    scenario.project(costing, alice, "A tower")
    page = client_of(bob).get(at(costing, "ballot/")).content.decode()
    assert "€250,000" in page
    assert "It costs more than there is: it cannot be chosen." in page
    assert "A tower" not in page
    assert "1 project waits for its assessment." in page


def test_the_ballot_that_was_fixed_is_shown_with_its_fingerprint(client_of, otto, voting):
    page = client_of(otto).get(at(voting, "ballot/")).content.decode()
    assert voting.poll.definition_digest in page
    assert "A bridge" in page


def test_a_budget_is_given_up_with_a_reason_alone(client_of, bob, proposing):
    browser = client_of(bob)
    answer = browser.post(at(proposing, "close/"), {"reason": " "})
    assert answer.status_code == 400
    assert "It ends before its time: say why." in answer.content.decode()
    assert browser.post(at(proposing, "close/"), {"reason": "No money."}).status_code == 302
    assert Entry.objects.get(kind="process_closed").data["reason"] == "No money."
    assert browser.get(at(proposing, "close/")).status_code == 409
    assert browser.get(at(proposing, "phases/")).status_code == 409


@pytest.mark.parametrize("phase", scenario.PHASES)
def test_the_overview_reads_in_every_phase(phase, client_of, bob, otto, alice, costing):
    scenario.feasible(scenario.project(costing, alice))
    budget = scenario.move_to(costing, phase)
    for person in (bob, otto):
        assert client_of(person).get(at(budget)).status_code == 200


def test_pages_are_in_french_too(client_of, bob, draft):
    for path in [*READING, *EDITING, "publish/"]:
        answer = client_of(bob).get(at(draft, path).replace("/en/", "/fr/"))
        assert answer.status_code == 200
