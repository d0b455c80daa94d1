"""Budgets by the API: what pages show, as exact figures; what people do, refused by the same verdicts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.actions import grant_role
from accounts.kinds import Role
from budgets.actions.conflicts import declare_conflict
from budgets.actions.maps import set_boundaries
from budgets.actions.milestones import add_milestone
from budgets.actions.reports import News, report_progress
from budgets.actions.revisions import ask_for_merger, ask_for_revision
from budgets.models import Budget, Cosignature, MergeRequest, Project, ProjectRevision
from processes.models import Process
from tests.budgets import scenario
from tests.counts import assert_counts_hold
from tests.factories import person
from voting.actions.box import cast_ballot
from voting.voters import person as voter

pytestmark = pytest.mark.django_db
API = "/api/v1"
IDEA = {"title": "A pond", "body": "With **frogs**.", "estimate": "12500.50"}
SQUARE = b"""{"type": "Polygon", "coordinates": [[[2, 47], [3, 47], [3, 48], [2, 48], [2, 47]]]}"""


@pytest.fixture
def proposing(bob, organisation) -> Budget:
    return scenario.budget_in(
        "proposing",
        bob,
        organisation,
        envelopes=[("The left bank", 60_000), ("The right bank", 40_000)],
        categories={"Parks": 1, "Streets": 0},
        slug="our-money",
    )


@pytest.fixture
def costing(bob, organisation) -> Budget:
    return scenario.budget_in("costing", bob, organisation, slug="our-money")


@pytest.fixture
def counted(bob, alice, charlie, organisation) -> Budget:
    """A park and a bridge are chosen, a pool is not; Alice and Charlie voted."""
    budget = scenario.budget_in("costing", bob, organisation, slug="our-money")
    rows = [
        scenario.feasible(scenario.project(budget, alice, title), cost=cost)
        for title, cost in (("A park", 30_000), ("A pool", 80_000), ("A bridge", 50_000))
    ]
    budget = scenario.move_to(budget, "voting")
    question = scenario.envelope_of(budget).key
    for somebody in (alice, charlie):
        cast_ballot(
            voter(somebody, budget.poll),
            poll=budget.poll,
            answers={question: {"options": [rows[0].key, rows[2].key]}},
        )
    return scenario.move_to(budget, "execution")


def of(budget: Budget, path: str = "") -> str:
    return f"{API}/budgets/{budget.process.slug}/{path}"


def on(project: Project, path: str = "") -> str:
    return of(project.budget, f"projects/{project.subject_id}/{path}")


def test_a_budget_tells_its_money_exactly(proposing, client):
    row = client.get(of(proposing)).json()
    assert (row["currency"], row["amount"]) == ("EUR", "100000.00")
    left, right = row["envelopes"]
    assert (left["titles"]["en"], left["amount"]) == ("The left bank", "60000.00")
    assert right["amount"] == "40000.00"
    assert [(c["title"], c["minimum"]) for c in row["categories"]] == [("Parks", 1), ("Streets", 0)]
    assert row["rule"]["name"] == proposing.rule
    assert client.get(row["rule"]["url"]).status_code == 200
    assert row["poll"] == proposing.poll_id
    assert client.get(row["links"]["poll"]).json()["process"] == "our-money"
    assert row["links"]["results"] is None
    assert [phase["state"] for phase in row["phases"]].count("now") == 1
    assert row["may"]["propose"]["code"] == "sign_in_first"
    listed = client.get(f"{API}/budgets/").json()["results"]
    assert [(one["slug"], one["amount"]) for one in listed] == [("our-money", "100000.00")]
    assert not client.get(f"{API}/budgets/", {"status": "upcoming"}).json()["results"]


def test_a_project_is_proposed_read_changed_and_taken_back(proposing, alice, charlie, api_of):
    left = proposing.envelopes.first().key
    program = api_of(alice)
    given = IDEA | {"envelope": left, "category": "parks", "latitude": 47.31, "longitude": 2.12}
    posted = program.post(of(proposing, "projects/"), given)
    assert posted.status_code == 201, posted.json()
    row = posted.json()
    assert (row["estimate"], row["envelope"], row["category"]) == ("12500.50", left, "parks")
    assert (row["latitude"], row["longitude"]) == (47.31, 2.12)
    assert (row["number"], row["key"], row["stage"]) == (1, "p1", "proposed")
    address = posted.headers["Location"]
    read = api_of(charlie).get(address).json()
    assert {name: read[name] for name in row} == row
    assert read["may"]["edit"]["code"] == "not_yours"
    assert read["cosigned"] is False
    changed = program.patch(address, {"estimate": None, "category": None}).json()
    assert (changed["estimate"], changed["category"]) == (None, None)
    assert (changed["title"], changed["latitude"]) == ("A pond", 47.31)
    assert ProjectRevision.objects.get().estimate == Decimal("12500.50")
    assert api_of(charlie).delete(address).status_code == 403
    assert program.delete(address).status_code == 204
    assert program.get(address).json()["stage"] == "withdrawn"
    assert not program.get(of(proposing, "projects/")).json()["results"]
    assert_counts_hold(Process.objects.get(slug="our-money"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"envelope": "nowhere"}, "envelope"),
        ({"envelope": None}, "envelope"),
        ({"category": "nowhere"}, "category"),
        ({"estimate": 12500.5}, "estimate"),
        ({"estimate": "12 500"}, "estimate"),
        ({"estimate": "1.005"}, "estimate"),
        ({"latitude": "47"}, "latitude"),
        ({"latitude": 91}, "latitude"),
        ({"title": ""}, "title"),
        ({"cost": "1"}, "cost"),
    ],
)
def test_what_cannot_be_read_is_refused_by_field(proposing, alice, api_of, changes, field):
    given = IDEA | {"envelope": proposing.envelopes.first().key} | changes
    answer = api_of(alice).post(of(proposing, "projects/"), given)
    assert (answer.status_code, answer.json()["code"]) == (400, "not_accepted")
    assert set(answer.json()["errors"]) == {field}
    assert not Project.objects.exists()


def test_the_envelope_is_said_where_there_are_two(proposing, alice, api_of):
    answer = api_of(alice).post(of(proposing, "projects/"), IDEA)
    assert set(answer.json()["errors"]) == {"envelope"}
    too_dear = IDEA | {"envelope": proposing.envelopes.last().key, "estimate": "40000.01"}
    answer = api_of(alice).post(of(proposing, "projects/"), too_dear)
    assert (answer.status_code, answer.json()["code"]) == (400, "too_dear")


def test_projects_are_found_by_what_the_page_asks_for(proposing, alice, client):
    left, right = proposing.envelopes.all()
    park = scenario.project(proposing, alice, "A park", envelope=left, estimate=9000)
    pool = scenario.project(
        proposing, alice, "A pool", envelope=right, category=scenario.category_of(proposing)
    )
    scenario.refused(pool)

    def found(**query) -> list[int]:
        rows = client.get(of(proposing, "projects/"), query).json()["results"]
        return [row["number"] for row in rows]

    assert found() == [pool.number, park.number]
    assert sorted(found(ordering="random")) == [1, 2]
    assert found(ordering="cheap") == [park.number, pool.number]
    assert found(envelope=left.key) == [park.number]
    assert found(category="parks") == [pool.number]
    assert found(stage="not_feasible") == [pool.number]
    assert found(stage="proposed") == [park.number]
    assert found(stage="not_chosen") == []
    assert found(q="park") == [park.number]
    assert client.get(of(proposing, "projects/"), {"stage": "merged"}).status_code == 400
    assert client.get(of(proposing, "projects/"), {"ordering": "x"}).status_code == 400


def test_every_project_comes_once_page_by_page(proposing, alice, client):
    for number in range(7):
        scenario.project(proposing, alice, f"Idea {number}")
    for ordering in ("random", "newest", "support", "cheap", "dear"):
        address, seen = f"{of(proposing, 'projects/')}?page_size=2&ordering={ordering}", []
        while address:
            page = client.get(address).json()
            seen += [row["number"] for row in page["results"]]
            address = page["next"]
        assert sorted(seen) == list(range(1, 8)), ordering


def test_what_is_hidden_keeps_its_place_without_words(proposing, alice, client):
    project = scenario.project(proposing, alice, "Rude", place="Here", latitude=47, longitude=2)
    project.subject.hidden_at = timezone.now()
    project.subject.save(update_fields=["hidden_at"])
    answer = client.get(on(project))
    row = answer.json()
    assert (row["stage"], row["title"], row["body"], row["author"]) == ("hidden", "", "", None)
    assert (row["place"], row["latitude"], row["titles"]) == ("", None, {})
    assert "Rude" not in answer.text
    assert not client.get(of(proposing, "map/")).json()["features"]


def test_people_sign_once_and_take_it_back(proposing, alice, charlie, api_of):
    project = scenario.project(proposing, alice)
    for _again in range(2):
        row = api_of(charlie).put(on(project, "cosignature/")).json()
        assert (row["cosignature_count"], row["cosigned"]) == (1, True)
    assert Cosignature.objects.count() == 1
    assert api_of(charlie).get(on(project)).json()["cosigned"] is True
    for _again in range(2):
        row = api_of(charlie).delete(on(project, "cosignature/")).json()
        assert (row["cosignature_count"], row["cosigned"]) == (0, False)
    own = api_of(alice).put(on(project, "cosignature/"))
    assert (own.status_code, own.json()["code"]) == (409, "own_project")


def test_a_project_is_followed_and_no_longer(proposing, alice, charlie, api_of):
    project, program = scenario.project(proposing, alice), api_of(charlie)
    address = f"{API}/subjects/{project.subject_id}/follow/"
    for _again in range(2):
        assert program.put(address).json()["followed"] is True
    assert program.get(on(project)).json()["followed"] is True
    [followed] = program.get(f"{API}/me/follows/").json()["results"]
    assert (followed["subject"], followed["kind"]) == (project.subject_id, "project")
    assert program.get(followed["url"]).status_code == 200
    for _again in range(2):
        assert program.delete(address).json()["followed"] is False
    assert not program.get(f"{API}/me/follows/").json()["results"]


def test_places_are_geojson_with_longitude_first(proposing, alice, bob, client):
    scenario.project(proposing, alice, "Nowhere")
    here = scenario.project(proposing, alice, "Here", latitude=47.31, longitude=2.12)
    set_boundaries(bob, budget=proposing, raw=SQUARE)
    row = client.get(of(proposing, "map/")).json()
    [feature] = row["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [2.12, 47.31]}
    assert (feature["id"], feature["properties"]["title"]) == (here.subject_id, "Here")
    assert row["boundaries"]["type"]


def test_a_revision_is_asked_for_and_made(costing, alice, bob, api_of):
    project = scenario.project(costing, alice)
    project.budget = costing
    due_at = timezone.now() + timedelta(days=2)
    ask_for_revision(bob, project=project, reason="Smaller.", due_at=due_at, language="en")
    row = api_of(alice).get(on(project)).json()
    assert (row["stage"], row["revision"]["reason"]) == ("revision", "Smaller.")
    assert row["may"]["edit"]["allowed"]
    made = api_of(alice).patch(on(project), {"body": "A small park."}).json()
    assert made["revision"]["revised_at"] is not None
    assert made["stage"] == "proposed"


@pytest.mark.parametrize("answer", ["consent", "refuse"])
def test_authors_answer_a_merger(costing, alice, charlie, bob, api_of, answer):
    park, garden = (
        scenario.project(costing, somebody, title)
        for somebody, title in ((alice, "A park"), (charlie, "A garden"))
    )
    for project in (park, garden):
        project.budget = costing
    expires_at = timezone.now() + timedelta(days=2)
    ask_for_merger(
        bob, project=park, into=garden, reason="One.", expires_at=expires_at, language="en"
    )
    [asked] = api_of(alice).get(of(costing, "mergers/")).json()["results"]
    assert (asked["project"], asked["into"]) == (park.subject_id, garden.subject_id)
    assert not api_of(person()).get(of(costing, "mergers/")).json()["results"]
    address = of(costing, f"mergers/{asked['id']}/")
    assert api_of(alice).put(address, {"answer": "consent"}).json()["state"] == "open"
    done = api_of(charlie).put(address, {"answer": answer}).json()
    assert done["state"] == {"consent": "merged", "refuse": "refused"}[answer]
    assert done["may_answer"]["code"] == "over"
    row = api_of(alice).get(on(park)).json()
    assert row["merged_into"] == (garden.subject_id if answer == "consent" else None)
    assert MergeRequest.objects.count() == 1


def test_an_assessment_is_written_submitted_signed_and_published(
    costing, alice, bob, organisation, api_of
):
    colleague = person("Cora")
    grant_role(None, person=colleague, organisation=organisation, role=Role.ANSWERER)
    project = scenario.project(costing, alice)
    program, address = api_of(colleague), on(project, "assessment/")
    assert program.get(address).json()["changed_at"] is None
    written = program.put(address, {"reason": "Perhaps.", "seen": None})
    assert written.status_code == 200, written.json()
    seen = written.json()["changed_at"]
    stale = program.put(address, {"reason": "Surely."})
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    given = {"is_feasible": True, "reason": "Yes.", "seen": seen}
    lacking = program.post(f"{address}submission/", given)
    assert (lacking.status_code, lacking.json()["code"]) == (400, "cost_missing")
    row = program.post(f"{address}submission/", given | {"cost": "31500"}).json()
    assert (row["state"], row["cost"]) == ("submitted", "31500.00")
    assert row["proposed_by"]["name"] == "Cora"
    assert program.post(f"{address}signature/", {"seen": row["changed_at"]}).status_code == 403
    note = api_of(bob).post(f"{address}notes/", {"body": "Looks right."})
    assert note.status_code == 201
    signed = api_of(bob).post(f"{address}signature/", {"seen": row["changed_at"]}).json()
    assert (signed["state"], signed["signed_by"]["name"]) == ("signed", "Bob")
    assert [one["body"] for one in signed["notes"]] == ["Looks right."]
    assert [one["step"] for one in signed["trail"]] == ["written", "written", "proposed", "signed"]
    assert api_of(alice).get(on(project)).json()["is_feasible"] is None
    published = api_of(bob).post(of(costing, "assessments/publication/"))
    assert published.json() == {"published": 1}
    again = api_of(bob).post(of(costing, "assessments/publication/"))
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_publish")
    public = api_of(alice).get(on(project)).json()
    assert (public["is_feasible"], public["cost"], public["stage"]) == (
        True,
        "31500.00",
        "feasible",
    )
    assert "Yes." in public["decision_html"]
    [queued] = (
        api_of(bob).get(of(costing, "assessments/"), {"state": "published"}).json()["results"]
    )
    assert queued["subject"] == project.subject_id


def test_what_was_submitted_is_taken_back_or_sent_back(costing, alice, bob, organisation, api_of):
    colleague = person()
    grant_role(None, person=colleague, organisation=organisation, role=Role.ANSWERER)
    address = on(scenario.project(costing, alice), "assessment/")
    given = {"is_feasible": False, "reason": "The ground is not ours."}
    first = api_of(colleague).post(f"{address}submission/", given).json()
    back = api_of(colleague).delete(f"{address}submission/").json()
    assert (first["state"], back["state"]) == ("submitted", "waiting")
    seen = {"seen": back["changed_at"]}
    assert api_of(colleague).post(f"{address}submission/", given | seen).status_code == 200
    sent = api_of(bob).post(f"{address}return/", {"body": "Whose is it?"}).json()
    assert (sent["state"], sent["trail"][-1]["data"]["note"]) == ("waiting", "Whose is it?")


def test_the_outcome_is_what_was_stored(counted, client):
    row = client.get(of(counted, "results/")).json()
    declared = [one for one in row["allocations"] if one["is_declared"]]
    assert [(one["winners"], Decimal(one["cost"])) for one in declared] == [(["p1", "p3"], 80_000)]
    assert declared[0]["digest"] == counted.allocations.get(is_declared=True).digest
    assert {one["rule"] for one in row["allocations"]} > {counted.rule}
    own = next(one for one in row["satisfaction"] if one["is_declared"])
    assert (own["people"], own["counts"]) == (2, {"0": 0, "1": 0, "2": 2})
    for address in row["files"].values():
        assert client.get(address).status_code == 200, address
    chosen = client.get(of(counted, "projects/"), {"stage": "chosen"}).json()["results"]
    assert {one["number"]: one["rank"] for one in chosen} == {1: 1, 3: 2}


def test_nothing_is_known_before_the_count(costing, alice, client):
    scenario.feasible(scenario.project(costing, alice))
    voting = scenario.move_to(costing, "voting")
    answer = client.get(of(voting, "results/"))
    assert (answer.status_code, answer.json()["code"]) == (409, "sealed")


def test_what_is_built_is_told_in_figures_and_news(counted, bob, client):
    project = Project.objects.get(budget=counted, number=1)
    project.budget = counted
    planned_on = timezone.localdate() + timedelta(days=30)
    step = add_milestone(bob, project=project, title={"en": "Trees"}, planned_on=planned_on)
    news = News("It **began**.", "en", spent=Decimal("1200.5"))
    report_progress(bob, project=project, news=news, milestone=step)
    row = client.get(of(counted, "building/")).json()
    assert (row["chosen_count"], row["started_count"], row["built_count"]) == (2, 1, 0)
    assert (row["cost"], row["spent"]) == ("80000.00", "1200.50")
    one = client.get(on(project, "building/")).json()
    assert (one["stage"], one["spent"]) == ("building", "1200.50")
    [told] = one["milestones"]
    assert (told["id"], told["reached_on"]) == (step.pk, timezone.localdate().isoformat())
    [report] = client.get(one["reports"]).json()["results"]
    assert (report["kind"], report["body"], report["milestone"]) == (
        "progress", "It **began**.", step.pk,
    )  # fmt: skip
    lost = Project.objects.get(budget=counted, number=2)
    answer = client.get(of(counted, f"projects/{lost.subject_id}/building/"))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_chosen")


def test_projects_that_exclude_one_another_say_so(costing, alice, bob, client):
    rows = [scenario.project(costing, alice, title) for title in ("A park", "A pool")]
    declare_conflict(bob, budget=costing, projects=rows, reason="One place.")
    [rival] = client.get(on(rows[0])).json()["incompatible"]
    assert (rival["projects"], rival["reason"]) == ([rows[1].subject_id], "One place.")


def test_a_budget_that_is_not_public_is_not_there(bob, alice, organisation, api_of):
    draft = scenario.draft_budget(bob, organisation, slug="our-money")
    for path in ("", "projects/", "map/", "results/", "building/", "reports/", "mergers/",
                 "assessments/"):  # fmt: skip
        answer = api_of(alice).get(of(draft, path))
        assert answer.status_code == 404, path
    assert not api_of(bob).get(f"{API}/budgets/").json()["results"]
    assert api_of(bob).get(of(draft)).status_code == 200
