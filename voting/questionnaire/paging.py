"""Which page comes next, and what is asked on it, for the answers so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voting.questionnaire.conditions import is_shown, keys
from voting.questionnaire.definition import Page, Question, Questionnaire

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Progress:
    """Page `number` of `count`. `count` never grows while somebody goes forward."""

    number: int
    count: int


def shown(page: Page, answers: Answers) -> tuple[Question, ...]:
    """The questions that this page asks of somebody with these answers."""
    return tuple(question for question in page.questions if is_shown(question, answers))


def revealed(page: Page, before: Answers, after: Answers) -> tuple[Question, ...]:
    """What the page asks after it was sent, and did not ask before.

    Where this is not empty the same page is shown again: no script has revealed those questions.
    """
    return tuple(
        question
        for question in page.questions
        if is_shown(question, after) and not is_shown(question, before)
    )


def page_of(questionnaire: Questionnaire, key: str) -> Page | None:
    """The page with this key, or None."""
    return next((page for page in questionnaire.pages if page.key == key), None)


def first_page(questionnaire: Questionnaire, answers: Answers) -> Page | None:
    """The first page that asks anything of somebody with these answers."""
    return next((page for page in questionnaire.pages if shown(page, answers)), None)


def next_page(questionnaire: Questionnaire, answers: Answers, key: str) -> Page | None:
    """The page after the one with this key that asks anything; None after the last one, and where one
    page only is answered."""
    if questionnaire.one_page:
        return None
    place = _place(questionnaire, key)
    following = questionnaire.pages[place + 1 :]
    return next((page for page in following if shown(page, answers)), None)


def previous_page(questionnaire: Questionnaire, answers: Answers, key: str) -> Page | None:
    """The page before the one with this key that asks anything; None before the first one, and where
    one page only is answered."""
    if questionnaire.one_page:
        return None
    before = questionnaire.pages[: _place(questionnaire, key)]
    return next((page for page in reversed(before) if shown(page, answers)), None)


def page_with(questionnaire: Questionnaire, question: str) -> Page | None:
    """The page on which a question stands, or None."""
    return next(
        (page for page in questionnaire.pages if any(q.key == question for q in page.questions)),
        None,
    )


def progress(questionnaire: Questionnaire, answers: Answers, key: str) -> Progress:
    """Where somebody stands on the page with this key.

    Later pages count unless the answers so far already rule them out.
    """
    if questionnaire.one_page:
        return Progress(1, 1)
    place = _place(questionnaire, key)
    before = sum(1 for page in questionnaire.pages[:place] if shown(page, answers))
    known = {q.key for page in questionnaire.pages[:place] for q in page.questions}
    known |= {q.key for q in questionnaire.pages[place].questions if q.key in answers}
    after = sum(1 for page in questionnaire.pages[place + 1 :] if _may_come(page, answers, known))
    return Progress(before + 1, before + 1 + after)


def _may_come(page: Page, answers: Answers, known: set[str]) -> bool:
    return any(is_shown(q, answers) or not keys(q) <= known for q in page.questions)


def _place(questionnaire: Questionnaire, key: str) -> int:
    """Raises KeyError for a page that does not exist."""
    for place, page in enumerate(questionnaire.pages):
        if page.key == key:
            return place
    raise KeyError(key)
