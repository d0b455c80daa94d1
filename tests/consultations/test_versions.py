"""The text from draft to version two: identity, changes, and who moved them."""

import pytest

from common.verdicts import Refused
from consultations.actions import (
    discard_draft,
    edit_wording,
    identify,
    move_wording,
    propose_amendment,
    propose_new_article,
    publish_version,
    remove_wording,
    shift_wording,
    write_draft,
)
from consultations.drafting.parse import parse_draft
from consultations.models import Change, Section, Wording
from deliberation.actions import take_position
from processes.models import Entry, Subject
from tests.counts import assert_counts_hold
from tests.scenario import TEXT, draft_consultation
from tests.scenario import world as fresh_world

pytestmark = pytest.mark.django_db

SECOND = TEXT.replace("at least two metres wide", "at least two and a half metres wide").replace(
    "## Article 4: Stalls\n\nA stall costs twelve units a day.",
    "## Article 4: Music\n\nStreet musicians play until nine in the evening.",
)


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.verdict.code


def titles(version) -> list[str]:
    return [row.title for row in version.wordings.order_by("order")]


def test_a_draft_becomes_sections_in_reading_order(bob, organisation):
    consultation = draft_consultation(bob, organisation)
    rows = list(consultation.versions.get().wordings.order_by("order").select_related("section"))
    assert [(row.section.kind, row.level, row.number) for row in rows] == [
        ("chapter", 0, "1"),
        ("article", 1, "1"),
        ("article", 1, "2"),
        ("chapter", 0, "2"),
        ("article", 1, "3"),
        ("article", 1, "4"),
    ]
    assert rows[1].parent_id == rows[0].section_id
    assert "Two wheelchairs" in rows[1].explanation
    assert Subject.objects.count() == 0, "nothing can be talked about before it is published"


def test_only_editors_write_the_text(bob, otto, olga, alice, nobody, organisation):
    consultation = draft_consultation(bob, organisation)
    draft = parse_draft("# Article 1\n\nOther words.")
    for actor, code in [
        (nobody, "sign_in_first"),
        (alice, "not_of_this_body"),
        (olga, "not_of_this_body"),
        (otto, "role_too_small"),
    ]:
        call = {"consultation": consultation, "draft": draft, "language": "en"}
        assert refusal(write_draft, actor, **call) == code
        assert refusal(publish_version, actor, consultation=consultation, moved_by={}) == code
        assert refusal(discard_draft, actor, consultation=consultation) == code
    assert len(titles(consultation.versions.get())) == 6


def test_the_tree_is_corrected_row_by_row(bob, organisation):
    version = draft_consultation(bob, organisation).versions.get()

    def row(number: str) -> Wording:
        return version.wordings.select_related("section", "version").get(
            number=number, section__kind="article"
        )

    move_wording(bob, wording=row("2"), step=-1)
    assert [r.number for r in version.wordings.order_by("order")] == ["1", "2", "1", "2", "3", "4"]
    move_wording(bob, wording=row("2"), step=-1)
    assert row("2").order == 1, "the edge of a chapter holds"
    shift_wording(bob, wording=row("2"), step=-1)
    assert (row("2").level, row("2").parent) == (0, None)
    shift_wording(bob, wording=row("2"), step=1)
    assert row("2").level == 1
    remove_wording(bob, wording=row("4"))
    assert Section.objects.filter(wordings__isnull=False).count() == 5
    edit_wording(
        bob,
        wording=row("3"),
        kind="article",
        label="Article 3",
        number="3",
        heading="Days",
        body="Every *Wednesday*.",
        explanation="",
        law_changes=[("By-law 7", "Every Monday.", "Every Wednesday.")],
    )
    changed = row("3")
    assert "<em>Wednesday</em>" in changed.body_html
    assert "<ins>" in changed.law_changes[0]["diff_html"]


def test_a_second_language_must_have_the_same_parts(bob, organisation):
    consultation = draft_consultation(bob, organisation)
    french = TEXT.replace("Chapter", "Chapitre").replace("Explanation", "Explication")
    write_draft(bob, consultation=consultation, draft=parse_draft(french), language="fr")
    assert Section.objects.count() == 6
    shorter = parse_draft("# Chapitre 1: Rues\n\n## Article 1: Trottoirs\n\nLarges.")
    call = {"consultation": consultation, "draft": shorter, "language": "fr"}
    assert refusal(write_draft, bob, **call) == "languages_differ"


def test_the_next_version_keeps_identities_and_tells_who_moved_what(world, bob, alice, charlie):
    take_position(charlie, subject_id=world.articles[0].pk, value="agree")
    amendment = propose_amendment(
        alice, section_id=world.section(1).pk, body="At least two and a half.", reason="Prams."
    )
    consultation = world.consultation
    write_draft(bob, consultation=consultation, draft=parse_draft(SECOND), language="en")
    publish_version(
        bob,
        consultation=consultation,
        moved_by={world.section(1).pk: [amendment.subject_id]},
        notes={world.section(1).pk: "Wider, as proposed."},
    )
    after = fresh_world(consultation)
    assert after.articles[0].pk == world.articles[0].pk
    assert after.articles[0].agree_count == 1
    change = Change.objects.get(section=world.section(1))
    assert change.kind == "changed"
    assert list(change.moved_by.all()) == [amendment.subject]
    assert change.note == "Wider, as proposed."
    assert "half" in change.diff_html
    assert Entry.objects.filter(kind="version_published").count() == 1
    assert amendment.wording.version.number == 1, "it stays on the text it was written on"
    assert_counts_hold(world.process)


def test_what_is_gone_is_locked_and_what_is_new_gets_its_subject(world, bob, alice):
    text = TEXT.replace("## Article 4: Stalls\n\nA stall costs twelve units a day.\n", "")
    text += "\n## Article 5: Music\n\nStreet musicians play until nine in the evening.\n"
    write_draft(bob, consultation=world.consultation, draft=parse_draft(text), language="en")
    publish_version(bob, consultation=world.consultation, moved_by={})
    gone = Subject.objects.get(pk=world.articles[3].pk)
    assert gone.locked_at is not None
    with pytest.raises(Refused) as caught:
        take_position(alice, subject_id=gone.pk, value="agree")
    assert caught.value.verdict.code == "locked"
    after = fresh_world(world.consultation)
    assert [change.kind for change in Change.objects.order_by("kind")] == ["added", "removed"]
    take_position(alice, subject_id=after.articles[-1].pk, value="agree")


def test_identity_can_be_corrected_by_hand(world, bob):
    text = TEXT.replace("Article 4: Stalls", "Article 9: Fees").replace(
        "A stall costs twelve units a day.",
        "Prices are set by the assembly of traders each spring.",
    )
    version = write_draft(
        bob, consultation=world.consultation, draft=parse_draft(text), language="en"
    )
    row = version.wordings.select_related("section", "version").get(number="9")
    if row.section_id != world.section(4).pk:
        identify(bob, wording=row, section=world.section(4))
    row = version.wordings.get(number="9")
    assert row.section_id == world.section(4).pk
    other = version.wordings.select_related("section", "version").get(
        number="3", section__kind="article"
    )
    assert refusal(identify, bob, wording=other, section=world.section(4)) == "taken"


def test_nothing_is_published_when_nothing_changed_or_the_links_are_wrong(world, bob, organisation):
    consultation = world.consultation
    assert refusal(publish_version, bob, consultation=consultation, moved_by={}) == "no_text"
    write_draft(bob, consultation=consultation, draft=parse_draft(TEXT), language="en")
    assert refusal(publish_version, bob, consultation=consultation, moved_by={}) == "no_change"
    write_draft(bob, consultation=consultation, draft=parse_draft(SECOND), language="en")
    unchanged = {world.section(2).pk: [world.article.pk]}
    assert refusal(publish_version, bob, consultation=consultation, moved_by=unchanged) == (
        "not_changed"
    )
    foreign = {world.section(1).pk: [10**9]}
    assert refusal(publish_version, bob, consultation=consultation, moved_by=foreign) == (
        "other_process"
    )
    assert Change.objects.count() == 0


def test_published_words_are_not_edited(world, bob):
    row = Wording.objects.select_related("section", "version").get(pk=world.wording(1).pk)
    assert refusal(remove_wording, bob, wording=row) == "published"


def test_a_new_article_stands_in_a_part_and_is_counted_there(world, alice):
    part = Section.objects.filter(kind="chapter").first()
    propose_new_article(
        alice,
        consultation=world.consultation,
        section_id=part.pk,
        title="Benches",
        body="A bench every hundred metres.",
        reason="People get tired.",
    )
    assert Subject.objects.get(section=part).new_article_count == 1
    assert_counts_hold(world.process)
