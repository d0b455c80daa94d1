"""What a person does by the API: the same verbs as on the pages, refused by the same verdicts."""

from datetime import timedelta

import pytest

from answers.models import Answer
from consultations.models import Proposal
from deliberation.actions import post_comment, take_position
from deliberation.models import Comment, Position, Source
from processes.models import Process, Subject
from tests.counts import assert_counts_hold
from tests.scenario import World, end_phases, open_consultation, plan

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def on(world: World) -> str:
    """The address of the first article."""
    return f"{API}/subjects/{world.article.pk}"


def test_a_position_is_taken_changed_repeated_and_withdrawn(world, on, alice, api_of):
    client = api_of(alice)
    taken = client.put(f"{on}/position/", {"value": "agree"})
    assert taken.status_code == 200
    assert taken.json() == {
        "subject": world.article.pk,
        "value": "agree",
        "agree_count": 1,
        "mixed_count": 0,
        "disagree_count": 0,
    }
    before = Position.objects.get()
    assert client.put(f"{on}/position/", {"value": "agree"}).json() == taken.json()
    assert Position.objects.get().changed_at == before.changed_at
    changed = client.put(f"{on}/position/", {"value": "disagree"}).json()
    assert (changed["agree_count"], changed["disagree_count"]) == (0, 1)
    assert client.get(f"{on}/position/").json() == changed
    for _again in range(2):
        assert client.delete(f"{on}/position/").status_code == 204
    assert client.get(f"{on}/position/").json()["value"] is None
    assert_counts_hold(world.process)


@pytest.mark.parametrize(
    "body", [{}, {"value": None}, {"value": "yes"}, {"value": 1}, {"value": "agree", "x": 1}, []]
)
def test_a_position_that_is_none_is_refused_by_field(on, alice, api_of, body):
    answer = api_of(alice).put(f"{on}/position/", body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "not_accepted"
    assert not Position.objects.exists()


def test_an_argument_and_replies_two_levels_deep(world, on, alice, charlie, api_of):
    posted = api_of(alice).post(f"{on}/comments/", {"body": " **Wider!** ", "stance": "for"})
    assert posted.status_code == 201
    row = posted.json()
    assert (row["body"], row["stance"], row["depth"]) == ("**Wider!**", "for", 0)
    assert row["author"] == {"id": alice.pk, "name": "Alice", "is_official": False}
    assert posted.headers["Location"] == f"http://testserver{API}/comments/{row['id']}/"
    assert api_of(charlie).get(posted.headers["Location"]).json() == row
    depth = 0
    while row["depth"] < 2:
        depth += 1
        row = api_of(charlie).post(f"{on}/comments/", {"body": "?", "parent": row["id"]}).json()
        assert (row["depth"], row["stance"]) == (depth, "neutral")
    deeper = api_of(alice).post(f"{on}/comments/", {"body": "?", "parent": row["id"]})
    assert (deeper.status_code, deeper.json()["code"]) == (409, "too_deep")
    assert_counts_hold(world.process)


def test_an_official_is_shown_as_one(on, otto, api_of):
    row = api_of(otto).post(f"{on}/comments/", {"body": "The council."}).json()
    assert row["author"]["is_official"]
    assert api_of(otto).get(f"{on}/comments/").json()["results"] == [row]


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        ({}, 400, "body"),
        ({"body": ""}, 400, "body"),
        ({"body": "  \n"}, 400, "body"),
        ({"body": "a", "stance": "maybe"}, 400, "stance"),
        ({"body": "a", "parent": "1"}, 400, "parent"),
        ({"body": "a", "parent": 0}, 400, "parent"),
        ({"body": "a", "parent": 10**30}, 400, "parent"),
        ({"body": "a", "parent": 10**15}, 404, ""),
    ],
)
def test_a_comment_that_cannot_be_is_refused(on, alice, api_of, body, status, where):
    answer = api_of(alice).post(f"{on}/comments/", body)
    assert answer.status_code == status
    assert not where or list(answer.json()["errors"]) == [where]
    assert not Comment.objects.exists()


def test_a_reply_belongs_to_its_subject(world, on, alice, api_of):
    elsewhere = post_comment(alice, subject_id=world.articles[1].pk, body="There.")
    answer = api_of(alice).post(f"{on}/comments/", {"body": "Here.", "parent": elsewhere.pk})
    assert (answer.status_code, answer.json()["code"]) == (400, "other_subject")


def test_own_words_are_changed_and_taken_back(world, on, alice, charlie, api_of):
    pk = api_of(alice).post(f"{on}/comments/", {"body": "Wider!"}).json()["id"]
    path = f"{API}/comments/{pk}/"
    supported = api_of(charlie).put(f"{path}support/").json()
    assert (supported["support_count"], supported["is_supported"]) == (1, True)
    assert api_of(charlie).put(f"{path}support/").json() == supported
    changed = api_of(alice).patch(path, {"body": "Narrower!"}).json()
    assert (changed["body"], changed["support_count"]) == ("Narrower!", 0)
    assert changed["edited_at"]
    assert api_of(alice).patch(path, {}).json() == changed
    assert api_of(charlie).put(f"{path}support/").status_code == 200
    assert api_of(charlie).delete(f"{path}support/").status_code == 204
    assert api_of(alice).delete(path).status_code == 204
    assert api_of(charlie).get(path).json()["state"] == "withdrawn"
    again = api_of(alice).delete(path)
    assert (again.status_code, again.json()["code"]) == (409, "withdrawn")
    assert_counts_hold(world.process)


def test_a_source_is_attached_and_taken_back(world, on, alice, api_of):
    body = {"title": "A study", "url": "https://example.org/a", "category": "study", "note": "N."}
    answer = api_of(alice).post(f"{on}/sources/", body)
    assert answer.status_code == 201
    row = answer.json()
    assert {name: row[name] for name in body} == body
    assert api_of(alice).get(answer.headers["Location"]).json() == row
    assert api_of(alice).delete(f"{API}/sources/{row['id']}/").status_code == 204
    assert api_of(alice).get(answer.headers["Location"]).status_code == 404
    assert api_of(alice).get(f"{on}/sources/").json()["results"] == []
    assert_counts_hold(world.process)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "javascript:alert(1)"},
        {"url": "ftp://example.org/"},
        {"url": "https://"},
        {"url": "https://exa mple.org/"},
        {"url": ""},
        {"title": ""},
        {"title": "x" * 301},
        {"category": "rumour"},
        {"note": "x" * 2001},
    ],
)
def test_a_source_that_is_none_is_refused(on, alice, api_of, change):
    body = {"title": "A study", "url": "https://example.org/", "category": "study"} | change
    assert api_of(alice).post(f"{on}/sources/", body).status_code == 400
    assert not Source.objects.exists()


def test_an_amendment_and_a_new_article(world, alice, api_of):
    path = f"{API}/consultations/{world.process.slug}/proposals/"
    section = world.section().pk
    body = {"kind": "amendment", "section": section, "body": "Three.", "reason": "Room."}
    posted = api_of(alice).post(path, body)
    assert posted.status_code == 201
    amendment = posted.json()
    assert (amendment["kind"], amendment["section"], amendment["version"]) == (
        "amendment",
        section,
        1,
    )
    assert api_of(alice).get(posted.headers["Location"]).json() == amendment
    lamps = {"kind": "new_article", "title": "Lamps", "body": "Lamps.", "reason": ""}
    article = api_of(alice).post(path, lamps).json()
    assert (article["title"], article["section"], article["version"]) == ("Lamps", None, None)
    placed = api_of(alice).post(path, lamps | {"section": section - 1}).json()
    assert placed["section"] == section - 1
    shown = {row["id"]: row for row in api_of(alice).get(path).json()["results"]}
    assert shown == {row["id"]: row for row in (amendment, article, placed)}
    assert_counts_hold(world.process)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"section": None}, "section"),
        ({"section": 10**12}, "section"),
        ({"section": "1"}, "section"),
        ({"kind": "wish"}, "kind"),
        ({"body": ""}, "body"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_a_proposal_that_is_none_is_refused_by_field(world, alice, api_of, change, where):
    path = f"{API}/consultations/{world.process.slug}/proposals/"
    body = {"kind": "amendment", "section": world.section().pk, "body": "Three.", "reason": "R."}
    answer = api_of(alice).post(path, body | change)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [where]
    assert not Proposal.objects.exists()


def test_an_amendment_is_to_an_article_of_this_consultation(
    world, alice, olga, other_organisation, api_of
):
    other = open_consultation(olga, other_organisation, title="Wells")
    body = {"kind": "amendment", "section": world.section().pk, "body": "Three.", "reason": "R."}
    answer = api_of(alice).post(f"{API}/consultations/{other.process.slug}/proposals/", body)
    assert "section" in answer.json()["errors"]
    nowhere = api_of(alice).post(f"{API}/consultations/nowhere/proposals/", body)
    assert nowhere.status_code == 404


def test_an_edit_that_resets_positions_is_confirmed_first(world, alice, charlie, api_of):
    path = f"{API}/consultations/{world.process.slug}/proposals/"
    body = {"kind": "amendment", "section": world.section().pk, "body": "Three.", "reason": "R."}
    row = api_of(alice).post(path, body).json()
    take_position(charlie, subject_id=row["subject"], value="agree")
    own = f"{API}/proposals/{row['id']}/"
    assert api_of(alice).patch(own, {"reason": "More room."}).json()["reason"] == "More room."
    refused = api_of(alice).patch(own, {"body": "Four."})
    assert (refused.status_code, refused.json()["code"]) == (409, "positions_would_reset")
    changed = api_of(alice).patch(own, {"body": "Four.", "confirmed_resets": 1}).json()
    assert (changed["body"], changed["agree_count"]) == ("Four.", 0)
    assert changed["reason"] == "More room."
    assert api_of(alice).delete(own).status_code == 204
    assert api_of(charlie).get(own).json()["state"] == "withdrawn"
    assert api_of(charlie).get(path).json()["results"] == []
    assert_counts_hold(world.process)


def test_an_answer_is_given_once_and_changed(on, otto, api_of):
    client = api_of(otto)
    missing = client.get(f"{on}/answer/")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_answered")
    body = {"decision": "adopted_in_part", "body": "Half of it."}
    given = client.put(f"{on}/answer/", body)
    assert given.status_code == 201
    assert given.json()["organisation"]["slug"] == "city-council"
    assert client.get(f"{on}/answer/").json() == given.json()
    assert client.put(f"{on}/answer/", body).status_code == 200
    changed = client.put(f"{on}/answer/", {"decision": "refused", "body": "After all not."})
    assert changed.status_code == 200
    assert changed.json()["changed_at"]
    assert client.get(f"{on}/").json()["answer"] == changed.json()
    for wrong in ({"decision": "maybe", "body": "x"}, {"decision": "refused", "body": ""}, {}):
        assert client.put(f"{on}/answer/", wrong).status_code == 400
    assert Answer.objects.get().decision == "refused"


WRITES = {
    "take_position": lambda c, w: c.put(
        f"{API}/subjects/{w.article.pk}/position/", {"value": "agree"}
    ),
    "comment": lambda c, w: c.post(f"{API}/subjects/{w.article.pk}/comments/", {"body": "a"}),
    "add_source": lambda c, w: c.post(
        f"{API}/subjects/{w.article.pk}/sources/",
        {"title": "a", "url": "https://example.org/", "category": "law"},
    ),
    "amend": lambda c, w: c.post(
        f"{API}/consultations/{w.process.slug}/proposals/",
        {"kind": "amendment", "section": w.section().pk, "body": "a", "reason": "b"},
    ),
    "propose": lambda c, w: c.post(
        f"{API}/consultations/{w.process.slug}/proposals/",
        {"kind": "new_article", "title": "t", "body": "a", "reason": "b"},
    ),
}


@pytest.mark.parametrize("activity", WRITES)
@pytest.mark.parametrize(
    ("phase", "code"),
    [
        ("before", "not_open_yet"),
        ("after", "not_open_any_more"),
        ("never", "not_offered"),
        ("others", "not_verified"),
    ],
)
def test_outside_of_its_phase_nothing_is_written(
    activity, phase, code, bob, alice, organisation, api_of, nobody
):
    phases = {
        "before": plan(opens_in=timedelta(days=1)),
        "after": plan(),
        "never": plan(activities=[name for name in WRITES if name != activity]),
        "others": plan(audience="verified"),
    }[phase]
    world = open_consultation(bob, organisation, phases=phases)
    if phase == "after":
        end_phases(bob, world.process)
    before = Subject.objects.count()
    answer = WRITES[activity](api_of(alice), world)
    assert answer.json()["code"] == code
    assert answer.status_code == (403 if phase == "others" else 409)
    assert answer.json()["detail"]
    assert WRITES[activity](api_of(nobody), world).status_code == 401
    assert Subject.objects.count() == before
    assert not Position.objects.exists()
    assert not Comment.objects.exists()
    assert not Source.objects.exists()
    assert Process.objects.get().participant_count == 0


def test_what_somebody_writes_is_in_the_language_of_the_request_or_their_own(on, alice, api_of):
    alice.language = "fr"
    alice.save(update_fields=["language"])
    assert api_of(alice).post(f"{on}/comments/", {"body": "Oui."}).json()["language"] == "fr"
    kazakh = api_of(alice).post(
        f"{on}/comments/", {"body": "Иә."}, headers={"accept-language": "kk"}
    )
    assert kazakh.json()["language"] == "kk"


@pytest.mark.parametrize(("method", "path"), [("put", "position"), ("delete", "position"),
                                              ("post", "comments"), ("post", "sources")])  # fmt: skip
def test_a_write_without_the_last_slash_is_sent_on_as_it_is(method, path, on, alice, api_of):
    client = api_of(alice)
    moved = getattr(client, method)(f"{on}/{path}?a=b", {"value": "agree"})
    assert (moved.status_code, moved["Location"]) == (308, f"{on}/{path}/?a=b")
    assert client.get(f"{on}/{path}").status_code == 301
    if method != "delete":
        assert not Position.objects.exists()


def test_a_client_that_follows_has_written(world, on, alice, api_of):
    client = api_of(alice)
    taken = client.put(f"{on}/position", {"value": "agree"}, follow=True)
    assert (taken.status_code, taken.json()["value"]) == (200, "agree")
    said = client.post(f"{on}/comments", {"body": "Wider.", "stance": "for"}, follow=True)
    assert (said.status_code, said.json()["body"]) == (201, "Wider.")


def test_an_address_that_is_none_is_not_found_with_or_without_slash(alice, api_of):
    for path in ("nothing", "nothing/"):
        answer = api_of(alice).post(f"{API}/{path}", {"value": "agree"})
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
