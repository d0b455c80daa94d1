"""The whole life of a consultation, through the pages of the desk alone."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from answers.actions import owe_answers
from answers.models import Answer, Obligation
from common.verdicts import Refused
from consultations.actions import (
    begin_version,
    propose_amendment,
    propose_new_article,
    publish_version,
    remove_wording,
    restore_wording,
    set_languages,
)
from consultations.models import Change, Consultation, Removal, Wording
from deliberation.actions import take_position
from processes.models import Process, Subject
from tests import factories
from tests.scenario import TEXT, end_phases

DESK = "/en/desk/"
SHAPE = ("section_id", "language", "order", "level", "parent_id", "heading", "body", "explanation")


def moment(days: int) -> str:
    return f"{timezone.localtime() + timedelta(days=days):%Y-%m-%dT%H:%M}"


def phase(**fields):
    return {
        "row": ["p0"],
        "p0-name_en": "Discussion",
        "p0-opens_at": moment(-1),
        "p0-closes_at": moment(30),
        "p0-activities": ["take_position", "comment", "amend", "propose", "answer"],
        "p0-audience": "signed_in",
        **fields,
    }


def created(client, organisation, **fields) -> str:
    """The consultation's page at the desk."""
    data = {
        "organisation": organisation.pk,
        "languages": ["en"],
        "title_en": "Streets and markets",
        "summary_en": "How wide, how green, how often.",
        "about_en": "The council **asks** what the town thinks.",
        **fields,
    }
    answer = client.post(f"{DESK}new/", data)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url.removesuffix("text/write/")


def posted(client, address, data=None, **more):
    """The page behind a form that was accepted."""
    answer = client.post(address, data or {}, **more)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def test_from_a_title_to_the_letters(client_of, bob, organisation, alice, charlie):
    desk = client_of(bob)
    here = created(desk, organisation)

    # The text: first it is shown, then it is saved.
    page = desk.post(f"{here}text/write/", {"language": "en", "text": TEXT})
    assert "Width of pavements" in page.content.decode()
    assert not Wording.objects.exists()
    posted(desk, f"{here}text/write/", {"language": "en", "text": TEXT, "save": "1"})
    assert Wording.objects.count() == 6
    assert "Market days" in desk.get(f"{here}text/").content.decode()

    posted(desk, f"{here}phases/", phase())
    promise = {"rule": "top", "number": 1, "due_at": moment(60)}
    posted(desk, f"{here}promise/", promise)

    assert desk.get(f"{here}publish/").status_code == 200
    posted(desk, f"{here}publish/")
    process = Process.objects.get()
    assert process.published_at is not None

    # People take part.
    section = Wording.objects.get(heading="Trees").section
    amendment = propose_amendment(
        alice,
        section_id=section.pk,
        body="A tree that is felled is replaced within a month.",
        reason="A year is long.",
    )
    article = propose_new_article(
        alice, consultation=Consultation.objects.get(), title="Benches", body="There are benches.",
        reason="People sit.",
    )  # fmt: skip
    for subject in (amendment.subject, article.subject):
        take_position(charlie, subject_id=subject.pk, value="agree")
    owe_answers(process=process)
    assert Obligation.objects.count() == 2  # a tie at the last place
    assert "2 answers are owed" in desk.get(DESK).content.decode()

    # Answers, one by one.
    queue = desk.get(f"{here}queue/").content.decode()
    assert amendment.subject.title in queue
    page = desk.get(f"{here}queue/{amendment.subject_id}/").content.decode()
    assert "A year is long." in page
    data = {"decision": "adopted", "body": "A month is fair.", "next": "1"}
    onward = posted(desk, f"{here}queue/{article.subject_id}/", data)
    assert f"/queue/{amendment.subject_id}/" in onward
    posted(desk, onward, data)
    assert Answer.objects.count() == 2
    assert not Obligation.objects.filter(answered_at=None).exists()

    # The next version takes the amendment and the new article in.
    posted(desk, f"{here}text/begin/")
    row = Wording.objects.get(version__published_at=None, section=section)
    posted(desk, f"{here}text/parts/{row.pk}/adopt/{amendment.pk}/")
    row.refresh_from_db()
    assert row.body == "A tree that is felled is replaced within a month."
    posted(
        desk,
        f"{here}text/insert/?proposal={article.pk}&after={row.pk}",
        {"kind": "article", "label": "Article 5", "number": "5", "heading": "Benches",
         "body": "There are benches."},
    )  # fmt: skip
    review = desk.get(f"{here}text/publish/")
    added = Wording.objects.get(label="Article 5")
    ticked = {
        change["section_id"]: [m["pk"] for m in change["movers"] if m["is_ticked"]]
        for change in review.context["changes"]
    }
    assert ticked == {section.pk: [amendment.subject_id], added.section_id: [article.subject_id]}
    data = {
        "seen": review.context["seen"],
        f"moved-{section.pk}": [amendment.subject_id],
        f"moved-{added.section_id}": [article.subject_id],
        f"note-{section.pk}": "People asked for it.",
        "note_en": "Trees and benches.",
        "confirmed": "1",
    }
    posted(desk, f"{here}text/publish/", data)
    moved = {
        c.section_id: list(c.moved_by.values_list("pk", flat=True)) for c in Change.objects.all()
    }
    assert moved == {section.pk: [amendment.subject_id], added.section_id: [article.subject_id]}
    assert Subject.objects.get(section=added.section_id).title == "Article 5 – Benches"

    # Closing before its time needs a reason.
    refused = desk.post(f"{here}close/", {"reason": ""})
    assert refused.status_code == 400
    posted(desk, f"{here}close/", {"reason": "All is said."})

    # Results: written, looked at, told.
    summary = {"summary_en": "Trees grow back in a month."}
    page = desk.post(f"{here}results/", summary).content.decode()
    assert "2 people get a letter" in page
    assert desk.post(f"{here}results/", summary | {"send": "1"}).status_code == 400
    posted(desk, f"{here}results/", summary | {"send": "1", "confirmed": "1"})
    process.refresh_from_db()
    assert process.results_summary == {"en": "Trees grow back in a month."}
    assert desk.get(f"{here}results/").status_code == 409


def test_an_uploaded_text_is_shown_and_kept_in_the_field(client_of, bob, organisation):
    desk = client_of(bob)
    here = created(desk, organisation)
    file = SimpleUploadedFile("draft.md", "\ufeff# Article 1\n\nÉté.".encode())
    page = desk.post(f"{here}text/write/", {"language": "en", "file": file, "save": "1"})
    assert page.status_code == 200
    assert page.context["form"]["text"].value() == "# Article 1\n\nÉté."
    assert not Wording.objects.exists()


def test_a_file_of_another_encoding_is_refused_with_its_line(client_of, bob, organisation):
    desk = client_of(bob)
    here = created(desk, organisation)
    file = SimpleUploadedFile("draft.txt", "Article 1\n\nÉté.".encode("latin-1"))
    page = desk.post(f"{here}text/write/", {"language": "en", "file": file, "text": "typed before"})
    assert page.status_code == 400
    assert "Line 3 is not UTF-8" in page.content.decode()
    assert page.context["form"]["text"].value() == "typed before"


def test_a_second_language_must_have_the_same_parts(client_of, bob, organisation):
    desk = client_of(bob)
    here = created(desk, organisation, languages=["en", "fr"], title_fr="Rues")
    posted(desk, f"{here}text/write/", {"language": "en", "text": TEXT, "save": "1"})
    short = {"language": "fr", "text": "# Article 1\n\nUn trottoir.", "save": "1"}
    refused = desk.post(f"{here}text/write/", short)
    assert refused.status_code == 400
    assert "does not match" in refused.content.decode()
    assert "Un trottoir." in refused.content.decode()


def test_only_texts_of_chosen_languages_are_kept(client_of, bob, organisation):
    created(client_of(bob), organisation, title_fr="Rues")
    assert Process.objects.get().title == {"en": "Streets and markets"}


def test_a_refused_consultation_keeps_what_was_typed(client_of, bob, organisation):
    data = {"organisation": organisation.pk, "languages": ["en"], "about_en": "Long and dear."}
    page = client_of(bob).post(f"{DESK}new/", data)
    assert page.status_code == 400
    assert "Long and dear." in page.content.decode()


def test_phases_that_are_wrong_keep_what_was_typed(client_of, bob, organisation):
    desk = client_of(bob)
    here = created(desk, organisation)
    wrong = phase(**{"p0-closes_at": moment(-2), "p0-name_en": "A dear name"})
    page = desk.post(f"{here}phases/", wrong)
    assert page.status_code == 400
    assert "It must close after it opens." in page.content.decode()
    assert "A dear name" in page.content.decode()
    more = desk.post(f"{here}phases/", wrong | {"add": "1"})
    assert more.status_code == 200
    assert len(more.context["forms"]) == 2
    assert "A dear name" in more.content.decode()
    less = desk.post(f"{here}phases/", wrong | {"row": ["p0", "p1"], "remove": "p1"})
    assert len(less.context["forms"]) == 1


def test_a_look_at_the_line_saves_nothing(client_of, bob, organisation):
    desk = client_of(bob)
    here = created(desk, organisation)
    part = desk.post(f"{here}phases/?look=1", phase(), headers={"HX-Request": "true"})
    assert "timeline__step" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert not Process.objects.get().phases.exists()


def test_dates_of_a_published_consultation_change_with_a_reason(client_of, bob, world):
    desk = client_of(bob)
    here = f"{DESK}consultations/{world.process.slug}/"
    kept = world.process.phases.get()
    fields = phase(**{"p0-id": kept.pk})
    assert desk.post(f"{here}phases/", fields).status_code == 400
    posted(desk, f"{here}phases/", fields | {"reason": "The room is needed."})
    assert world.process.phases.get().pk == kept.pk


def test_a_phase_is_extended_in_one_step(client_of, bob, world):
    desk = client_of(bob)
    here = f"{DESK}consultations/{world.process.slug}/"
    row = world.process.phases.get()
    data = {"phase": row.pk, "closes_at": moment(1), "reason": "More time."}
    assert desk.post(f"{here}extend/", data).status_code == 400
    posted(desk, f"{here}extend/", data | {"closes_at": moment(90)})
    row.refresh_from_db()
    assert row.closes_at > timezone.now() + timedelta(days=89)


def test_parts_are_moved_corrected_and_removed(client_of, bob, organisation):
    desk = client_of(bob)
    here = created(desk, organisation)
    posted(desk, f"{here}text/write/", {"language": "en", "text": TEXT, "save": "1"})
    trees = Wording.objects.get(heading="Trees")
    posted(desk, f"{here}text/parts/{trees.pk}/move/up/")
    order = Wording.objects.order_by("order").values_list("heading", flat=True)
    assert list(order)[:3] == ["Streets", "Trees", "Width of pavements"]
    data = {
        "kind": "article", "label": "Article 2", "number": "2", "heading": "Old trees",
        "body": "They stay.", "explanation": "",
        "law-TOTAL_FORMS": 1, "law-INITIAL_FORMS": 0,
        "law-0-title": "Code, art. 7", "law-0-before": "One year.", "law-0-after": "One month.",
    }  # fmt: skip
    more = desk.post(f"{here}text/parts/{trees.pk}/", data | {"add": "1"})
    assert len(more.context["laws"].forms) == 2
    assert "They stay." in more.content.decode()
    posted(desk, f"{here}text/parts/{trees.pk}/", data)
    trees.refresh_from_db()
    assert (trees.heading, trees.law_changes[0]["after"]) == ("Old trees", "One month.")
    assert desk.get(f"{here}text/parts/{trees.pk}/remove/").status_code == 200
    posted(desk, f"{here}text/parts/{trees.pk}/remove/")
    assert not Wording.objects.filter(pk=trees.pk).exists()


def test_a_removed_part_is_put_back_where_it_stood(client_of, bob, organisation):
    desk = client_of(bob)
    here = created(desk, organisation, languages=["en", "fr"], title_fr="Rues")
    for language in ("en", "fr"):
        text = {"language": language, "text": TEXT, "save": "1"}
        posted(desk, f"{here}text/write/", text)
    before = list(Wording.objects.order_by("language", "order").values(*SHAPE))
    chapter = Wording.objects.get(heading="Markets", language="fr")
    posted(desk, f"{here}text/parts/{chapter.pk}/remove/")
    page = desk.get(f"{here}text/").content.decode()
    assert "Chapter 2 – Markets" in page
    assert Wording.objects.count() == len(before) - 2
    removal = Removal.objects.get()
    posted(desk, f"{here}text/removed/{removal.pk}/restore/")
    assert list(Wording.objects.order_by("language", "order").values(*SHAPE)) == before
    assert desk.post(f"{here}text/removed/{removal.pk}/restore/").status_code == 404


def test_what_is_published_without_a_part_cannot_be_changed_by_putting_it_back(bob, world):
    version = begin_version(bob, consultation=world.consultation)
    rows = version.wordings.select_related("version", "section")
    removal = remove_wording(bob, wording=rows.get(heading="Stalls"))
    trees = remove_wording(bob, wording=rows.get(heading="Trees"))
    restore_wording(bob, removal=trees)
    stale = Removal.objects.get()
    publish_version(bob, consultation=world.consultation, moved_by={})
    assert not Removal.objects.exists()
    stale.version.refresh_from_db()
    with pytest.raises(Refused) as refused:
        restore_wording(bob, removal=stale)
    assert (removal.pk, refused.value.verdict.code) == (stale.pk, "published")


def test_a_whole_text_pasted_again_keeps_what_it_changes_in_law(client_of, bob, organisation):
    desk = client_of(bob)
    here = created(desk, organisation)
    text = {"language": "en", "text": TEXT, "save": "1"}
    posted(desk, f"{here}text/write/", text)
    posted(desk, f"{here}phases/", phase())
    trees = Wording.objects.get(heading="Trees")
    data = {
        "kind": "article", "label": "Article 2", "number": "2", "heading": "Trees",
        "body": trees.body, "law-TOTAL_FORMS": 1, "law-INITIAL_FORMS": 0,
        "law-0-title": "Code", "law-0-before": "a", "law-0-after": "b",
    }  # fmt: skip
    posted(desk, f"{here}text/parts/{trees.pk}/", data)
    posted(desk, f"{here}publish/")
    posted(desk, f"{here}text/write/", text)
    again = Wording.objects.get(heading="Trees", version__published_at=None)
    assert again.law_changes[0]["after"] == "b"


def test_several_are_answered_at_once_after_a_look(client_of, bob, alice, charlie, world):
    desk = client_of(bob)
    here = f"{DESK}consultations/{world.process.slug}/"
    ids = [
        propose_amendment(
            person, section_id=world.section().pk, body=f"Three metres, says {person}.", reason=""
        ).subject_id
        for person in (alice, charlie)
    ]
    page = desk.post(f"{here}queue/bulk/", {"all": "1", "page": ids})
    assert [row.pk for row in page.context["rows"]] == ids
    data = {"subject": ids, "decision": "refused", "body": "Too **wide**."}
    look = desk.post(f"{here}queue/bulk/", data)
    assert "<strong>wide</strong>" in look.content.decode()
    assert "2 authors are told by mail" in look.content.decode()
    assert not Answer.objects.exists()
    posted(desk, f"{here}queue/bulk/", data | {"send": "1"})
    assert Answer.objects.filter(decision="refused").count() == 2


def test_an_answer_without_reason_keeps_the_decision(client_of, otto, alice, world):
    amendment = propose_amendment(alice, section_id=world.section().pk, body="Three.", reason="")
    address = f"{DESK}consultations/{world.process.slug}/queue/{amendment.subject_id}/"
    page = client_of(otto).post(address, {"decision": "adopted", "body": " "})
    assert page.status_code == 400
    assert page.context["form"]["decision"].value() == "adopted"


def test_an_owner_gives_and_takes_roles(client_of, bob, alice, organisation):
    desk = client_of(bob)
    here = f"{DESK}bodies/{organisation.slug}/people/"
    missing = desk.post(here, {"email": "no@example.org", "role": "editor"})
    assert missing.status_code == 400
    posted(desk, here, {"email": alice.email.upper(), "role": "editor"})
    assert organisation.memberships.get(user=alice).role == "editor"
    assert desk.get(f"{here}{alice.pk}/revoke/").status_code == 200
    posted(desk, f"{here}{alice.pk}/revoke/")
    assert not organisation.memberships.filter(user=alice).exists()
    last = desk.post(f"{here}{bob.pk}/revoke/")
    assert last.status_code == 409


def test_a_version_that_changed_since_it_was_looked_at_is_not_published(client_of, bob, world):
    desk = client_of(bob)
    here = f"{DESK}consultations/{world.process.slug}/"
    posted(desk, f"{here}text/begin/")
    row = Wording.objects.get(version__published_at=None, heading="Trees")
    Wording.objects.filter(pk=row.pk).update(body="Something else.")
    seen = desk.get(f"{here}text/publish/").context["seen"]
    Wording.objects.filter(pk=row.pk).update(body="Something else again.")
    page = desk.post(f"{here}text/publish/", {"seen": seen, "confirmed": "1"})
    assert page.status_code == 409
    assert not Change.objects.exists()


def test_what_was_late_is_first_on_the_desk(client_of, bob, alice, world):
    desk = client_of(bob)
    here = f"{DESK}consultations/{world.process.slug}/"
    amendment = propose_amendment(alice, section_id=world.section().pk, body="Three.", reason="")
    take_position(bob, subject_id=amendment.subject_id, value="agree")
    posted(desk, f"{here}promise/", {"rule": "threshold", "number": 1, "due_at": moment(-1)})
    owe_answers(process=world.process)
    end_phases(bob, world.process)
    page = desk.get(DESK)
    assert page.context["works"][0].state == "late"
    assert amendment.subject.title in page.content.decode()
    assert amendment.subject.title in desk.get(f"{here}queue/?state=late").content.decode()
    assert "Nothing is owed" in desk.get(f"{here}queue/?state=owed").content.decode()


def test_the_queue_is_walked_by_support(client_of, bob, alice, world):
    desk = client_of(bob)
    here = f"{DESK}consultations/{world.process.slug}/queue/"
    ids = [
        propose_amendment(
            alice, section_id=world.section().pk, body=f"{n} metres.", reason=""
        ).subject_id
        for n in range(3)
    ]
    for _ in range(2):
        take_position(factories.person(), subject_id=ids[1], value="agree")
    take_position(factories.person(), subject_id=ids[0], value="agree")
    walked, address = [], f"{here}{ids[1]}/"
    while address:
        page = desk.get(address)
        walked.append(page.context["subject"].pk)
        address = page.context["next_href"]
    assert walked == [ids[1], ids[0], ids[2]]
    assert f"/{ids[0]}/" in desk.get(f"{here}{ids[2]}/").context["previous_href"]


def test_languages_change_until_it_is_published(client_of, bob, organisation):
    desk = client_of(bob)
    here = created(desk, organisation)
    about = {"title_en": "Streets", "title_fr": "Rues", "languages": ["en", "fr"]}
    posted(desk, f"{here}about/", about)
    process = Process.objects.get()
    assert process.languages == ["en", "fr"]
    french = TEXT.replace("Chapter", "Chapitre")
    for language, text in (("en", TEXT), ("fr", french)):
        posted(desk, f"{here}text/write/", {"language": language, "text": text, "save": "1"})
    without = {"title_fr": "Rues", "languages": ["fr"]}
    asked = desk.post(f"{here}about/", without)
    assert asked.status_code == 400
    assert "6 parts of the text are lost" in asked.content.decode()
    assert Wording.objects.filter(language="en").exists()
    posted(desk, f"{here}about/", {**without, "confirmed": "on"})
    process.refresh_from_db()
    assert (process.languages, process.title) == (["fr"], {"fr": "Rues"})
    assert set(Wording.objects.values_list("language", flat=True)) == {"fr"}


def test_languages_stay_once_it_is_published(client_of, bob, world):
    desk = client_of(bob)
    about = f"{DESK}consultations/{world.process.slug}/about/"
    assert 'name="languages"' not in desk.get(about).content.decode()
    posted(desk, about, {"title_en": "Streets", "languages": ["fr"]})
    world.process.refresh_from_db()
    assert world.process.languages == ["en"]
    with pytest.raises(Refused) as refused:
        set_languages(bob, consultation=world.consultation, languages=["en", "fr"])
    assert refused.value.verdict.code == "published"
