"""A text in English and French, argued in Russian: each word says its language, on every page.

Every text carries a mark of its language (`enq`, `frq`, `ruq`), every title of an article one of
its own beside it (`enqt`, `frqt`).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Organisation, User
from answers.actions import answer, owe_answers, promise
from consultations.actions import (
    begin_version,
    create_consultation,
    edit_proposal,
    edit_wording,
    propose_amendment,
    propose_new_article,
    publish_consultation,
    publish_version,
    write_draft,
)
from consultations.drafting.parse import parse_draft
from consultations.models import Consultation, Wording
from deliberation.actions import add_source, post_comment, take_position
from notifications import tasks
from processes.actions import PhasePlan, close, publish_results, reschedule, set_phases
from processes.models import Process, Subject
from processes.tasks import deliver_entries
from tests import scenario
from tests.support.crawl import Page, crawl
from tests.support.tongues import words_of, wrongly_spoken

MARKS = {"enq": "en", "frq": "fr", "ruq": "ru"}
ENGLISH = """
# Chapter 1: Streets enqt

## Article 1: Pavements enqt

A pavement enq is two metres wide.

### Explanation

Two wheelchairs enq must pass.

## Article 2: Trees enqt

A tree enq that is felled is replaced.
"""
FRENCH = """
# Chapitre 1: Rues frqt

## Article 1: Trottoirs frqt

Un trottoir frq mesure deux mètres.

### Explication

Deux fauteuils frq doivent passer.

## Article 2: Arbres frqt

Un arbre frq abattu est remplacé.
"""
LAW = {
    "en": [("Road act enq", "one metre enq", "two metres enq")],
    "fr": [("Loi frq", "un mètre frq", "deux mètres frq")],
}


def _edit(owner: User, row: Wording, body: str) -> None:
    edit_wording(
        owner, wording=row, kind=row.section.kind, label=row.label, number=row.number,
        heading=row.heading, body=body, explanation=row.explanation, law_changes=LAW[row.language],
    )  # fmt: skip


def _draft(owner: User, organisation: Organisation) -> Consultation:
    consultation = create_consultation(
        owner,
        organisation=organisation,
        title={"en": "Streets enq", "fr": "Rues frq"},
        summary={"en": "How wide enq.", "fr": "Quelle largeur frq."},
        languages=["en", "fr"],
        area=organisation.area,
        about={"en": "The council enq asks.", "fr": "Le conseil frq demande."},
    )
    for language, text in (("en", ENGLISH), ("fr", FRENCH)):
        draft = parse_draft(text)
        write_draft(owner, consultation=consultation, draft=draft, language=language)
    for row in Wording.objects.filter(label="Article 1").select_related("version", "section"):
        _edit(owner, row, row.body)
    set_phases(owner, process=consultation.process, plan=scenario.plan())
    return consultation


def _speak(person: User, world: scenario.World) -> tuple[Subject, Subject]:
    """What people who read Russian, or the French text, have to say; two proposals."""
    article = world.article
    process = world.process
    take_position(person, subject_id=article.pk, value="agree")
    said = post_comment(
        person, subject_id=article.pk, body="Узко ruq.", stance="for", language="ru"
    )
    post_comment(person, subject_id=article.pk, body="Да ruq.", parent_id=said.pk, language="ru")
    add_source(
        person, subject_id=article.pk, title="Отчёт ruq", url="https://example.org/a",
        category="study", note="О ширине ruq", language="ru",
    )  # fmt: skip
    amended = propose_amendment(
        person, subject_id=article.pk, language="fr", reason="Plus large frq.",
        body="Un trottoir frq mesure trois mètres.",
    )  # fmt: skip
    new = propose_new_article(
        person, consultation=process.slug, section_id=None, language="ru",
        title="Лавки ruq", body="Лавки ruq стоят.", reason="Сидеть ruq.",
    )  # fmt: skip
    take_position(person, subject_id=amended.subject_id, value="agree")
    return amended.subject, new.subject


def _answer(official: User, world: scenario.World, proposals: tuple[Subject, ...]) -> None:
    due = timezone.now() + timedelta(days=9)
    promise(official, process=world.process, rule="top", number=2, due_at=due)
    owe_answers(process=world.process)
    for subject in (world.article, *proposals):
        answer(
            official, subject_id=subject.pk, decision="adopted", body="Принято ruq.", language="ru"
        )


def _publish_next(owner: User, world: scenario.World, moved_by: Subject) -> None:
    version = begin_version(owner, consultation=world.consultation)
    rows = version.wordings.filter(label="Article 1").select_related("version", "section")
    for row in rows:
        _edit(owner, row, row.body.replace("two", "three").replace("deux", "trois"))
    section = rows[0].section_id
    publish_version(
        owner, consultation=world.consultation, moved_by={section: [moved_by.pk]},
        notes={section: "Шире ruq."}, note={"en": "Wider enq.", "fr": "Plus large frq."},
        language="ru",
    )  # fmt: skip


@pytest.fixture
def spoken(bob: User, alice: User, charlie: User, organisation: Organisation) -> scenario.World:
    """The consultation after a new version, still open, the next one begun."""
    consultation = _draft(bob, organisation)
    publish_consultation(bob, consultation=consultation)
    world = scenario.world(consultation)
    proposals = _speak(alice, world)
    take_position(charlie, subject_id=proposals[0].pk, value="agree")
    _answer(bob, world, proposals)
    _publish_next(bob, world, proposals[0])
    with translation.override("ru"):
        reschedule(
            bob, process=world.process, plan=_longer(world.process), reason="Комната занята ruq."
        )
    deliver_entries()
    version = begin_version(bob, consultation=world.consultation)
    row = version.wordings.get(label="Article 2", language="en")
    _edit(bob, row, "A tree enq stays.")
    return scenario.world(world.consultation)


def _longer(process: Process) -> list[PhasePlan]:
    """Its phase for ten days more."""
    (plan,) = scenario.plan(closes_in=timedelta(days=40))
    return [replace(plan, id=process.phases.get().pk)]


@pytest.fixture
def ended(spoken: scenario.World, bob: User, alice: User) -> scenario.World:
    """Its results are published and the letters are out."""
    scenario.end_phases(bob, spoken.process)
    process = Process.objects.get(pk=spoken.process.pk)
    close(bob, process=process)
    publish_results(
        bob, process=process, summary={"en": "All enq is wider.", "fr": "Tout frq est large."}
    )
    deliver_entries()
    while tasks.send_batch():
        pass
    return spoken


def _pages(client: Client, language: str, world: scenario.World) -> list[Page]:
    def get(path: str) -> Page:
        answered = client.get(path, follow=True)
        is_page = answered["Content-Type"].startswith("text/html")
        return Page(path, answered.status_code, answered.content.decode() if is_page else "")

    talk = f"/{language}/subjects/{world.article.pk}/"
    here = f"/{language}/consultations/{world.process.slug}/"
    starts = [f"/{language}/", here, f"{talk}comments/", f"{talk}sources/", f"{here}results/"]
    starts += [f"{here}articles/{world.article.pk}/history/", f"{here}articles/{world.article.pk}/"]
    starts += [f"{here}proposals/{row.pk}/" for row in Subject.objects.filter(author__isnull=False)]
    return [
        page
        for page in crawl(get, starts, of_a_kind=3)
        if page.html and "/accounts/" not in page.path
    ]


def _wrong(pages: list[Page]) -> list[str]:
    return [f"{page.path}: {found}" for page in pages for found in wrongly_spoken(page.html, MARKS)]


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
@pytest.mark.parametrize("who", ["nobody", "alice", "bob", "mona"])
def test_every_foreign_word_says_its_language(
    who: str, language: str, request: pytest.FixtureRequest, ended: scenario.World,
    client_of: Callable[..., Client],
) -> None:  # fmt: skip
    pages = _pages(client_of(request.getfixturevalue(who)), language, ended)
    wrong = _wrong(pages)
    assert not wrong, "\n".join(wrong)
    marked = {mark for page in pages for mark in MARKS if mark in page.html}
    assert marked == set(MARKS)


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_so_it_does_at_a_desk_that_still_has_work(
    language: str, spoken: scenario.World, bob: User, client_of: Callable[..., Client]
) -> None:
    pages = _pages(client_of(bob), language, spoken)
    assert any("/text/publish/" in page.path for page in pages)
    wrong = _wrong(pages)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("language", "other"), [("fr", "enqt"), ("en", "frqt")])
def test_an_article_is_called_in_the_readers_language_wherever_the_text_has_it(
    language: str, other: str, ended: scenario.World, alice: User, bob: User,
    client_of: Callable[..., Client],
) -> None:  # fmt: skip
    for person in (alice, bob):
        for page in _pages(client_of(person), language, ended):
            if "text=" in page.path or "language=" in page.path or "/text/" in page.path:
                continue  # asked for in the other language
            foreign = [
                words.text.strip()
                for words in words_of(page.html)
                if other in words.text and not any("diff" in name for name in words.within)
            ]
            assert foreign == [], page.path


def test_an_amendment_without_a_heading_is_named_in_the_readers_language(
    spoken: scenario.World, client: Client
) -> None:
    for language, name in (("en", "Amendment to Article 1"), ("fr", "Amendement")):
        page = client.get(f"/{language}/consultations/{spoken.process.slug}/proposals/")
        titles = [w for w in words_of(page.content.decode()) if w.text.strip().startswith(name)]
        assert [words.language for words in titles if "line__title" in words.within] == [language]


def test_a_new_heading_takes_the_place_of_the_given_names(
    bob: User, alice: User, organisation: Organisation
) -> None:
    consultation = _draft(bob, organisation)
    publish_consultation(bob, consultation=consultation)
    article = scenario.world(consultation).article
    row = propose_amendment(
        alice, subject_id=article.pk, body="Un trottoir frq.", reason="", language="fr"
    )
    assert set(row.subject.titles) == {"en", "fr"}
    edit_proposal(alice, proposal_id=row.pk, title="Trois mètres", body=row.body, reason="")
    row.subject.refresh_from_db()
    assert (row.subject.title, row.subject.titles) == ("Trois mètres", {})
