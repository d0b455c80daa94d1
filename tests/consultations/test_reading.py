"""Pages of a consultation that everyone reads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from answers.actions import answer, owe_answers, promise
from answers.models import Obligation
from consultations.actions import (
    propose_amendment,
    propose_new_article,
    publish_version,
    withdraw_proposal,
    write_draft,
)
from consultations.drafting.parse import parse_draft
from consultations.kinds import SectionKind
from consultations.models import Proposal
from consultations.text import Row, cut
from deliberation.actions import post_comment, take_position
from processes.actions import close, publish_results
from processes.kinds import SubjectKind
from processes.models import Process, Subject
from tests import scenario
from tests.scenario import World
from tests.support.queries import named_queries

pytestmark = pytest.mark.django_db

IDENTITY = {"session": 'FROM "django_session"', "person": 'FROM "accounts_user"'}
PAGES = ("", "draft/", "proposals/", "answers/", "results/", "activity/", "feed/")
FRAME = {"consultation": 'FROM "consultations_consultation"'}
PROMISE = {"promise": 'FROM "answers_promise"', "kept": 'COUNT("answers_obligation"."id")'}


def address(world: World, path: str = "", language: str = "en") -> str:
    return f"/{language}/consultations/{world.process.slug}/{path}"


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def many_proposals(world: World, author: User, number: int) -> None:
    """Amendments of the first article, each with one more in favour than the one before."""
    wording = world.wording(1)
    subjects = Subject.objects.bulk_create(
        Subject(
            process=world.process,
            kind=SubjectKind.AMENDMENT,
            parent=world.article,
            author=author,
            title=f"Amendment number {n}",
            agree_count=n,
            disagree_count=number - n,
            comment_count=n % 7,
        )
        for n in range(number)
    )
    Proposal.objects.bulk_create(
        Proposal(
            consultation=world.consultation,
            subject=subject,
            kind="amendment",
            section=world.section(1),
            wording=wording,
            body=subject.title,
            body_html=subject.title,
        )
        for subject in subjects
    )


@pytest.fixture
def second_version(world, alice, bob) -> Proposal:
    """The text's second version: article 2 rewritten because of Alice, 4 gone, 5 new."""
    proposal = propose_amendment(
        alice, section_id=world.section(2).pk, body="Two trees.", reason="", title="Two for one"
    )
    answer(bob, subject_id=proposal.subject_id, decision="adopted", body="Gladly.")
    text = scenario.TEXT.replace("A tree that is felled", "Each tree that is felled")
    text = text[: text.index("## Article 4")] + "## Article 5: Dogs\n\nDogs are kept on a lead.\n"
    write_draft(bob, consultation=world.consultation, draft=parse_draft(text), language="en")
    publish_version(
        bob,
        consultation=world.consultation,
        moved_by={world.section(2).pk: [proposal.subject_id]},
        notes={world.section(2).pk: "More trees."},
    )
    return proposal


@pytest.mark.parametrize("path", PAGES)
def test_everyone_reads_what_is_published(path, world, client):
    response = client.get(address(world, path))
    assert response.status_code == 200
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_only_the_bodys_people_read_what_is_not_published(
    path, bob, otto, olga, alice, organisation, client_of, nobody
):
    consultation = scenario.draft_consultation(bob, organisation)
    page = f"/en/consultations/{consultation.process.slug}/{path}"
    for person, status in ((nobody, 404), (alice, 404), (olga, 404), (bob, 200), (otto, 200)):
        assert client_of(person).get(page).status_code == status, person


def test_the_bodys_people_read_the_draft_before_it_is_published(bob, organisation, client_of):
    consultation = scenario.draft_consultation(bob, organisation)
    page = text_of(client_of(bob).get(f"/en/consultations/{consultation.process.slug}/draft/"))
    assert "A tree that is felled" in page
    assert "Only the people of the public body see it" in page


def test_an_unknown_consultation_is_not_found(client, db):
    for path in PAGES:
        assert client.get(f"/en/consultations/nothing/{path}").status_code == 404


def test_the_page_says_who_asks_how_many_take_part_and_what_is_promised(
    world, alice, charlie, bob, client
):
    due = timezone.now() + timedelta(days=9)
    promise(bob, process=world.process, rule="threshold", number=1, due_at=due)
    proposal = propose_amendment(
        alice, section_id=world.section(1).pk, body="Three metres.", reason="", title="Wider"
    )
    take_position(charlie, subject_id=proposal.subject_id, value="agree")
    post_comment(charlie, subject_id=world.article.pk, body="Well said.", stance="for")
    owe_answers(process=world.process)
    response = client.get(address(world))
    page = text_of(response)
    assert "City-Council council" in page
    assert [number for number, _name in response.context["figures"]] == [2, 2, 1]
    counts = response.context["promise"]["counts"]
    assert (counts.owed, counts.answered, counts.late) == (1, 0, 0)
    assert "Every contribution that one person supports is owed a reasoned answer" in page
    assert [row.title for row in response.context["discussed"]] == [world.article.title]
    assert [row.title for row in response.context["latest"]] == ["Wider"]
    answer(bob, subject_id=proposal.subject_id, decision="refused", body="Too wide.")
    counts = client.get(address(world)).context["promise"]["counts"]
    assert (counts.owed, counts.answered, counts.late) == (1, 1, 0)


def test_what_is_withdrawn_before_it_is_answered_is_owed_no_more(world, alice, charlie, bob):
    promise(bob, process=world.process, rule="top", number=5, due_at=timezone.now())
    first = propose_amendment(alice, section_id=world.section(1).pk, body="Five.", reason="")
    second = propose_amendment(alice, section_id=world.section(2).pk, body="Six.", reason="")
    for proposal in (first, second):
        take_position(charlie, subject_id=proposal.subject_id, value="agree")
    owe_answers(process=world.process)
    rows = Obligation.objects.filter(process=world.process)
    assert (rows.counts().owed, rows.counts().late, rows.counts().waiting) == (2, 2, 0)
    withdraw_proposal(alice, proposal_id=first.pk)
    assert rows.counts().owed == 1
    answer(bob, subject_id=second.subject_id, decision="adopted", body="Yes.")
    assert (rows.counts().owed, rows.counts().answered, rows.counts().late) == (1, 1, 0)


@pytest.mark.parametrize("number", [3, 30])
def test_the_consultations_page_makes_the_same_queries_whatever_the_number(
    number, world, alice, client_of
):
    many_proposals(world, alice, number)
    reader = client_of(alice)
    with named_queries(
        IDENTITY
        | FRAME
        | PROMISE
        | {
            "most discussed": '"talk"',
            "latest": 'FROM "processes_subject"',
            "versions": 'FROM "consultations_version"',
        }
    ):
        reader.get(address(world))


def test_the_draft_shows_the_whole_text_with_its_tree_and_counts(world, alice, charlie, client):
    take_position(alice, subject_id=world.article.pk, value="agree")
    take_position(charlie, subject_id=world.article.pk, value="disagree")
    post_comment(alice, subject_id=world.article.pk, body="Good.", stance="for")
    propose_amendment(alice, section_id=world.section(1).pk, body="Three metres.", reason="")
    page = text_of(client.get(address(world, "draft/")))
    places = [page.index(part) for part in ("Streets</h2>", "at least two metres", "twelve units")]
    assert places == sorted(places)
    assert "1 argument" in page
    assert "1 amendment" in page
    assert "2 people" in page
    assert f'href="/en/consultations/{world.process.slug}/articles/{world.article.pk}/"' in page
    assert f'#part-{world.article.pk}"' in page


def test_an_earlier_version_is_read_with_a_note_that_says_so(second_version, world, client):
    now = text_of(client.get(address(world, "draft/")))
    assert "Each tree that is felled" in now
    assert "You are reading version" not in now
    before = text_of(client.get(address(world, "draft/?version=1")))
    assert "A tree that is felled" in before
    assert "twelve units" in before
    assert "You are reading version 1" in before


@pytest.mark.parametrize("number", ["7", "0", "-1", "x", "9" * 30, "²"])
def test_a_version_that_is_not_there_is_not_found(number, world, client):
    assert client.get(address(world, f"draft/?version={number}")).status_code == 404


def test_a_version_that_is_being_written_is_for_the_bodys_people(world, bob, client, client_of):
    text = scenario.TEXT.replace("felled", "cut")
    write_draft(bob, consultation=world.consultation, draft=parse_draft(text), language="en")
    page = address(world, "draft/?version=2")
    assert client.get(page).status_code == 404
    assert "A tree that is cut" in text_of(client_of(bob).get(page))
    assert "A tree that is felled" in text_of(client.get(address(world, "draft/")))


@pytest.fixture
def bilingual(bob, organisation) -> World:
    """A consultation whose text exists in English and French."""
    consultation = scenario.draft_consultation(bob, organisation)
    french = parse_draft(
        scenario.TEXT.replace("A tree that is felled", "Un arbre abattu").replace(
            "The market is held", "Le marché a lieu"
        )
    )
    write_draft(bob, consultation=consultation, draft=french, language="fr")
    Process.objects.filter(pk=consultation.process_id).update(languages=["en", "fr"])
    consultation.refresh_from_db()
    scenario.publish_consultation(bob, consultation=consultation)
    return scenario.world(consultation)


def test_the_text_is_in_the_readers_language_if_it_exists_in_it(bilingual, client):
    french = text_of(client.get(address(bilingual, "draft/", "fr")))
    assert "Un arbre abattu" in french
    assert "A tree that is felled" in text_of(client.get(address(bilingual, "draft/")))
    other = text_of(client.get(address(bilingual, "draft/?text=fr")))
    assert "Un arbre abattu" in other
    assert '<div class="law-sheet" lang="fr">' in other
    original = text_of(client.get(address(bilingual, "draft/", "kk")))
    assert "A tree that is felled" in original
    assert '<div class="law-sheet" lang="en">' in original
    assert 'hreflang="fr"' in original


def big_text(articles: int) -> str:
    """Articles under one chapter for every ten of them."""
    lines = []
    for n in range(articles):
        if n % 10 == 0:
            lines.append(f"# Chapter {n // 10 + 1}: Part {n // 10 + 1}")
        lines.append(f"## Article {n + 1}: Heading {n + 1}\n\nBody of article {n + 1} ends.")
    return "\n\n".join(lines)


@pytest.mark.parametrize("number", [3, 30])
def test_the_draft_makes_the_same_queries_whatever_its_length(
    number, bob, alice, organisation, client_of
):
    world = scenario.open_consultation(bob, organisation, text=big_text(number))
    reader = client_of(alice)
    words = 'AS "body_html" FROM "consultations_wording"'
    with named_queries(IDENTITY | FRAME | {"words": words, "tree": 'FROM "consultations_wording"'}):
        page = text_of(reader.get(address(world, "draft/")))
    assert f"Body of article {number} ends." in page


def test_the_draft_in_two_languages_after_a_change_makes_three_queries_more(
    bilingual, bob, alice, client_of
):
    text = scenario.TEXT.replace("A tree that is felled", "Each tree that is felled")
    write_draft(bob, consultation=bilingual.consultation, draft=parse_draft(text), language="en")
    publish_version(bob, consultation=bilingual.consultation, moved_by={})
    reader = client_of(alice)
    with named_queries(
        IDENTITY
        | FRAME
        | {
            "version asked for": 'FROM "consultations_version"',
            "languages": "SELECT DISTINCT",
            "words": 'AS "body_html" FROM "consultations_wording"',
            "tree": 'FROM "consultations_wording"',
        }
    ):
        reader.get(address(bilingual, "draft/?version=1"))


def test_a_long_text_is_read_by_its_parts(bob, organisation, client):
    world = scenario.open_consultation(bob, organisation, text=big_text(130))
    first = client.get(address(world, "draft/"))
    assert first.context["reading"].pages == 3
    page = text_of(first)
    assert "Body of article 60 ends." in page
    assert "Body of article 61 ends." not in page
    assert "Heading 130" in page  # the tree is whole
    assert "?page=3#part-" in page
    last = text_of(client.get(address(world, "draft/?page=99")))
    assert "Body of article 130 ends." in last


def row(level: int, kind: str = "article") -> Row:
    return Row(1, kind, level, "", "", "", 1, 0, 0, 0, 0, 0, 0)


def test_pages_end_between_parts_unless_a_part_is_too_long_for_one():
    chapter = [row(0, SectionKind.CHAPTER), *[row(1)] * 4]
    rows = [Row(**{n: getattr(r, n) for n in Row.__slots__}) for r in chapter * 3]
    assert cut(rows, most=9) == 2
    assert [r.page for r in rows] == [1] * 10 + [2] * 5
    flat = [row(0) for _ in range(25)]
    assert cut(flat, most=10) == 3
    long = [row(0, SectionKind.TITLE), *[row(1) for _ in range(25)]]
    assert cut(long, most=10) == 3
    assert cut([], most=10) == 1


def titles(response) -> list[str]:
    return [line.split("</a></h3>")[0].rsplit(">", 1)[1] for line in response.context["lines"]]


def test_proposals_are_found_by_kind_part_state_and_words(world, alice, charlie, bob, client):
    wide = propose_amendment(
        alice, section_id=world.section(1).pk, body="Wide pavement.", reason="", title="Wide"
    )
    market = propose_amendment(
        alice, section_id=world.section(3).pk, body="On Sundays.", reason="", title="Sundays"
    )
    bench = propose_new_article(
        charlie, consultation=world.consultation, title="Benches", body="Sit down.", reason=""
    )
    take_position(charlie, subject_id=market.subject_id, value="agree")
    take_position(alice, subject_id=bench.subject_id, value="agree")
    take_position(charlie, subject_id=bench.subject_id, value="disagree")
    promise(bob, process=world.process, rule="threshold", number=1, due_at=timezone.now())
    owe_answers(process=world.process)
    answer(bob, subject_id=wide.subject_id, decision="already_covered", body="It is.")
    chapter = world.wording(1).parent_id
    for query, expected in [
        ("", ["Benches", "Sundays", "Wide"]),
        ("ordering=newest", ["Benches", "Sundays", "Wide"]),
        ("ordering=contested", ["Benches", "Sundays", "Wide"]),
        ("kind=new_article", ["Benches"]),
        ("kind=amendment", ["Sundays", "Wide"]),
        (f"section={chapter}", ["Wide"]),
        (f"section={world.section(3).pk}", ["Sundays"]),
        ("state=late", ["Benches", "Sundays"]),
        ("state=owed", []),
        ("state=unanswered", ["Benches", "Sundays"]),
        ("state=already_covered", ["Wide"]),
        ("state=refused", []),
        ("q=pavements", ["Wide"]),
        ("q=benchs", ["Benches"]),
        (
            "section=999999&kind=nothing&state=nothing&ordering=nothing",
            ["Benches", "Sundays", "Wide"],
        ),
    ]:
        assert titles(client.get(address(world, f"proposals/?{query}"))) == expected, query


@pytest.mark.parametrize("ordering", ["support", "newest", "discussed", "contested"])
def test_proposals_go_on_where_they_ended(ordering, world, alice, client):
    many_proposals(world, alice, 50)
    seen: list[str] = []
    href = f"?ordering={ordering}"
    while href:
        response = client.get(address(world, f"proposals/{href}"))
        seen += titles(response)
        href = response.context["next_href"]
    assert len(seen) == len(set(seen)) == 50
    if ordering == "support":
        assert seen[0] == "Amendment number 49"


@pytest.mark.parametrize("number", [3, 30])
@pytest.mark.parametrize("query", ["", "?q=number&state=unanswered&kind=amendment"])
def test_the_list_of_proposals_makes_the_same_queries(number, query, world, alice, client_of):
    many_proposals(world, alice, number)
    reader = client_of(alice)
    with named_queries(
        IDENTITY
        | FRAME
        | {"parts": 'FROM "consultations_wording"', "list": 'FROM "processes_subject"'}
    ):
        response = reader.get(address(world, f"proposals/{query}"))
    assert len(response.context["lines"]) == min(number, 20)


def test_a_proposal_says_what_became_of_it(world, alice, bob, client):
    title = "<b>Wide</b> & long"
    proposal = propose_amendment(
        alice, section_id=world.section(1).pk, body="Wide.", reason="", title=title
    )
    take_position(alice, subject_id=proposal.subject_id, value="agree")
    due = timezone.now() + timedelta(days=5)
    promise(bob, process=world.process, rule="top", number=1, due_at=due)
    owe_answers(process=world.process)
    page = text_of(client.get(address(world, "proposals/")))
    assert "owed an answer in 5 days" in page
    assert "&lt;b&gt;Wide&lt;/b&gt; &amp; long" in page
    assert "<b>Wide" not in page
    answer(bob, subject_id=proposal.subject_id, decision="adopted_in_part", body="Half.")
    assert "Answered: Adopted in part" in text_of(client.get(address(world, "proposals/")))


def test_answers_tell_apart_what_waits_is_late_and_was_answered(world, alice, bob, client):
    soon = timezone.now() + timedelta(days=5)
    promise(bob, process=world.process, rule="top", number=3, due_at=soon)
    late, waiting, done = (
        propose_amendment(
            alice, section_id=world.section(n).pk, body=f"Body {n}.", reason="", title=name
        )
        for n, name in ((1, "Late"), (2, "Waits"), (3, "Done"))
    )
    for proposal in (late, waiting, done):
        take_position(alice, subject_id=proposal.subject_id, value="agree")
    owe_answers(process=world.process)
    Obligation.objects.filter(subject=late.subject_id).update(
        due_at=timezone.now() - timedelta(days=1)
    )
    answer(bob, subject_id=done.subject_id, decision="refused", body="No.")
    for state, expected in [
        ("", {"Late", "Waits", "Done"}),
        ("late", {"Late"}),
        ("owed", {"Waits"}),
        ("answered", {"Done"}),
        ("nothing", {"Late", "Waits", "Done"}),
    ]:
        assert set(titles(client.get(address(world, f"answers/?state={state}")))) == expected
    counts = client.get(address(world, "answers/")).context["promise"]["counts"]
    assert (counts.owed, counts.answered, counts.late, counts.waiting) == (3, 1, 1, 1)


@pytest.mark.parametrize("number", [3, 30])
def test_the_answers_page_makes_the_same_queries(number, world, alice, bob, client_of):
    many_proposals(world, alice, number)
    promise(bob, process=world.process, rule="top", number=number, due_at=timezone.now())
    owe_answers(process=world.process)
    reader = client_of(alice)
    with named_queries(IDENTITY | FRAME | PROMISE | {"list": 'FROM "processes_subject"'}):
        reader.get(address(world, "answers/"))


def test_results_are_counted_from_rows(second_version, world, alice, charlie, bob, client):
    take_position(charlie, subject_id=world.article.pk, value="mixed")
    assert "The results will stand here" in text_of(client.get(address(world, "results/")))
    process = Process.objects.get(pk=world.process.pk)
    close(bob, process=process)
    publish_results(bob, process=process, summary={"en": "The town keeps its trees."})
    response = client.get(address(world, "results/"))
    page = text_of(response)
    assert "The town keeps its trees." in page
    assert response.context["sentence"] == (
        "2 people took part. 1 contribution was answered. 3 parts of the text changed."
    )
    decisions = {row.value: row.number for row in response.context["decisions"]}
    assert decisions == {
        "adopted": 1, "adopted_in_part": 0, "already_covered": 0, "refused": 0, "": 0,
    }  # fmt: skip
    moved = {str(move.title): move for move in response.context["changes"]}
    assert moved["Article 2 – Trees"].note.text == "More trees."
    assert [str(title) for _href, title in moved["Article 2 – Trees"].movers] == ["Two for one"]
    assert moved["Article 5 – Dogs"].kind == "added"
    assert moved["Article 4 – Stalls"].kind == "removed"
    assert "<ins>" in moved["Article 2 – Trees"].diff_html
    assert f"/api/v1/consultations/{world.process.slug}/" in page
    assert "Read the results" in text_of(client.get(address(world)))


def test_results_make_the_same_queries_whatever_changed(second_version, world, bob, client_of):
    process = Process.objects.get(pk=world.process.pk)
    close(bob, process=process)
    publish_results(bob, process=process, summary={})
    reader = client_of(bob)
    with named_queries(
        IDENTITY
        | FRAME
        | PROMISE
        | {
            "movers": "consultations_change_moved_by",
            "changes": 'FROM "consultations_change"',
            "decisions": 'FROM "answers_answer"',
            "not answered": 'COUNT(*) AS "__count" FROM "processes_subject"',
        }
    ):
        reader.get(address(world, "results/"))


def test_an_articles_history_shows_each_version_and_who_moved_it(second_version, world, client):
    changed = text_of(client.get(address(world, f"articles/{world.articles[1].pk}/history/")))
    assert changed.index("Version 2") < changed.index("Version 1")
    assert "More trees." in changed
    assert "Two for one" in changed
    assert "<del>" in changed
    gone = text_of(client.get(address(world, f"articles/{world.articles[3].pk}/history/")))
    assert "This version does not contain the article any more." in gone
    assert "twelve units" in gone


def test_history_makes_the_same_queries_whatever_the_versions(second_version, world, client):
    with named_queries(
        FRAME
        | {
            "movers": "consultations_change_moved_by",
            "changes": 'FROM "consultations_change"',
            "wordings": 'FROM "consultations_wording"',
            "section": 'FROM "consultations_section"',
        }
    ):
        client.get(address(world, f"articles/{world.articles[1].pk}/history/"))


def test_the_history_of_what_is_not_here_is_not_found(world, bob, organisation, client):
    other = scenario.open_consultation(bob, organisation, title="Other")
    for subject_id in (other.article.pk, 0, 10**30):
        path = f"articles/{subject_id}/history/"
        assert client.get(address(world, path)).status_code == 404


@pytest.mark.parametrize("number", [3, 30])
def test_activity_makes_two_queries_of_its_own(number, world, alice, client_of):
    for n in range(number):
        propose_new_article(
            alice, consultation=world.consultation, title=f"New {n}", body=f"Body {n}.", reason=""
        )
    reader = client_of(alice)
    with named_queries(IDENTITY | FRAME | {"entries": 'FROM "processes_entry"'}):
        response = reader.get(address(world, "activity/"))
    assert len(response.context["news"]) == min(number + 1, 30)
