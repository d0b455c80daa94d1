"""The queue and the page of an assessment, as people use them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import grant_role
from accounts.models import User
from budgets.actions.assessing import Finding, add_note, write_assessment
from budgets.actions.handing_out import hand_out
from budgets.actions.revisions import ask_for_merger, ask_for_revision
from budgets.actions.signing import send_back
from budgets.models import Assessment, Budget, Project
from tests import factories
from tests.budgets import scenario
from tests.budgets.assessing.helpers import (
    BAD,
    GOOD,
    again,
    in_days,
    published,
    seen_of,
    signed,
    submitted,
)

pytestmark = pytest.mark.django_db
Browsers = Callable[[Any], Client]


def at(budget: Budget, *rest: Any) -> str:
    parts = "".join(f"{part}/" for part in rest)
    return f"/en/desk/budgets/{budget.process.slug}/assessments/{parts}"


def titles(page: Any) -> list[str]:
    return [row["title"].text for row in page.context["rows"]]


def typed(project: Project, **fields: Any) -> dict[str, Any]:
    """What a browser sends that opened the page now."""
    seen = seen_of(project)
    form = {
        "is_feasible": "yes",
        "cost": "28000.50",
        "running_cost": "400",
        "reason": "The ground is ours.",
        "language": "en",
        "seen": seen.isoformat() if seen else "",
    }
    return form | fields


def test_the_queue_shows_what_awaits_what_is_due_first(
    park: Project, pool: Project, costing: Budget, otto: User, bob: User, client_of: Browsers
) -> None:
    bridge = scenario.project(costing, otto, "A bridge")
    due = {"assessor": otto, "due_at": in_days(2)}
    hand_out(bob, budget=costing, subject_ids=[bridge.subject_id], **due)
    page = client_of(otto).get(at(costing))
    assert titles(page) == ["A bridge", "A park", "A pool"]
    mine = client_of(otto).get(at(costing), {"whose": "mine"})
    assert titles(mine) == ["A bridge"]
    assert titles(client_of(otto).get(at(costing), {"whose": "nobody"})) == ["A park", "A pool"]
    assert titles(client_of(otto).get(at(costing), {"q": "poo"})) == ["A pool"]
    assert titles(client_of(otto).get(at(costing), {"state": "nonsense", "whose": "x"})) == [
        "A bridge",
        "A park",
        "A pool",
    ]


def test_every_state_has_its_tab_and_its_number(
    park: Project, pool: Project, costing: Budget, alice: User, otto: User, bob: User,
    client_of: Browsers,
) -> None:  # fmt: skip
    names = ("A signed one", "A published one", "A revised one", "A late one", "A withdrawn one")
    one, two, three, four, five = (scenario.project(costing, alice, name) for name in names)
    submitted(pool, otto)
    signed(one, otto, bob)
    published(two, otto, bob)
    ask_for_revision(bob, project=three, reason="Where?", due_at=in_days(3), language="en")
    ids = [four.subject_id]
    hand_out(bob, budget=costing, subject_ids=ids, assessor=otto, due_at=in_days(1))
    Assessment.objects.filter(project=four).update(due_at=timezone.now())
    five.subject.withdrawn_at = timezone.now()
    five.subject.save(update_fields=["withdrawn_at"])
    wanted = {
        "waiting": ["A late one", "A park"],
        "late": ["A late one"],
        "submitted": ["A pool"],
        "signed": ["A signed one"],
        "published": ["A published one"],
        "revising": ["A revised one"],
        "": ["A late one", "A park", "A pool", "A signed one", "A published one", "A revised one"],
    }
    for state, found in wanted.items():
        page = client_of(otto).get(at(costing), {"state": state})
        assert titles(page) == found, state
        numbers = {href: number for href, _text, number, _now in page.context["tabs"]}
        assert numbers[f"?state={state}"] == len(found)


def test_the_queue_opens_on_what_there_is(
    park: Project, pool: Project, costing: Budget, otto: User, bob: User, client_of: Browsers
) -> None:
    page = lambda **asked: client_of(otto).get(at(costing), asked)  # noqa: E731
    assert page().context["search"].state == "waiting"
    signed(park, otto, bob)
    published(pool, otto, bob)
    assert (titles(page()), page().context["search"].state) == (["A park"], "signed")
    assert titles(page(q="pool")) == ["A pool"], "the first state that has what is looked for"
    assert titles(page(state="waiting")) == []
    assert titles(page(q="nothing")) == []


def test_the_next_part_of_the_queue_is_of_the_state_it_opened_on(
    costing: Budget, alice: User, otto: User, bob: User, client_of: Browsers
) -> None:
    rows = [scenario.project(costing, alice, f"Tree {number}") for number in range(22)]
    for row in rows:
        submitted(row, otto)
    href = client_of(otto).get(at(costing)).context["next_href"]
    scenario.project(costing, alice, "A new one")
    assert titles(client_of(otto).get(f"{at(costing)}{href}")) == ["Tree 20", "Tree 21"]


def test_those_without_enough_co_signers_do_not_wait(
    park: Project, costing: Budget, otto: User, client_of: Browsers
) -> None:
    Budget.objects.filter(pk=costing.pk).update(cosigners_needed=2)
    assert titles(client_of(otto).get(at(costing), {"state": "waiting"})) == []
    page = client_of(otto).get(at(costing), {"state": ""})
    assert "Looking for co-signers" in page.text
    Project.objects.filter(pk=park.pk).update(cosignature_count=2)
    assert titles(client_of(otto).get(at(costing))) == ["A park"]


def test_what_nobody_revised_comes_back_with_a_mark(
    park: Project, costing: Budget, otto: User, bob: User, client_of: Browsers
) -> None:
    ask_for_revision(bob, project=park, reason="Where?", due_at=in_days(3), language="en")
    assert titles(client_of(otto).get(at(costing), {"state": "waiting"})) == []
    Project.objects.filter(pk=park.pk).update(revision_due_at=timezone.now())
    page = client_of(otto).get(at(costing))
    assert titles(page) == ["A park"]
    assert "No revision came" in page.text
    assert "No revision came" in client_of(otto).get(at(costing, park.subject_id)).text


def test_an_assessor_from_elsewhere_sees_what_is_theirs_alone(
    park: Project, pool: Project, costing: Budget, draft: Budget, bob: User, ida: User,
    client_of: Browsers,
) -> None:  # fmt: skip
    browser = client_of(ida)
    page = browser.get(at(costing), {"state": ""})
    assert titles(page) == []
    assert "Nothing here is handed to you" in browser.get(at(costing)).text
    hand_out(bob, budget=costing, subject_ids=[park.subject_id], assessor=ida)
    page = browser.get(at(costing), {"state": ""})
    assert titles(page) == ["A park"]
    assert [href for href, _text, _now in page.context["desk"].nav] == [at(costing)]
    assert browser.get(at(costing, park.subject_id)).status_code == 200
    assert browser.get(at(costing, pool.subject_id)).status_code == 403
    assert browser.post(at(costing, pool.subject_id, "note"), {"note-body": "x"}).status_code == 403
    assert browser.get(at(draft)).status_code == 404
    assert browser.get(f"/en/desk/budgets/{costing.process.slug}/").status_code in (403, 404)
    assert browser.get(at(costing, "publish")).status_code == 403
    assert browser.post(at(costing, "hand-out"), {"subject": park.subject_id}).status_code == 403


PLACES = ["", "revision/", "merger/", "move/", "correct/", "publish/"]
DEEDS = ["note/", "sign/", "send-back/", "take-back/", "revision/withdraw/", "merger/withdraw/"]


@pytest.mark.parametrize("who", ["nobody", "alice", "olga"])
def test_others_find_no_way_in(
    who: str, park: Project, costing: Budget, client_of: Browsers, request: Any
) -> None:
    browser = client_of(request.getfixturevalue(who))
    one = at(costing, park.subject_id)
    for path in (at(costing), at(costing, "publish"), *(one + place for place in PLACES)):
        assert browser.get(path).status_code == (302 if who == "nobody" else 403), path
    for path in (at(costing, "hand-out"), *(one + deed for deed in DEEDS)):
        assert browser.post(path, {"note-body": "x"}).status_code == (
            302 if who == "nobody" else 403
        ), path
    assert not Assessment.objects.exists()


def test_an_assessor_of_the_body_does_not_coordinate(
    park: Project, costing: Budget, otto: User, client_of: Browsers
) -> None:
    browser = client_of(otto)
    one = at(costing, park.subject_id)
    for path in (at(costing, "publish"), *(one + place for place in PLACES[1:])):
        assert browser.get(path).status_code == 403, path
    for path in (at(costing, "hand-out"), one + "sign/", one + "send-back/"):
        assert browser.post(path).status_code == 403, path


def test_they_are_handed_out_from_the_list(
    park: Project, pool: Project, costing: Budget, otto: User, bob: User, client_of: Browsers
) -> None:
    browser = client_of(bob)
    ids = [park.subject_id, pool.subject_id]
    assert browser.post(at(costing, "hand-out"), {"page": ids}).status_code == 302
    page = browser.post(at(costing, "hand-out"), {"page": ids, "all": "1"})
    assert [row.subject_id for row in page.context["rows"]] == ids
    sent = {"subject": ids, "to": f"u{otto.pk}", "due_at": "2020-01-01T10:00"}
    page = browser.post(at(costing, "hand-out"), sent)
    assert page.status_code == 400
    assert "must lie ahead" in page.text
    sent["due_at"] = (timezone.now() + timezone.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    page = browser.post(at(costing, "hand-out"), sent, follow=True)
    assert "2 projects are handed to Otto." in page.text
    assert Assessment.objects.filter(assessor=otto, due_at__isnull=False).count() == 2
    sent["to"] = "u999999"
    assert browser.post(at(costing, "hand-out"), sent).status_code == 400


def test_a_draft_is_kept_then_submitted_and_signed_and_published(
    park: Project, pool: Project, costing: Budget, otto: User, bob: User, client_of: Browsers
) -> None:
    page = at(costing, park.subject_id)
    otto_s, bob_s = client_of(otto), client_of(bob)
    first = otto_s.post(page, typed(park, reason="", next="1"))
    assert first["Location"].startswith(at(costing, pool.subject_id))
    refused = otto_s.post(page, typed(park, reason="", submit="1"))
    assert refused.status_code == 400
    assert refused.context["form"].errors["reason"]
    done = otto_s.post(page, typed(park, submit="1"), follow=True)
    assert "awaits the signature of another person" in done.text
    assert "Sign it" not in done.text
    shown = bob_s.get(page)
    assert "Sign it" in shown.text
    sent = bob_s.post(page + "sign/", {"seen": seen_of(park).isoformat()}, follow=True)
    assert "It is signed." in sent.text
    assert bob_s.post(page + "sign/", {"seen": seen_of(park).isoformat()}).status_code == 409
    look = bob_s.get(page + "publish/")
    assert "€28,000.50" in look.text
    bob_s.post(page + "publish/")
    assert again(park).cost == GOOD.cost
    assert bob_s.get(page + "publish/").status_code == 409
    assert bob_s.post(page + "publish/").status_code == 409


def test_what_somebody_else_wrote_stands_beside_what_was_typed(
    park: Project, costing: Budget, otto: User, edith: User, client_of: Browsers
) -> None:
    before = typed(park, reason="What Otto typed")
    write_assessment(
        edith, project=park, finding=Finding(False, None, None, "What Edith wrote", "en"), seen=None
    )
    page = at(costing, park.subject_id)
    shown = client_of(otto).post(page, before)
    assert shown.status_code == 409
    assert "What Edith wrote" in shown.text
    assert shown.context["form"]["reason"].value() == "What Otto typed"
    again_sent = before | {"seen": shown.context["form"]["seen"].value()}
    assert client_of(otto).post(page, again_sent).status_code == 302
    row = Assessment.objects.get(project=park)
    assert row.reason == "What Otto typed"
    assert "What Edith wrote" in client_of(otto).get(page).text, "the trail keeps it"


def test_what_was_typed_is_kept_when_it_was_submitted_meanwhile(
    park: Project, costing: Budget, otto: User, edith: User, client_of: Browsers
) -> None:
    before = typed(park, reason="What Otto typed")
    submitted(park, edith)
    shown = client_of(otto).post(at(costing, park.subject_id), before)
    assert shown.status_code == 409
    assert "What Otto typed" in shown.text


@pytest.mark.parametrize("typo", ["12,5x", "-3", "1e9999", "NaN", "9" * 30])
def test_what_is_no_amount_is_said_and_kept(
    typo: str, park: Project, costing: Budget, otto: User, client_of: Browsers
) -> None:
    shown = client_of(otto).post(at(costing, park.subject_id), typed(park, cost=typo))
    assert shown.status_code == 400
    assert shown.context["form"].errors["cost"]
    assert shown.context["form"]["cost"].value() == typo
    assert not Assessment.objects.filter(project=park, cost__isnull=False).exists()


def test_amounts_are_understood_as_people_write_them(
    park: Project, costing: Budget, otto: User, client_of: Browsers
) -> None:
    sent = typed(park, cost="28 000,50", running_cost="0")
    client_of(otto).post(at(costing, park.subject_id), sent)
    row = Assessment.objects.get(project=park)
    assert (row.cost, row.running_cost) == (GOOD.cost, 0)


@pytest.mark.parametrize(
    "seen", ["yesterday", "2026-99-99T00:00", "2026-01-01T00:00:00Z", "x" * 99]
)
def test_a_broken_mark_of_what_was_seen_loses_nothing(
    seen: str, park: Project, costing: Budget, otto: User, client_of: Browsers
) -> None:
    write_assessment(otto, project=park, finding=BAD, seen=None)
    shown = client_of(otto).post(at(costing, park.subject_id), typed(park, seen=seen))
    assert shown.status_code in (400, 409)
    assert Assessment.objects.get(project=park).reason == BAD.reason


def test_notes_and_what_was_sent_back_are_read_by_those_who_assess(
    park: Project, costing: Budget, otto: User, bob: User, alice: User, client_of: Browsers
) -> None:
    submitted(park, otto)
    page = at(costing, park.subject_id)
    sent = client_of(bob).post(page + "send-back/", {"back-note": ""})
    assert sent.status_code == 400
    client_of(bob).post(page + "send-back/", {"back-note": "Which <ground>?"})
    client_of(otto).post(page + "note/", {"note-body": "I shall ask & see"})
    client_of(otto).post(page + "note/", {"note-body": "  "})
    shown = client_of(otto).get(page).text
    assert "Sent back by Bob" in shown
    assert "Which &lt;ground&gt;?" in shown
    assert "I shall ask &amp; see" in shown
    public = client_of(alice).get(f"/en/budgets/{costing.process.slug}/projects/{park.subject_id}/")
    assert "I shall ask" not in public.text
    assert Assessment.objects.get(project=park).notes.count() == 1


def test_all_that_is_signed_is_looked_at_then_published(
    park: Project, pool: Project, costing: Budget, alice: User, otto: User, bob: User,
    client_of: Browsers,
) -> None:  # fmt: skip
    submitted(scenario.project(costing, alice, "A bridge"), otto)
    scenario.project(costing, alice, "A tree")
    signed(park, otto, bob)
    signed(pool, otto, bob, BAD)
    browser = client_of(bob)
    assert "2 assessments are signed and not published yet." in browser.get(at(costing)).text
    page = browser.get(at(costing, "publish"))
    numbers = page.context["numbers"]
    assert (numbers.feasible, numbers.not_feasible, numbers.unsigned, numbers.unassessed) == (
        1,
        1,
        1,
        1,
    )
    assert numbers.cost == GOOD.cost
    done = browser.post(at(costing, "publish"), follow=True)
    assert "2 decisions are published." in done.text
    assert browser.post(at(costing, "publish")).status_code == 409


def test_a_decision_is_corrected_from_its_page(
    park: Project, costing: Budget, otto: User, bob: User, client_of: Browsers
) -> None:
    page = at(costing, park.subject_id)
    assert client_of(bob).get(page + "correct/").status_code == 409
    published(park, otto, bob)
    assert client_of(bob).get(page + "correct/").status_code == 200
    assert client_of(bob).post(page + "correct/", {"note": "", "language": "en"}).status_code == 400
    sent = {"note": "A digit was missing.", "language": "en"}
    done = client_of(bob).post(page + "correct/", sent, follow=True)
    assert "This decision is being corrected." in done.text
    listed = client_of(otto).get(at(costing))
    assert titles(listed) == ["A park"]
    assert "To be corrected" in listed.text


def test_authors_are_asked_and_projects_moved_from_their_page(
    park: Project, pool: Project, costing: Budget, bob: User, client_of: Browsers
) -> None:
    page, browser = at(costing, park.subject_id), client_of(bob)
    day = (timezone.now() + timezone.timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    assert (
        browser.post(page + "revision/", {"reason": "Where?", "language": "en"}).status_code == 400
    )
    sent = {"reason": "Where <b>is</b> it?", "due_at": day, "language": "fr"}
    shown = browser.post(page + "revision/", sent, follow=True)
    assert "Where &lt;b&gt;is&lt;/b&gt; it?" in shown.text
    assert browser.post(page + "revision/", sent).status_code == 409
    browser.post(page + "revision/withdraw/")
    assert again(park).revision_asked_at is None
    ask = {"into": pool.pk, "reason": "Alike", "expires_at": day, "language": "en"}
    assert browser.post(page + "merger/", ask | {"into": "999999"}).status_code == 400
    shown = browser.post(page + "merger/", ask, follow=True)
    assert "merge it into “A pool”" in shown.text
    browser.post(page + "merger/withdraw/")
    assert browser.post(page + "merger/withdraw/").status_code == 404
    same = {"envelope": park.envelope_id, "reason": "Why", "language": "en"}
    moved = browser.post(page + "move/", same)
    assert moved.status_code == 400
    assert "It is there already." in moved.text


def test_nothing_can_be_asked_once_voting_has_opened(
    park: Project, costing: Budget, bob: User, client_of: Browsers
) -> None:
    published(park, bob, bob_s_colleague(costing))
    scenario.move_to(costing, "voting")
    page, browser = at(costing, park.subject_id), client_of(bob)
    assert browser.get(page).status_code == 200
    for place in ("revision/", "merger/", "move/", "correct/"):
        assert browser.get(page + place).status_code == 409, place
    assert browser.post(at(costing, "publish")).status_code == 409


def bob_s_colleague(budget: Budget) -> User:
    person = factories.person("Edna")
    grant_role(None, person=person, organisation=budget.process.organisation, role="editor")
    return person


def test_neighbours_are_those_of_the_list_that_was_asked_for(
    park: Project, pool: Project, costing: Budget, alice: User, otto: User, bob: User,
    client_of: Browsers,
) -> None:  # fmt: skip
    bridge = scenario.project(costing, alice, "A bridge")
    ids = [bridge.subject_id, park.subject_id]
    hand_out(bob, budget=costing, subject_ids=ids, assessor=otto, due_at=in_days(2))
    page = client_of(otto).get(at(costing, park.subject_id))
    assert page.context["following_href"].startswith(at(costing, bridge.subject_id))
    assert page.context["previous_href"] == ""
    page = client_of(otto).get(at(costing, bridge.subject_id))
    assert page.context["following_href"].startswith(at(costing, pool.subject_id))
    page = client_of(otto).get(at(costing, bridge.subject_id), {"whose": "mine"})
    assert page.context["following_href"] == ""


def test_what_is_not_there_is_not_found(
    park: Project, costing: Budget, organisation: Any, bob: User, client_of: Browsers
) -> None:
    elsewhere = scenario.budget_in("costing", bob, organisation, slug="elsewhere")
    browser = client_of(bob)
    assert browser.get(at(elsewhere, park.subject_id)).status_code == 404
    for number in (0, 10**18, 10**30):
        assert browser.get(at(costing, number)).status_code == 404
    assert browser.post(at(costing, "hand-out"), {"subject": [10**18]}).status_code == 302


def fill(budget: Budget, author: User, otto: User, bob: User, number: int) -> None:
    """Projects with assessor, day, notes, requests: all that a row can show."""
    for n in range(number):
        row = scenario.project(budget, author, f"Tree {number}.{n}")
        ids = [row.subject_id]
        hand_out(bob, budget=budget, subject_ids=ids, assessor=otto, due_at=in_days(2))
        add_note(otto, project=row, body="A note")
        write_assessment(otto, project=row, finding=GOOD, seen=seen_of(row))
        if n % 3 == 0:
            other = scenario.project(budget, author, f"Bush {number}.{n}")
            ask_for_merger(
                bob, project=row, into=other, reason="Alike", expires_at=in_days(3), language="en"
            )
        if n % 3 == 1:
            submitted(row, otto)
            send_back(bob, project=row, note="Again")


@pytest.mark.parametrize("who", ["bob", "otto"])
def test_thirty_cost_as_many_queries_as_three(
    who: str, costing: Budget, alice: User, otto: User, bob: User, client_of: Browsers,
    request: Any,
) -> None:  # fmt: skip
    browser = client_of(request.getfixturevalue(who))
    numbers = []
    for many in (3, 30):
        fill(costing, alice, otto, bob, many)
        browser.get(at(costing))
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(at(costing), {"whose": "mine"}).status_code == 200
        first = Assessment.objects.filter(notes__isnull=False).first().project
        one = CaptureQueriesContext(connection)
        with one:
            assert browser.get(at(costing, first.subject_id)).status_code == 200
        numbers.append((len(captured), len(one)))
    assert numbers[0] == numbers[1]
    assert numbers[0][0] == 7
    assert numbers[0][1] <= 14


def test_its_page_has_as_many_queries_with_thirty_notes_as_with_three(
    park: Project, costing: Budget, otto: User, bob: User, client_of: Browsers
) -> None:
    numbers = []
    for many in (3, 30):
        for n in range(many):
            add_note(otto, project=park, body=f"Note {n}")
            submitted(park, otto)
            send_back(bob, project=park, note="Again")
        with CaptureQueriesContext(connection) as captured:
            client_of(otto).get(at(costing, park.subject_id))
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]
