"""The whole text on one page, its versions and languages."""

import pytest

from consultations.actions import (
    propose_amendment,
    publish_version,
    write_draft,
)
from consultations.drafting.parse import parse_draft
from consultations.kinds import SectionKind
from consultations.text import Row, cut
from deliberation.actions import post_comment, take_position
from processes.models import Process
from tests import scenario
from tests.consultations.reading.helpers import FRAME, IDENTITY, address, text_of
from tests.scenario import World
from tests.support.queries import named_queries

pytestmark = pytest.mark.django_db


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
