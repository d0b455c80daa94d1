"""Which page comes next, and where somebody stands."""

from voting.questionnaire.definition import Page, Question, QuestionKind, Questionnaire
from voting.questionnaire.paging import (
    Progress,
    first_page,
    next_page,
    page_of,
    page_with,
    previous_page,
    progress,
    revealed,
    shown,
)

NO = {"trust": {"option": "no"}}
YES = {"trust": {"option": "yes"}}


def yes_no(key: str, show_if: str = "") -> Question:
    return Question(key, QuestionKind.YES_NO, {"en": key}, show_if=show_if)


def page(key: str, *questions: Question) -> Page:
    return Page(key, {}, {}, questions)


ASKED = Questionnaire(
    (
        page("one", yes_no("trust"), yes_no("sure", "trust = yes")),
        page("reasons", yes_no("slow", "trust = no"), yes_no("costly", "trust = no")),
        page("late", yes_no("more", "slow = yes")),
        page("end", yes_no("last")),
    )
)


def key_of(found: Page | None) -> str | None:
    return found.key if found else None


def test_a_page_asks_what_the_answers_call_for():
    assert [q.key for q in shown(ASKED.pages[0], {})] == ["trust"]
    assert [q.key for q in shown(ASKED.pages[0], YES)] == ["trust", "sure"]


def test_a_page_of_which_nothing_is_asked_is_passed_over():
    assert key_of(next_page(ASKED, YES, "one")) == "end"
    assert key_of(next_page(ASKED, NO, "one")) == "reasons"
    assert key_of(next_page(ASKED, NO, "reasons")) == "end"
    assert next_page(ASKED, NO, "end") is None
    assert key_of(previous_page(ASKED, YES, "end")) == "one"
    assert key_of(previous_page(ASKED, NO, "end")) == "reasons"
    assert previous_page(ASKED, NO, "one") is None
    assert key_of(first_page(ASKED, {})) == "one"


def test_an_answer_may_reveal_a_question_of_the_same_page():
    assert [q.key for q in revealed(ASKED.pages[0], {}, YES)] == ["sure"]
    assert revealed(ASKED.pages[0], YES, YES) == ()
    assert revealed(ASKED.pages[0], YES, NO) == ()


def test_progress_counts_what_may_still_come():
    assert progress(ASKED, {}, "one") == Progress(1, 4)
    assert progress(ASKED, NO, "one") == Progress(1, 4)
    assert progress(ASKED, YES, "one") == Progress(1, 3)
    assert progress(ASKED, NO, "reasons") == Progress(2, 4)
    assert progress(ASKED, {**NO, "slow": {"option": "no"}}, "reasons") == Progress(2, 3)
    assert progress(ASKED, YES, "end") == Progress(2, 2)


def test_pages_are_found_by_key_and_by_question():
    assert key_of(page_of(ASKED, "late")) == "late"
    assert page_of(ASKED, "never") is None
    assert key_of(page_with(ASKED, "costly")) == "reasons"
    assert page_with(ASKED, "never") is None
