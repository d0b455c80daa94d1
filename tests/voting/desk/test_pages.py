"""A poll is made at the desk, from nothing to its publication, without a script."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.voting.polls import COLOURS, RANKED, TREE, draft_poll, fresh, open_poll
from voting.actions.questions import build_questionnaire
from voting.desk.question_form import KIND_NAMES
from voting.kinds import Eligibility, OpeningPolicy, Secrecy
from voting.models import Invitation, Poll, Question
from voting.questionnaire.definition import Option, QuestionKind

pytestmark = pytest.mark.django_db

NEW = {
    "kind": "questionnaire",
    "languages": ["en", "fr"],
    "title_en": "The market",
    "title_fr": "Le marché",
    "summary_en": "Days and stalls.",
}


def at(name: str, poll: Poll, **names) -> str:
    return reverse(f"polldesk:{name}", kwargs={"slug": poll.process.slug, **names})


@pytest.fixture
def desk(client_of, bob):
    return client_of(bob)


@pytest.fixture
def poll(bob, organisation):
    return draft_poll(bob, organisation)


def keys(poll) -> list[str]:
    return [question.key for question in build_questionnaire(poll).questions()]


def test_a_poll_from_nothing_to_its_publication(desk, organisation):
    answer = desk.post(reverse("polldesk:new"), {**NEW, "organisation": organisation.pk})
    poll = Poll.objects.get()
    assert answer.url == at("questions", poll)
    page = desk.get(answer.url).content.decode()
    assert "Nothing is asked on this page yet." in page
    new = at("new-question", poll) + "?page=p1&kind=single"
    sent = {
        "kind": "single",
        "title_en": "Which day?",
        "title_fr": "Quel jour ?",
        "options_en": "Wednesday\nSaturday",
        "options_fr": "Mercredi\nSamedi",
        "has_other": "on",
    }
    assert desk.post(new, sent).status_code == 302
    (question,) = build_questionnaire(poll).questions()
    assert question.key == "q1"
    assert question.options[:2] == (
        Option("wednesday", {"en": "Wednesday", "fr": "Mercredi"}),
        Option("saturday", {"en": "Saturday", "fr": "Samedi"}),
    )
    assert question.options[2].is_other
    assert "Missing" in desk.get(at("overview", poll)).content.decode()
    dates = {"opens_at": "2030-01-01T09:00", "closes_at": "2030-02-01T18:00"}
    assert desk.post(at("phases", poll), dates).status_code == 302
    rules = {
        "eligibility": "verified", "secrecy": "confidential", "results_policy": "sealed",
        "change_policy": "until_close", "opening_policy": "clock", "threshold_base": "cast",
        "shows_turnout": "on", "threshold": "66.667", "consent_en": "I **agree**.",
    }  # fmt: skip
    assert desk.post(at("rules", poll), rules).status_code == 302
    assert 'value="66.667"' in desk.get(at("rules", poll)).content.decode()
    assert desk.post(at("publish", poll)).url == at("overview", poll)
    poll = fresh(poll)
    assert poll.process.published_at is not None
    assert poll.eligibility == Eligibility.VERIFIED
    assert poll.consent_html["en"] == "<p>I <strong>agree</strong>.</p>\n"


@pytest.mark.parametrize("kind", list(KIND_NAMES))
def test_each_kind_has_an_editor_with_a_preview(desk, poll, kind):
    new = at("new-question", poll) + f"?page=p1&kind={kind.value}"
    assert desk.get(new).status_code == 200
    sent = {
        "kind": kind.value,
        "title_en": "What do you say?",
        "options_en": "First\nSecond\nThird",
        "items_en": "Staff\nCost",
        "points_en": "Good\nBad",
        "key": "mine",
    }
    if kind in (QuestionKind.SCALE, QuestionKind.MATRIX):
        sent |= {"least": "1", "most": "5"}
    if kind is QuestionKind.SCORE:
        sent |= {"least": "0", "most": "10"}
    look = desk.post(new, {**sent, "look": "1"}, headers={"HX-Request": "true"})
    assert "What do you say?" in look.content.decode()
    assert "<html" not in look.content.decode()
    assert "mine" not in keys(poll)
    answer = desk.post(new, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    row = Question.objects.get(key="mine")
    edit = desk.get(at("question", poll, pk=row.pk))
    assert "What do you say?" in edit.content.decode()
    before = build_questionnaire(poll).question("mine")
    initial = {
        name: "" if value is None else value for name, value in edit.context["form"].initial.items()
    }
    again = {name: value for name, value in initial.items() if value is not False}
    assert (
        desk.post(at("question", poll, pk=row.pk), {**again, "kind": kind.value}).status_code == 302
    )
    assert build_questionnaire(poll).question("mine") == before


def test_what_is_wrong_with_a_question_stands_beside_its_field(desk, poll):
    new = at("new-question", poll) + "?page=p1&kind=multiple"
    sent = {
        "kind": "multiple",
        "title_en": "Which?",
        "options_en": "One\nTwo",
        "options_fr": "Un",
        "most": "1",
    }
    answer = desk.post(new, sent)
    assert answer.status_code == 400
    assert "Write as many lines in each language: here are 1, there 2." in answer.content.decode()
    assert "One\nTwo" in answer.content.decode()
    del sent["options_fr"]
    answer = desk.post(new, {**sent, "most": "5", "show_if": "colour = pink"})
    errors = answer.context["form"].errors
    assert errors["most"] == ["The least and the most do not fit each other, or the options."]
    assert errors["show_if"] == [
        "The rule compares “colour” with “pink”, which cannot be answered there."
    ]
    assert desk.post(new, {**sent, "show_if": "colour = red"}).status_code == 302


def test_options_keep_their_keys_when_their_words_change(desk, poll):
    row = poll.questions.get(key="colour")
    sent = {
        "kind": "single",
        "title_en": "Colour?",
        "options_en": "Crimson\nGreen\nBlue",
        "options_fr": "Cramoisi\nVert\nBleu",
    }
    desk.post(at("question", poll, pk=row.pk), sent)
    asked = build_questionnaire(poll).question("colour")
    assert asked.option_keys() == ("red", "green", "blue")
    assert asked.options[0].label == {"en": "Crimson", "fr": "Cramoisi"}


def test_questions_move_and_the_same_button_keeps_the_focus(desk, poll):
    row = poll.questions.get(key="tree")
    answer = desk.post(at("move-question", poll, pk=row.pk, where="up"))
    assert keys(poll) == ["tree", "colour"]
    assert answer.url.endswith(f"?moved=q{row.pk}&by=up")
    page = desk.get(answer.url.partition("#")[0]).content.decode()
    assert page.count("autofocus") == 1
    assert f'questions/{row.pk}/move/up/" aria-describedby="q{row.pk}_name" autofocus' in page
    assert desk.post(at("move-question", poll, pk=row.pk, where="sideways")).status_code == 404


def test_a_question_that_was_removed_comes_back(desk, poll):
    row = poll.questions.get(key="colour")
    assert (
        "Remove this question?" in desk.get(at("remove-question", poll, pk=row.pk)).content.decode()
    )
    answer = desk.post(at("remove-question", poll, pk=row.pk))
    assert keys(poll) == ["tree"]
    assert "Bring it back" in desk.get(answer.url).content.decode()
    desk.post(at("restore-question", poll))
    assert keys(poll) == ["colour", "tree"]
    assert "Bring it back" not in desk.get(at("questions", poll)).content.decode()
    assert desk.post(at("restore-question", poll)).status_code == 409


def test_questions_and_pages_are_copied_moved_and_named(desk, poll):
    row = poll.questions.get(key="tree")
    desk.post(at("copy-question", poll, pk=row.pk))
    assert keys(poll) == ["colour", "tree", "tree-2"]
    desk.post(at("new-page", poll), {"title_en": "About you", "intro_en": "A few words."})
    second = poll.pages.get(key="p2")
    desk.post(
        at("question", poll, pk=row.pk),
        {"kind": "yes_no", "title_en": "Trees?", "on_page": second.pk},
    )
    assert keys(poll) == ["colour", "tree-2", "tree"]
    desk.post(at("move-page", poll, pk=second.pk, where="up"))
    assert keys(poll) == ["tree", "colour", "tree-2"]
    assert desk.post(at("remove-page", poll, pk=second.pk)).status_code == 409
    desk.post(at("page", poll, pk=second.pk), {"title_en": "You"})
    assert poll.pages.get(key="p2").title == {"en": "You"}


def test_the_list_of_questions_costs_the_same_with_many(
    desk, bob, organisation, poll, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        desk.get(at("questions", poll))
    for _n in range(20):
        desk.post(at("copy-question", poll, pk=poll.questions.first().pk))
    with CaptureQueriesContext(connection) as many:
        desk.get(at("questions", poll))
    assert len(many) <= len(few)


def test_the_preview_goes_through_the_pages_and_stores_nothing(desk, bob, organisation):
    poll = draft_poll(
        bob, organisation, questions=[COLOURS, TREE, RANKED], thanks={"en": "Thank you!"}
    )
    from tests.voting.polls import write_question
    from voting.actions.questions import add_page
    from voting.questionnaire.definition import Question as Asked

    second = add_page(bob, poll=poll, title={"en": "Reasons"}, intro={})
    why = Asked("why", QuestionKind.LONG_TEXT, {"en": "Why not?"}, show_if="tree = no")
    write_question(second, 0, why)
    first = desk.get(at("preview", poll))
    assert "Which colour shall the tram have?" in first.content.decode()
    sent = {"page": "p1", "so_far": "", "q.tree": "no", "q.order.north": "1", "q.order.south": "1"}
    wrong = desk.post(at("preview", poll), sent)
    assert wrong.status_code == 400
    assert "Two options have rank 1." in wrong.content.decode()
    reasons = desk.post(at("preview", poll), {**sent, "q.order.south": "2"})
    assert "Why not?" in reasons.content.decode()
    so_far = reasons.context["so_far"]
    back = desk.post(at("preview", poll), {"page": "p2", "so_far": so_far, "back": "1"})
    assert "Which colour" in back.content.decode()
    end = desk.post(at("preview", poll), {"page": "p2", "so_far": so_far, "q.why": "Leaves."})
    assert "Thank you!" in end.content.decode()
    assert end.context["answered"] == 3
    assert not poll.ballots.exists()
    assert not poll.drafts.exists()
    for hostile in ("{", "[" * 100_000, "null", '{"tree": 7}', "x" * 500_000):
        assert desk.post(at("preview", poll), {"page": "zz", "so_far": hostile}).status_code == 200


def test_rules_are_shown_and_stay_once_it_has_opened(desk, bob, organisation):
    poll = open_poll(bob, organisation, secrecy=Secrecy.SECRET)
    page = desk.get(at("rules", poll)).content.decode()
    assert "What was declared stays as it is." in page
    assert poll.definition_digest in page
    assert desk.post(at("rules", poll), {}).status_code == 409
    for name in ("new-question", "new-page"):
        assert desk.get(at(name, poll)).status_code == 409
    assert "Up" not in desk.get(at("questions", poll)).content.decode().split("<main")[1].split(
        "</main>"
    )[0].replace("Update", "")


def test_rules_that_contradict_keep_what_was_typed(desk, poll):
    rules = {
        "eligibility": "anyone", "secrecy": "named", "results_policy": "sealed",
        "change_policy": "final", "opening_policy": "clock", "threshold_base": "cast",
        "consent_en": "Typed words",
    }  # fmt: skip
    answer = desk.post(at("rules", poll), rules)
    assert answer.status_code == 400
    assert "A named poll must know its people" in answer.content.decode()
    assert "Typed words" in answer.content.decode()


def test_a_later_end_needs_a_reason(desk, bob, organisation):
    poll = open_poll(bob, organisation)
    sent = {"closes_at": "2040-01-01T12:00"}
    assert desk.post(at("phases", poll), sent).status_code == 400
    assert desk.post(at("phases", poll), {**sent, "reason": "More time."}).status_code == 302
    assert poll.process.phases.get().closes_at.year == 2040


def test_a_poll_is_opened_and_closed_by_hand(desk, bob, organisation):
    poll = draft_poll(bob, organisation, opening_policy=OpeningPolicy.HAND)
    assert desk.get(at("open", poll)).status_code == 409
    desk.post(at("publish", poll))
    assert "Open voting now?" in desk.get(at("open", poll)).content.decode()
    assert desk.post(at("open", poll)).status_code == 302
    assert fresh(poll).opened_at is not None
    assert desk.get(at("close", poll)).status_code == 200
    assert desk.post(at("close", poll)).status_code == 302
    assert fresh(poll).closed_at is not None
    assert desk.get(at("close", poll)).status_code == 409
    assert desk.get(at("overview", poll)).status_code == 200


def test_a_published_poll_that_cannot_open_says_so(desk, bob, organisation):
    poll = draft_poll(bob, organisation, opens_in=timedelta(days=2))
    desk.post(at("publish", poll))
    assert "It cannot open as it is" not in desk.get(at("overview", poll)).content.decode()
    poll.questions.filter(key="tree").update(show_if="colour = pink")
    assert "It cannot open as it is" in desk.get(at("overview", poll)).content.decode()


def test_codes_are_shown_or_downloaded_once(desk, bob, organisation):
    poll = draft_poll(bob, organisation, eligibility=Eligibility.INVITED)
    shown = desk.post(at("codes", poll), {"number": "3", "batch": "May"})
    assert shown.headers["Cache-Control"] == "no-store"
    codes = shown.context["made"].split("\n")
    assert len(codes) == 3
    assert all(code in shown.content.decode() for code in codes)
    file = desk.post(at("codes", poll), {"number": "2", "download": "1"})
    assert file.headers["Content-Type"].startswith("text/plain")
    assert len(file.content.decode().split()) == 2
    assert Invitation.objects.filter(poll=poll).count() == 5
    later = desk.get(at("codes", poll)).content.decode()
    assert not any(code in later for code in codes)
    desk.post(at("revoke-codes", poll), {"batch": "May"})
    assert Invitation.objects.filter(poll=poll, revoked_at__isnull=True).count() == 2
    assert desk.post(at("codes", poll), {"number": "0"}).status_code == 400


def test_a_group_is_made_and_people_are_added_by_address(desk, organisation, alice, charlie):
    groups = reverse("polldesk:groups", kwargs={"slug": organisation.slug})
    answer = desk.post(groups, {"name": "Panel"})
    members = answer.url
    assert desk.post(groups, {"name": "Panel"}).status_code == 409
    page = desk.post(
        members, {"emails": f"{alice.email}\nnobody@example.org; {charlie.email.upper()}"}
    )
    assert "nobody@example.org" in page.content.decode()
    group = organisation.groups.get()
    assert set(group.people.all()) == {alice, charlie}
    desk.post(f"{members}{alice.pk}/remove/")
    assert set(group.people.all()) == {charlie}
    assert desk.post(f"{members}{alice.pk}/remove/").status_code == 404


def test_a_copy_is_a_new_draft(desk, bob, organisation):
    poll = open_poll(bob, organisation)
    answer = desk.post(at("copy", poll), {"title_en": "Again", "title_fr": "Encore"})
    assert answer.url == "/en/desk/polls/again/"
    page = desk.get(answer.url).content.decode()
    assert "Copied from" in page
    assert "Say when voting opens and closes." in page


def test_a_draft_is_described_in_one_language_more(desk, poll):
    sent = {"kind": "vote", "languages": ["en", "kk"], "title_en": "Tram", "title_kk": "Трамвай"}
    assert desk.post(at("about", poll), {**sent, "title_kk": ""}).status_code == 400
    assert desk.post(at("about", poll), sent).status_code == 302
    assert fresh(poll).process.languages == ["en", "kk"]
    row = poll.questions.get(key="tree")
    page = desk.get(at("question", poll, pk=row.pk)).content.decode()
    assert 'name="title_kk"' in page
    assert 'name="title_fr"' not in page
    desk.post(at("publish", poll))
    assert 'name="languages"' not in desk.get(at("about", poll)).content.decode()


def test_a_poll_called_new_can_be_reached(desk, organisation):
    answer = desk.post(
        reverse("polldesk:new"), {**NEW, "title_en": "New", "organisation": organisation.pk}
    )
    assert answer.url != "/en/desk/polls/new/questions/"
    assert desk.get(answer.url).status_code == 200


def test_every_page_speaks_french(desk, bob, organisation):
    poll = draft_poll(bob, organisation, eligibility=Eligibility.INVITED)
    row, page = poll.questions.first(), poll.pages.get()
    names = [
        ("overview", {}), ("about", {}), ("copy", {}), ("questions", {}), ("new-question", {}),
        ("question", {"pk": row.pk}), ("remove-question", {"pk": row.pk}), ("new-page", {}),
        ("page", {"pk": page.pk}), ("rules", {}), ("phases", {}), ("preview", {}), ("codes", {}),
        ("publish", {}),
    ]  # fmt: skip
    for name, more in names:
        address = at(name, poll, **more).replace("/en/", "/fr/", 1)
        answer = desk.get(address)
        assert answer.status_code == 200, name
        assert '<html lang="fr">' in answer.content.decode()
