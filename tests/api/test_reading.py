"""What the API shows: the same figures as the rows, in the right order, to the right people."""

import pytest

from accounts.models import Area
from answers.actions import promise
from answers.models import Obligation
from consultations.actions import propose_amendment, propose_new_article
from deliberation.actions import (
    add_source,
    post_comment,
    support_comment,
    take_position,
    withdraw_comment,
)
from processes.models import Process, Subject
from processes.permissions import may_read
from tests.counts import assert_counts_hold, recounted, recounted_process
from tests.factories import person
from tests.scenario import World, draft_consultation, end_phases, open_consultation

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def get(client):
    """What nobody in particular reads: the document; `status` is what it must come with."""

    def read(path: str, status: int = 200, /, **query):
        answer = client.get(f"{API}{path}", query)
        assert answer.status_code == status, answer.content
        return answer.json()

    return read


@pytest.fixture
def lively(world: World, alice, charlie, otto) -> World:
    """A world in which something was said of every kind, and some of it taken back."""
    for number, article in enumerate(world.articles):
        take_position(
            alice, subject_id=article.pk, value=("agree", "mixed", "disagree")[number % 3]
        )
        take_position(charlie, subject_id=article.pk, value="agree")
    first = post_comment(alice, subject_id=world.article.pk, body="For.", stance="for")
    post_comment(charlie, subject_id=world.article.pk, body="Against.", stance="against")
    post_comment(charlie, subject_id=world.article.pk, body="Why?", parent_id=first.pk)
    taken_back = post_comment(charlie, subject_id=world.article.pk, body="Hm.")
    withdraw_comment(charlie, comment_id=taken_back.pk)
    support_comment(otto, comment_id=first.pk)
    add_source(
        alice, subject_id=world.article.pk, title="S", url="https://example.org/", category="law"
    )
    amendment = propose_amendment(
        alice, section_id=world.section().pk, body="Three metres.", reason="Room."
    )
    take_position(charlie, subject_id=amendment.subject_id, value="disagree")
    propose_new_article(
        charlie, consultation=world.consultation, title="Lamps", body="Lamps.", reason="Dark."
    )
    return world


def test_every_figure_equals_a_recount(lively, get):
    assert_counts_hold(lively.process)
    slug = lively.process.slug
    totals = recounted_process(lively.process)
    assert totals["position_count"] == 9
    for document in (get(f"/consultations/{slug}/"), get("/processes/")["results"][0]):
        assert {name: document[name] for name in totals} == totals
    rows = get(f"/consultations/{slug}/sections/")["results"]
    rows += get(f"/consultations/{slug}/proposals/")["results"]
    rows += [get(f"/subjects/{row['subject']}/") for row in rows]
    for row in rows:
        subject = Subject.objects.get(pk=row.get("subject", row["id"]))
        counted = recounted(subject)
        shown = {name: row[name] for name in counted if name in row}
        assert shown == {name: counted[name] for name in shown}
        assert {"agree_count", "mixed_count", "disagree_count", "comment_count"} <= set(shown)


def test_the_text_comes_in_reading_order_with_all_its_parts(world, get):
    rows = get(f"/consultations/{world.process.slug}/sections/")["results"]
    assert [(row["kind"], row["label"]) for row in rows] == [
        ("chapter", "Chapter 1"),
        ("article", "Article 1"),
        ("article", "Article 2"),
        ("chapter", "Chapter 2"),
        ("article", "Article 3"),
        ("article", "Article 4"),
    ]
    chapter, article = rows[0], rows[1]
    assert article["parent"] == chapter["id"] == world.section().pk - 1
    assert article["id"] == world.section().pk
    assert article["subject"] == world.article.pk
    assert article["body"].startswith("A pavement is at least two metres wide.")
    assert article["heading"] == "Width of pavements"
    assert article["number"] == "1"
    only = get(f"/consultations/{world.process.slug}/sections/", kind="article")["results"]
    assert len(only) == 4


def test_pages_follow_each_other_without_gap_or_repetition(world, get, client):
    seen, address = [], f"{API}/consultations/{world.process.slug}/sections/?page_size=2"
    while address:
        page = client.get(address).json()
        assert len(page["results"]) == 2
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    whole = get(f"/consultations/{world.process.slug}/sections/")
    assert seen == [row["id"] for row in whole["results"]]
    assert whole["next"] is None


def test_a_version_that_is_not_there_is_not_found(world, get):
    path = f"/consultations/{world.process.slug}/sections/"
    assert get(path, version=1)["results"][0]["version"] == 1
    assert get(path, 404, version=2)["code"] == "not_found"
    assert "version" in get(path, 400, version="two")["errors"]
    assert "language" in get(path, 400, language="xx")["errors"]


def test_a_consultation_says_where_it_stands_and_what_is_promised(world, bob, get):
    process = world.process
    promise(bob, process=process, rule="top", number=3, due_at=process.closes_at)
    document = get(f"/consultations/{process.slug}/")
    assert document["status"] == "open"
    assert document["title"] == "Streets and markets"
    assert document["titles"]["fr"] == "Streets and markets (fr)"
    assert document["organisation"]["slug"] == "city-council"
    assert document["area"]["slug"] == "city"
    assert document["current_version"] == 1
    assert [version["number"] for version in document["versions"]] == [1]
    (phase,) = document["phases"]
    assert phase["state"] == "now"
    assert "take_position" in phase["activities"]
    promised = document["promise"]
    assert (promised["rule"], promised["number"], promised["owed"]) == ("top", 3, 0)


def test_the_language_of_the_answer_is_the_one_asked_for(world, client):
    answer = client.get(
        f"{API}/consultations/{world.process.slug}/", headers={"accept-language": "fr"}
    )
    assert answer.json()["title"] == "Streets and markets (fr)"
    assert answer.headers["Content-Language"] == "fr"
    assert "Accept-Language" in answer.headers["Vary"]


def test_processes_are_filtered_as_on_the_front_page(bob, organisation, village, olga, get):
    other = olga.memberships.get().organisation
    here = open_consultation(bob, organisation, title="Pavements and kerbs").process.slug
    there = open_consultation(olga, other, title="Wells").process.slug

    def found(**query):
        return {row["slug"] for row in get("/processes/", **query)["results"]}

    assert found() == {here, there}
    assert found(area="country") == {here, there}
    assert found(area="city") == {here}
    assert found(organisation=other.slug) == {there}
    assert found(kind="consultation", status="open") == {here, there}
    assert found(status="closed") == found(kind="poll") == set()
    assert found(q="pavement") == {here}
    assert found(q="pavement", area="village") == set()
    end_phases(olga, Process.objects.get(slug=there))
    assert found(status="closed") == {there}
    assert found(status="open") == {here}


@pytest.mark.parametrize("name", ["kind", "status", "area", "organisation", "topic"])
def test_an_unknown_word_in_a_filter_is_refused(world, get, name):
    document = get("/processes/", 400, **{name: "nonsense"})
    assert document["code"] == "not_accepted"
    assert list(document["errors"]) == [name]


def test_what_is_not_published_is_there_for_its_body_alone(bob, olga, organisation, api_of, nobody):
    process = draft_consultation(bob, organisation).process
    assert not may_read(olga, process)
    for path in ("", "sections/", "proposals/"):
        address = f"{API}/consultations/{process.slug}/{path}"
        for outsider in (nobody, olga):
            assert api_of(outsider).get(address).status_code == 404
    assert api_of(bob).get(f"{API}/consultations/{process.slug}/").json()["status"] == "open"
    written = api_of(bob).get(f"{API}/consultations/{process.slug}/sections/").json()["results"]
    assert len(written) == 6
    assert {row["subject"] for row in written} == {None}
    assert api_of(bob).get(f"{API}/processes/").json()["results"] == []


def test_a_subject_says_what_i_may_do_and_where_i_stand(world, alice, otto, api_of, nobody):
    take_position(alice, subject_id=world.article.pk, value="mixed")
    path = f"{API}/subjects/{world.article.pk}/"
    mine, theirs = api_of(alice).get(path).json(), api_of(otto).get(path).json()
    assert (mine["my_position"], theirs["my_position"]) == ("mixed", None)
    assert mine["process"] == world.process.slug
    assert mine["kind"] == "section"
    assert mine["may"]["take_position"] == {"allowed": True, "code": "ok", "message": ""}
    assert mine["may"]["answer"]["code"] == "not_of_this_body"
    assert theirs["may"]["answer"]["allowed"]
    public = api_of(nobody).get(path).json()
    assert public["my_position"] is None
    assert public["may"]["comment"]["code"] == "sign_in_first"


def test_comments_come_in_the_order_asked_for(lively, get):
    path = f"/subjects/{lively.article.pk}/comments/"
    newest = get(path)["results"]
    assert [row["id"] for row in newest] == sorted((row["id"] for row in newest), reverse=True)
    assert [r["id"] for r in get(path, ordering="oldest")["results"]] == [
        row["id"] for row in reversed(newest)
    ]
    best = get(path, ordering="support")["results"][0]
    assert (best["stance"], best["support_count"], best["reply_count"]) == ("for", 1, 1)
    assert [row["body"] for row in get(path, stance="against")["results"]] == ["Against."]
    (reply,) = get(path, parent=best["id"])["results"]
    assert (reply["depth"], reply["root"], reply["parent"]) == (1, best["id"], best["id"])
    assert "ordering" in get(path, 400, ordering="best")["errors"]


def test_what_was_taken_back_keeps_its_place_without_words(lively, get):
    rows = get(f"/subjects/{lively.article.pk}/comments/")["results"]
    (tombstone,) = [row for row in rows if row["state"] == "withdrawn"]
    assert (tombstone["body"], tombstone["author"]) == ("", None)
    assert "Hm." not in str(rows)


def test_proposals_are_filtered_and_ordered(lively, alice, bob, get):
    path = f"/consultations/{lively.process.slug}/proposals/"
    more = propose_amendment(
        alice, section_id=lively.section(3).pk, body="On Fridays.", reason="Free."
    )
    for _number in range(2):
        take_position(person(), subject_id=more.subject_id, value="agree")
    assert get(path)["results"][0]["id"] == more.pk
    assert len(get(path, kind="new_article")["results"]) == 1
    under = lively.section().pk
    assert [row["section"] for row in get(path, section=under)["results"]] == [under]
    chapter = under - 1
    assert [row["section"] for row in get(path, section=chapter)["results"]] == [under]
    assert "section" in get(path, 400, section=10**9)["errors"]
    assert [row["title"] for row in get(path, q="lamp")["results"]] == ["Lamps"]
    assert len(get(path, answer="unanswered")["results"]) == 3
    assert get(path, answer="owed")["results"] == []
    Obligation.objects.create(
        subject=more.subject,
        process=lively.process,
        debtor=lively.process.organisation,
        due_at=lively.process.closes_at,
    )
    (owed,) = get(path, answer="owed")["results"]
    assert owed["obligation"]["state"] == "owed"
    for ordering in ("support", "newest", "discussed", "contested"):
        assert len(get(path, ordering=ordering)["results"]) == 3


def test_my_contributions_are_all_kinds_in_order_of_time(lively, alice, api_of):
    client = api_of(alice)
    rows = client.get(f"{API}/me/contributions/").json()["results"]
    assert [row["kind"] for row in rows] == ["amendment", "source", "comment"]
    assert [row["text"] for row in rows] == ["Three metres.", "S", "For."]
    paged, address = [], f"{API}/me/contributions/?page_size=1"
    while address:
        page = client.get(address).json()
        paged += page["results"]
        address = page["next"]
    assert paged == rows
    held = client.get(f"{API}/me/positions/").json()["results"]
    assert {row["subject"]: row["value"] for row in held} == {
        article.pk: ("agree", "mixed", "disagree")[number % 3]
        for number, article in enumerate(lively.articles)
    }


@pytest.mark.parametrize("path", ["areas", "organisations", "topics"])
def test_words_to_filter_by_are_listed(world, get, path):
    slugs = [row["slug"] for row in get(f"/{path}/")["results"]]
    expected = {"areas": Area.objects.count(), "organisations": 1, "topics": 0}
    assert len(slugs) == expected[path]


def test_every_answer_has_exactly_the_members_that_the_schema_tells_of(lively, alice, api_of):
    client = api_of(alice)
    schema = client.get(f"{API}/schema/").json()["components"]["schemas"]
    slug, article = lively.process.slug, lively.article.pk
    for name, path in {
        "Consultation": f"consultations/{slug}/",
        "Process": "processes/",
        "Section": f"consultations/{slug}/sections/",
        "Proposal": f"consultations/{slug}/proposals/",
        "Subject": f"subjects/{article}/",
        "Position": f"subjects/{article}/position/",
        "Comment": f"subjects/{article}/comments/",
        "Source": f"subjects/{article}/sources/",
        "Me": "me/",
        "Contribution": "me/contributions/",
        "OwnPosition": "me/positions/",
        "AreaInTree": "areas/",
        "Organisation": "organisations/",
    }.items():
        document = client.get(f"{API}/{path}").json()
        for row in document.get("results", [document]):
            assert set(row) == set(schema[name]["properties"]) == set(schema[name]["required"])
