"""A poll is written: its questions, its rules, its dates, copies of it, and its publication."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Group
from common.verdicts import Refused
from processes.kinds import Activity, EntryKind
from processes.models import Entry
from tests.voting.polls import COLOURS, RANKED, TREE, WORDS, draft_poll, fresh, open_poll
from voting.actions.codes import make_codes, revoke_codes
from voting.actions.dates import set_dates
from voting.actions.editing import (
    Rules,
    build_questionnaire,
    copy_poll,
    create_poll,
    declare_rules,
    describe_poll,
    publish_poll,
    rules_of,
    set_languages,
    write_consent,
)
from voting.actions.questions import (
    add_page,
    add_question,
    copy_question,
    edit_page,
    edit_question,
    free_key,
    move_page,
    move_question,
    place_question,
    problems_of,
    remove_page,
    remove_question,
    restore_question,
)
from voting.kinds import Eligibility, PollKind, ResultsPolicy, Secrecy, ThresholdBase
from voting.models import Invitation, Question
from voting.voters import code_digest, holder_of_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll(bob, organisation):
    """A poll without questions, and one empty page."""
    return create_poll(
        bob,
        organisation=organisation,
        kind=PollKind.QUESTIONNAIRE,
        title={"en": "The market", "fr": "Le marché"},
        summary={"en": "Days and stalls."},
        languages=["en", "fr"],
        about={"en": "All **about** it."},
    )


@pytest.fixture
def page(poll):
    return poll.pages.get()


def keys(poll) -> list[str]:
    return [question.key for question in build_questionnaire(poll).questions()]


def refused(call, *args, **fields) -> str:
    with pytest.raises(Refused) as error:
        call(*args, **fields)
    return error.value.verdict.code


def test_a_new_poll_is_a_draft_with_one_empty_page(poll):
    assert poll.process.published_at is None
    assert poll.process.slug == "the-market"
    assert poll.about_html["en"] == "<p>All <strong>about</strong> it.</p>\n"
    assert [problem.code for problem in problems_of(poll)] == ["no_question"]


def test_what_is_written_is_what_will_be_asked(bob, poll, page):
    for question in (COLOURS, TREE, RANKED, WORDS):
        add_question(bob, page=page, question=question)
    (built,) = build_questionnaire(poll).pages
    assert built.questions == (COLOURS, TREE, RANKED, WORDS)
    assert problems_of(poll) == []


def test_reading_a_questionnaire_costs_the_same_with_many_questions(bob, poll, page):
    add_question(bob, page=page, question=COLOURS)
    with CaptureQueriesContext(
        connection,
    ) as few:
        build_questionnaire(poll)
    for _n in range(9):
        add_question(bob, page=page, question=replace(COLOURS, key=""))
    with CaptureQueriesContext(connection) as many:
        build_questionnaire(poll)
    assert len(many) == len(few) == 3
    assert keys(poll) == ["colour", *(f"q{n}" for n in range(1, 10))]


def test_a_question_is_edited_moved_copied_and_removed(bob, poll, page):
    rows = [add_question(bob, page=page, question=q) for q in (COLOURS, TREE)]
    edit_question(bob, row=rows[1], question=replace(TREE, title={"en": "Trees?"}, key="trees"))
    assert keys(poll) == ["colour", "trees"]
    assert move_question(bob, row=rows[1], step=-1)
    assert keys(poll) == ["trees", "colour"]
    assert not move_question(bob, row=rows[1], step=-1)
    copied = copy_question(bob, row=Question.objects.get(key="trees"))
    assert keys(poll) == ["trees", "trees-2", "colour"]
    assert copied.title == {"en": "Trees?"}
    remove_question(bob, row=copied)
    assert keys(poll) == ["trees", "colour"]


def test_a_question_moves_over_the_edge_of_its_page(bob, poll, page):
    second = add_page(bob, poll=poll, title={"en": "Two"}, intro={})
    add_question(bob, page=page, question=COLOURS)
    tree = add_question(bob, page=page, question=TREE)
    add_question(bob, page=second, question=RANKED)
    assert move_question(bob, row=tree, step=1)
    built = build_questionnaire(poll)
    assert [[q.key for q in one.questions] for one in built.pages] == [
        ["colour"],
        ["tree", "order"],
    ]
    assert move_question(bob, row=Question.objects.get(key="tree"), step=-1)
    assert keys(poll) == ["colour", "tree", "order"]
    place_question(bob, row=Question.objects.get(key="colour"), page=second)
    assert keys(poll) == ["tree", "order", "colour"]


def test_what_was_removed_comes_back_at_its_place(bob, poll, page):
    rows = [add_question(bob, page=page, question=q) for q in (COLOURS, TREE, RANKED)]
    removed = remove_question(bob, row=rows[1])
    assert keys(poll) == ["colour", "order"]
    restore_question(bob, poll=poll, removed=removed)
    assert keys(poll) == ["colour", "tree", "order"]
    assert build_questionnaire(poll).question("tree") == TREE
    restore_question(bob, poll=poll, removed=removed)
    assert keys(poll) == ["colour", "tree-2", "tree", "order"]


def test_what_was_removed_comes_back_also_when_its_page_is_gone(bob, poll, page):
    removed = remove_question(bob, row=add_question(bob, page=page, question=TREE))
    remove_page(bob, page=page)
    restore_question(bob, poll=poll, removed=removed)
    assert keys(poll) == ["tree"]


def test_what_was_removed_elsewhere_does_not_come_back_here(bob, organisation, poll, page):
    other = draft_poll(bob, organisation)
    removed = remove_question(bob, row=other.questions.get(key="tree"))
    assert refused(restore_question, bob, poll=poll, removed=removed) == "not_removed"


def test_pages_are_added_edited_moved_and_removed_when_empty(bob, poll, page):
    second = add_page(bob, poll=poll, title={"en": "Two"}, intro={"en": "Hello"})
    edit_page(bob, page=second, title={"en": " Second ", "fr": ""}, intro={})
    assert second.title == {"en": "Second"}
    assert move_page(bob, page=second, step=-1)
    assert [one.key for one in build_questionnaire(poll).pages] == ["p2", "p1"]
    add_question(bob, page=page, question=TREE)
    assert refused(remove_page, bob, page=page) == "page_not_empty"
    remove_page(bob, page=second)
    assert [one.key for one in build_questionnaire(poll).pages] == ["p1"]


def test_two_questions_cannot_have_one_key(bob, poll, page):
    add_question(bob, page=page, question=TREE)
    assert refused(add_question, bob, page=page, question=TREE) == "key_taken"
    assert refused(add_question, bob, page=page, question=replace(TREE, key="é")) == "key_unfit"


def test_free_keys_count_on():
    assert free_key("q", set()) == "q1"
    assert free_key("q", {"q1", "q2"}) == "q3"
    assert free_key("tree", {"tree"}) == "tree-2"
    assert free_key("tree-2", {"tree", "tree-2"}) == "tree-3"


def test_nothing_is_stored_that_the_database_refuses(bob, poll, page):
    asked = replace(TREE, title={"en": "a\x00b\ud800"})
    assert add_question(bob, page=page, question=asked).title == {"en": "ab"}
    long = replace(TREE, key="", title={"en": "x" * 1001})
    assert refused(add_question, bob, page=page, question=long) == "too_long"


def test_only_editors_of_the_public_body_write(alice, olga, otto, edith, poll, page):
    for person, code in (
        (alice, "not_of_this_body"),
        (olga, "not_of_this_body"),
        (otto, "role_too_small"),
    ):
        assert refused(add_question, person, page=page, question=TREE) == code
        assert refused(add_page, person, poll=poll, title={}, intro={}) == code
        assert refused(declare_rules, person, poll=poll, rules=Rules()) == code
        assert refused(publish_poll, person, poll=poll) == code
    add_question(edith, page=page, question=TREE)


def test_once_it_has_opened_nothing_that_was_declared_changes(bob, organisation):
    poll = open_poll(bob, organisation)
    page, row = poll.pages.get(), poll.questions.first()
    assert refused(add_question, bob, page=page, question=RANKED) == "already_open"
    assert refused(edit_question, bob, row=row, question=TREE) == "already_open"
    assert refused(remove_question, bob, row=row) == "already_open"
    assert refused(move_page, bob, page=page, step=1) == "already_open"
    assert refused(declare_rules, bob, poll=poll, rules=Rules()) == "already_open"
    assert refused(write_consent, bob, poll=poll, consent={"en": "x"}) == "already_open"
    with pytest.raises(ProgrammingError, match="fixed once"), transaction.atomic():
        poll.questions.update(title={"en": "Another question"})


def test_what_describes_a_poll_can_be_corrected_while_it_is_open(bob, organisation):
    poll = open_poll(bob, organisation)
    describe_poll(
        bob,
        poll=poll,
        kind=PollKind.VOTE,
        title={"en": "Trams"},
        summary={},
        about={"en": "More."},
        thanks={"en": "Thank you."},
        area=None,
        topics=[],
    )
    assert fresh(poll).process.title == {"en": "Trams"}
    assert fresh(poll).thanks == {"en": "Thank you."}


def test_languages_change_until_it_is_published(bob, alice, organisation):
    poll = draft_poll(bob, organisation)
    set_languages(bob, poll=poll, languages=["fr"])
    asked = build_questionnaire(fresh(poll)).question("tree")
    assert asked.title == {"fr": "Un arbre à chaque arrêt ?"}
    set_languages(bob, poll=poll, languages=["fr", "en"])
    assert list(build_questionnaire(fresh(poll)).question("tree").title) == ["en", "fr"]
    assert refused(set_languages, bob, poll=poll, languages=[]) == "unknown_language"
    assert refused(set_languages, bob, poll=poll, languages=["xx"]) == "unknown_language"
    assert refused(set_languages, alice, poll=poll, languages=["en"]) == "not_of_this_body"
    publish_poll(bob, poll=poll)
    assert refused(set_languages, bob, poll=poll, languages=["en"]) == "already_published"


def test_rules_are_declared(bob, poll, city):
    rules = Rules(
        secrecy=Secrecy.SECRET,
        eligibility=Eligibility.RESIDENTS,
        area=city,
        quorum=Decimal("0.5"),
        threshold=Decimal("0.66667"),
        eligible_count=1000,
    )
    declare_rules(bob, poll=poll, rules=rules)
    assert rules_of(fresh(poll)) == rules


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (Rules(eligibility=Eligibility.RESIDENTS), "area_missing"),
        (Rules(eligibility=Eligibility.GROUP), "group_missing"),
        (Rules(eligibility=Eligibility.ANYONE, secrecy=Secrecy.NAMED), "named_needs_accounts"),
        (Rules(secrecy=Secrecy.SECRET, results_policy=ResultsPolicy.LIVE), "secret_is_sealed"),
        (Rules(quorum=Decimal(2), eligible_count=9), "share_unfit"),
        (Rules(quorum=Decimal("0.5")), "eligible_count_missing"),
        (Rules(threshold=Decimal("0.5"), threshold_base=ThresholdBase.ELIGIBLE), "eligible_count_missing"),
        (Rules(threshold=Decimal("0.5"), threshold_base=ThresholdBase.AREAS), "areas_need_residents"),
    ],
)  # fmt: skip
def test_rules_that_contradict_one_another_are_refused(bob, poll, rules, code):
    assert refused(declare_rules, bob, poll=poll, rules=rules) == code


def test_a_group_of_another_body_cannot_be_chosen(bob, poll, other_organisation):
    theirs = Group.objects.create(organisation=other_organisation, name="Panel")
    rules = Rules(eligibility=Eligibility.GROUP, group=theirs)
    assert refused(declare_rules, bob, poll=poll, rules=rules) == "group_missing"


def test_a_poll_needs_dates_and_good_questions_to_be_published(bob, poll, page):
    assert refused(publish_poll, bob, poll=poll) == "dates_missing"
    now = timezone.now()
    set_dates(bob, poll=poll, opens_at=now, closes_at=now + timedelta(days=7))
    assert poll.process.phases.get().activities == [Activity.VOTE]
    assert list(poll.process.phases.get().name) == ["en", "fr"]
    assert refused(publish_poll, bob, poll=poll) == "questions_unfit"
    add_question(bob, page=page, question=TREE)
    publish_poll(bob, poll=poll)
    assert fresh(poll).process.published_at is not None
    assert refused(publish_poll, bob, poll=poll) == "already_published"


def test_a_secret_poll_with_words_is_not_published(bob, organisation):
    poll = draft_poll(bob, organisation, questions=[TREE, WORDS], secrecy=Secrecy.SECRET)
    assert [problem.code for problem in problems_of(poll)] == ["secret_kind"]
    assert refused(publish_poll, bob, poll=poll) == "questions_unfit"


def test_dates_of_a_published_poll_change_with_a_reason(bob, organisation):
    poll = draft_poll(bob, organisation, opens_in=timedelta(days=2))
    publish_poll(bob, poll=poll)
    opens, closes = timezone.now() + timedelta(days=3), timezone.now() + timedelta(days=9)
    assert refused(set_dates, bob, poll=poll, opens_at=opens, closes_at=closes) == "reason_missing"
    set_dates(bob, poll=poll, opens_at=opens, closes_at=closes, reason="A holiday.")
    assert poll.process.phases.get().opens_at == opens
    assert Entry.objects.get(kind=EntryKind.PROCESS_RESCHEDULED).data["reason"] == "A holiday."


def test_while_people_vote_the_end_only_becomes_later(bob, organisation):
    poll = open_poll(bob, organisation)
    phase = poll.process.phases.get()
    begin, end = phase.opens_at, phase.closes_at
    day = timedelta(days=1)
    tries = [
        (begin - day, end, "has_opened"),
        (begin, end - day, "earlier_end"),
        (begin, timezone.now() - day / 2, "past_end"),
    ]
    for opens, closes, code in tries:
        fields = {"opens_at": opens, "closes_at": closes, "reason": "x"}
        assert refused(set_dates, bob, poll=poll, **fields) == code
    set_dates(bob, poll=poll, opens_at=begin, closes_at=end + day, reason="More time.")
    assert poll.process.phases.get().closes_at == end + day


def test_a_copy_asks_the_same_under_the_same_rules(bob, organisation, city):
    poll = open_poll(
        bob, organisation, questions=[COLOURS, TREE, RANKED], secrecy=Secrecy.SECRET,
        eligibility=Eligibility.RESIDENTS, area=city, consent={"en": "I agree."},
    )  # fmt: skip
    copy = copy_poll(bob, poll=poll, title={"en": "The tram, again"})
    assert build_questionnaire(copy) == build_questionnaire(poll)
    assert rules_of(copy) == rules_of(poll)
    assert copy.consent == {"en": "I agree."}
    assert (copy.copied_from, copy.series) == (poll, "the-tram")
    assert fresh(poll).series == "the-tram"
    assert copy.opened_at is None
    assert copy.process.published_at is None
    assert not copy.process.phases.exists()


def test_nobody_else_copies(alice, olga, otto, bob, organisation):
    poll = draft_poll(bob, organisation)
    for person in (alice, olga):
        assert refused(copy_poll, person, poll=poll, title={"en": "x"}) == "not_of_this_body"
    assert refused(copy_poll, otto, poll=poll, title={"en": "x"}) == "role_too_small"


def test_codes_are_shown_once_and_open_the_poll(bob, organisation):
    poll = draft_poll(bob, organisation, eligibility=Eligibility.INVITED)
    codes = make_codes(bob, poll=poll, number=3, batch="Letter of May")
    assert len(set(codes)) == 3
    assert {len(code) for code in codes} == {26}
    kept = set(Invitation.objects.values_list("digest", flat=True))
    assert kept == {code_digest(code) for code in codes}
    assert holder_of_code(codes[0], poll).verdict
    assert revoke_codes(bob, poll=poll, batch="Letter of May") == 3
    assert refused(holder_of_code, codes[0], poll) == "code_unknown"


def test_codes_are_refused_where_they_open_nothing(bob, alice, organisation):
    poll = draft_poll(bob, organisation)
    assert refused(make_codes, bob, poll=poll, number=3) == "not_by_code"
    invited = draft_poll(bob, organisation, eligibility=Eligibility.INVITED)
    assert refused(make_codes, bob, poll=invited, number=0) == "number_unfit"
    assert refused(make_codes, bob, poll=invited, number=10_001) == "number_unfit"
    assert refused(make_codes, alice, poll=invited, number=1) == "not_of_this_body"
