"""Pages of building: everybody's, and the desk's; by nobody, outsiders, the right person, too early."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from accounts.models import User
from budgets.actions.milestones import add_milestone
from budgets.actions.reports import News, report_delay, report_progress
from budgets.building import chosen_rows, everywhere, totals_of
from budgets.models import Budget, Milestone, Picture, Project, Report
from budgets.standing import State
from tests.budgets.building.conftest import Built
from tests.budgets.scenario import feasible, project
from tests.support.queries import named_queries

pytestmark = pytest.mark.django_db


def at(chosen: Built, path: str = "") -> str:
    return f"/en/budgets/{chosen.budget.process.slug}/{path}"


def desk(chosen: Built, path: str = "") -> str:
    return f"/en/desk/budgets/{chosen.budget.process.slug}/building/{path}"


def picture() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "JPEG")
    return SimpleUploadedFile("bench.jpg", file.getvalue(), content_type="image/jpeg")


@pytest.fixture
def under_way(chosen: Built, bob: User) -> Built:
    """The park has a step that is late and a report with a reason; the bridge has nothing yet."""
    park = chosen.project(1)
    day = timezone.localdate() + timedelta(days=30)
    digging = add_milestone(bob, project=park, title={"en": "Digging"}, planned_on=day)
    report_progress(bob, project=park, news=News("We *began*.", "en", spent=None))
    later = day + timedelta(days=60)
    rain = News("Rain, and <script>rain</script>.", "en")
    report_delay(bob, project=park, news=rain, expected_on=later, milestone=digging)
    return chosen


def test_the_dashboard_says_how_many_stand_where_and_lists_the_late_first(
    under_way: Built, client_of: Callable
) -> None:
    response = client_of(AnonymousUser()).get(at(under_way, "building/"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Completed so far: 0 of 2 chosen projects." in page
    assert page.index("A park</a>") < page.index("A bridge</a>")
    assert "A pool" not in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", ["A park", "A bridge"]),
        ("?state=late", ["A park"]),
        ("?state=waiting", ["A bridge"]),
        ("?state=built", []),
        ("?state=x%27&category=zz&envelope=-1", []),
    ],
)
def test_the_dashboard_is_narrowed(
    under_way: Built, client_of: Callable, query: str, seen: list[str]
) -> None:
    page = client_of(AnonymousUser()).get(at(under_way, f"building/{query}")).content.decode()
    assert [name for name in ("A park", "A bridge") if f"{name}</a>" in page] == seen
    assert ("No chosen project fits" in page) == (not seen)


def test_before_the_count_the_dashboard_says_what_will_be_there(
    voting: Budget, client_of: Callable
) -> None:
    response = client_of(AnonymousUser()).get(f"/en/budgets/{voting.process.slug}/building/")
    assert response.status_code == 200
    assert "The chosen projects will stand here" in response.content.decode()


def test_the_page_of_a_project_tells_delays_with_reasons_as_safe_text(
    under_way: Built, client_of: Callable
) -> None:
    row = under_way.project(1)
    page = client_of(AnonymousUser()).get(at(under_way, f"projects/{row.subject_id}/"))
    text = page.content.decode()
    assert "We <em>began</em>." in text
    assert "<script>rain" not in text and "&lt;script&gt;rain" in text
    assert "Digging" in text and "first planned for" in text
    assert "€0 spent of €30,000 planned" in text
    pool = under_way.project(2)
    other = client_of(AnonymousUser()).get(at(under_way, f"projects/{pool.subject_id}/"))
    assert 'id="building"' not in other.content.decode()


def more(built: Built, author: User, number: int) -> None:
    """So many more chosen projects, each with three steps."""
    rows = []
    for index in range(number):
        row = feasible(project(built.budget, author, f"Bench {index}"), cost=100)
        Project.objects.filter(pk=row.pk).update(chosen_at=timezone.now(), rank=10 + index)
        rows.append(row)
    day = timezone.localdate()
    Milestone.objects.bulk_create(
        Milestone(project=row, title={"en": "Step"}, planned_on=day, expected_on=day)
        for row in rows
        for _step in range(3)
    )


def test_lists_make_the_same_queries_with_3_and_30_projects(
    chosen: Built, alice: User, bob: User, client_of: Callable
) -> None:
    nobody, owner = client_of(AnonymousUser()), client_of(bob)
    owner.get(desk(chosen))
    counts = []
    for number in (1, 27):
        more(chosen, alice, number)
        with named_queries({"budget": "budgets_budget", "chosen": "budgets_milestone"}):
            assert nobody.get(f"{at(chosen, 'building/')}?x={number}").status_code == 200
        with named_queries({"budgets": "accounts_organisation", "chosen": "budgets_milestone"}):
            assert nobody.get(f"/en/budgets/?x={number}").status_code == 200
        with CaptureQueriesContext(connection) as captured:
            assert owner.get(desk(chosen)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 6


def test_a_project_page_makes_the_same_queries_whatever_was_reported(
    chosen: Built, bob: User, client_of: Callable
) -> None:
    park, nobody = chosen.project(1), client_of(AnonymousUser())
    path = at(chosen, f"projects/{park.subject_id}/")
    counts = []
    for number in (3, 27):
        day = timezone.localdate()
        Milestone.objects.bulk_create(
            Milestone(project=park, title={"en": "Step"}, planned_on=day, expected_on=day)
            for _step in range(number)
        )
        for _report in range(number):
            report_progress(bob, project=park, news=News("Well.", "en"))
        with CaptureQueriesContext(connection) as captured:
            assert nobody.get(f"{path}?x={number}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 9


def test_all_budgets_say_the_same_as_each(
    under_way: Built, bob: User, alice: User, client_of: Callable
) -> None:
    more(under_way, alice, 4)
    done = Project.objects.filter(budget=under_way.budget, rank=10)
    done.update(built_on=timezone.localdate(), spent=80)
    gone = Project.objects.filter(budget=under_way.budget, rank=11)
    gone.update(cancelled_at=timezone.now(), spent=10)
    begun = Project.objects.filter(budget=under_way.budget, rank=12)
    begun.update(started_on=timezone.localdate())
    Project.objects.filter(budget=under_way.budget, rank=13).update(
        expected_on=timezone.localdate() - timedelta(days=1)
    )
    here = totals_of(chosen_rows(under_way.budget))
    there = everywhere()[under_way.budget.pk]
    assert here == there
    assert here.counts == {
        State.WAITING: 1, State.UNDER_WAY: 1, State.LATE: 2, State.BUILT: 1, State.GIVEN_UP: 1,
    }  # fmt: skip
    assert "of 6 chosen projects" in client_of(alice).get("/en/budgets/").content.decode()


@pytest.mark.parametrize("path", ["", "{park}/", "{park}/report/", "{park}/steps/new/"])
def test_the_desk_is_for_the_body(
    chosen: Built, client_of: Callable, alice: User, olga: User, bob: User, path: str
) -> None:
    address = desk(chosen, path.format(park=chosen.project(1).subject_id))
    assert client_of(AnonymousUser()).get(address).status_code == 302
    assert client_of(alice).get(address).status_code == 403
    assert client_of(olga).get(address).status_code == 403
    assert client_of(bob).get(address).status_code == 200


def test_of_a_project_that_was_not_chosen_nothing_can_be_told(
    chosen: Built, client_of: Callable, bob: User
) -> None:
    pool = chosen.project(2).subject_id
    for path in (f"{pool}/", f"{pool}/report/", f"{pool}/steps/new/"):
        assert client_of(bob).get(desk(chosen, path)).status_code == 404


def test_bob_plans_tells_and_completes_without_a_script(
    chosen: Built, client_of: Callable, bob: User
) -> None:
    park, client = chosen.project(1), client_of(bob)
    home = desk(chosen, f"{park.subject_id}/")
    soon = timezone.localdate() + timedelta(days=5)
    step = {"title_en": "Digging", "title_fr": "Creuser", "planned_on": soon.isoformat()}
    assert client.post(f"{home}steps/new/", step)["Location"] == home
    milestone = Milestone.objects.get()
    page = client.get(f"{home}report/?step={milestone.pk}").content.decode()
    assert f'value="{milestone.pk}" selected' in page
    told = {
        "step": milestone.pk, "reached_on": "", "body": "Dug.", "language": "en",
        "spent": "12,500.50", "picture_1": picture(), "alt_1": "A hole",
    }  # fmt: skip
    assert client.post(f"{home}report/", told)["Location"] == home
    milestone.refresh_from_db()
    assert milestone.reached_on == timezone.localdate()
    shown = Picture.objects.get()
    assert (shown.alt, shown.report.spent) == ("A hole", chosen.project(1).spent)
    public = client.get(at(chosen, f"projects/{park.subject_id}/")).content.decode()
    assert 'alt="A hole"' in public and "€12,500.50 spent of €30,000 planned" in public
    assert client.get(at(chosen, f"pictures/{shown.pk}/"))["Content-Type"] == "image/jpeg"
    done = {"built_on": timezone.localdate().isoformat(), "body": "Children play.",
            "language": "fr", "spent": ""}  # fmt: skip
    assert client.post(f"{home}complete/", done)["Location"] == home
    assert chosen.project(1).stage == "built"
    assert client.get(f"{home}delay/").status_code == 409
    assert client.get(f"{home}report/").status_code == 200
    assert "Add a report" in client.get(home).content.decode()


def test_what_was_typed_and_the_picture_survive_a_refusal(
    chosen: Built, client_of: Callable, bob: User
) -> None:
    park, client = chosen.project(1), client_of(bob)
    told = {"body": "A long story.", "language": "en", "spent": "much", "picture_1": picture(),
            "alt_1": "A hole"}  # fmt: skip
    response = client.post(desk(chosen, f"{park.subject_id}/report/"), told)
    page = response.content.decode()
    assert response.status_code == 400
    assert "A long story." in page and "Kept: bench.jpg" in page
    assert "Write an amount in digits" in page
    assert Report.objects.count() == 0


def test_giving_up_asks_first(chosen: Built, client_of: Callable, bob: User) -> None:
    bridge, client = chosen.project(3), client_of(bob)
    path = desk(chosen, f"{bridge.subject_id}/give-up/")
    reason = {"body": "The river moved.", "language": "en"}
    assert client.post(path, reason).status_code == 400
    assert chosen.project(3).stage == "chosen"
    assert client.post(path, reason | {"confirmed": "on"}).status_code == 302
    assert chosen.project(3).stage == "cancelled"


def test_a_step_is_renamed_and_a_mistake_taken_away(
    chosen: Built, client_of: Callable, bob: User, alice: User
) -> None:
    park, client = chosen.project(1), client_of(bob)
    day = timezone.localdate()
    milestone = add_milestone(bob, project=park, title={"en": "Diging"}, planned_on=day)
    home = desk(chosen, f"{park.subject_id}/")
    path = f"{home}steps/{milestone.pk}/"
    assert "Was it a mistake?" in client.get(path).content.decode()
    assert client.post(path, {"title_en": "Digging", "title_fr": ""})["Location"] == home
    milestone.refresh_from_db()
    assert milestone.title == {"en": "Digging"}
    assert client_of(alice).post(f"{path}remove/").status_code == 403
    assert client.get(f"{path}remove/").status_code == 405
    assert client.post(f"{path}remove/").status_code == 302
    assert not Milestone.objects.exists()
    assert client.get(path).status_code == 404
