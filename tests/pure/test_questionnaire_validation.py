"""What must be mended before a questionnaire can be put to people."""

from typing import Any

import pytest

from voting.questionnaire.definition import (
    Item,
    Option,
    Page,
    Question,
    QuestionKind,
    Questionnaire,
)
from voting.questionnaire.validation import missing_languages, validate, validate_secret

K = QuestionKind
AB = (Option("a", {"en": "A"}), Option("b", {"en": "B"}))
OTHER = Option("z", {"en": "Other"}, True)


def question(kind: QuestionKind, key: str = "q", **fields: Any) -> Question:
    return Question(key, kind, {"en": "Why?"}, **fields)


def of(*questions: Question) -> Questionnaire:
    return Questionnaire((Page("p", {}, {}, questions),))


@pytest.mark.parametrize(
    "asked",
    [
        question(K.SINGLE, options=(*AB, OTHER), is_shuffled=True, method="plurality"),
        question(K.MULTIPLE, options=AB, least=1, most=2, method="approval"),
        question(K.YES_NO, method="plurality"),
        question(K.SCALE, least=1, most=5, satisfied_from=4, points=(Option("5", {"en": "Good"}),)),
        question(K.RANKING, options=AB, method="stv-scottish", seats=2),
        question(K.SCORE, options=AB, most=100, method="score"),
        question(K.GRADES, options=AB, points=AB, method="majority-judgement"),
        question(K.NUMBER, demographic="age", most=120),
        question(K.DATE),
        question(K.SHORT_TEXT),
        question(K.LONG_TEXT),
        question(K.MATRIX, items=(Item("i", {"en": "Staff"}),), least=1, most=5),
    ],
)
def test_a_good_question_has_no_problem(asked):
    assert validate(of(asked)) == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Question("q", K.YES_NO, {"en": "  "}), "title_missing"),
        (question(K.YES_NO, "and"), "key_unfit"),
        (question(K.YES_NO, "a.b"), "key_unfit"),
        (question(K.SINGLE), "options_missing"),
        (question(K.MULTIPLE, options=AB[:1]), "options_missing"),
        (question(K.SINGLE, options=(AB[0], AB[0])), "option_twice"),
        (question(K.SINGLE, options=(*AB, Option("c", {}))), "label_missing"),
        (question(K.SINGLE, options=(*AB, OTHER, Option("y", {"en": "y"}, True))), "two_others"),
        (question(K.MULTIPLE, options=AB, most=3), "limits_unfit"),
        (question(K.MULTIPLE, options=AB, least=2, most=1), "limits_unfit"),
        (question(K.MULTIPLE, options=AB, most=0), "limits_unfit"),
        (question(K.RANKING, options=AB, least=3), "limits_unfit"),
        (question(K.NUMBER, least=5, most=4), "limits_unfit"),
        (question(K.SCALE, least=1), "scale_unfit"),
        (question(K.SCALE, least=1, most=1), "scale_unfit"),
        (question(K.SCALE, least=1, most=50), "scale_unfit"),
        (question(K.SCALE, least=1, most=5, points=(Option("6", {"en": "x"}),)), "points_unfit"),
        (question(K.SCALE, least=1, most=5, satisfied_from=6), "satisfied_unfit"),
        (question(K.MATRIX, least=1, most=5), "items_missing"),
        (question(K.GRADES, options=AB), "grades_missing"),
        (question(K.YES_NO, method="irv"), "method_unfit"),
        (question(K.RANKING, options=AB, method="plurality"), "method_unfit"),
        (question(K.RANKING, options=AB, method="stv-meek", seats=3), "seats_unfit"),
        (question(K.LONG_TEXT, demographic="sex"), "demographic_unfit"),
        (question(K.SINGLE, options=AB, demographic="shoe size"), "demographic_unfit"),
        (question(K.YES_NO, show_if="later = yes"), "rule_unknown_question"),
        (question(K.YES_NO, show_if="q = yes"), "rule_unknown_question"),
        (question(K.YES_NO, show_if="("), "rule_question_missing"),
    ],
)
def test_what_is_wrong_is_named_with_its_question(asked, code):
    found = validate(of(asked))
    assert [problem.code for problem in found] == [code]
    assert found[0].params["question"] == asked.key


def test_pages_and_questions_are_needed_and_named_once():
    assert [p.code for p in validate(Questionnaire(()))] == ["no_page"]
    assert [p.code for p in validate(of())] == ["no_question"]
    page = Page("p", {}, {}, (question(K.YES_NO),))
    twice = validate(Questionnaire((page, page, Page("r", {}, {}, ()))))
    assert [p.code for p in twice] == ["page_twice", "question_twice", "page_empty"]


def test_a_rule_may_name_a_question_of_the_same_page_or_an_earlier_one():
    first = question(K.YES_NO, "first")
    second = question(K.YES_NO, "second", show_if="first = no")
    assert validate(of(first, second)) == []
    assert [p.code for p in validate(of(second, first))] == ["rule_unknown_question"]


def test_a_secret_ballot_asks_for_choices_only():
    fine = of(question(K.SINGLE, options=AB), question(K.RANKING, "r", options=AB))
    assert validate_secret(fine) == []
    telling = of(
        question(K.LONG_TEXT, "words"),
        question(K.SINGLE, "other", options=(*AB, OTHER)),
        question(K.SINGLE, "sex", options=AB, demographic="sex"),
    )
    assert [(p.code, p.params["question"]) for p in validate_secret(telling)] == [
        ("secret_kind", "words"),
        ("secret_other", "other"),
        ("secret_demographic", "sex"),
    ]


def test_a_text_that_a_language_lacks_is_named():
    asked = of(Question("q", K.SINGLE, {"en": "Which?", "fr": "Lequel ?"}, options=AB))
    found = missing_languages(asked, ["en", "fr"])
    assert [dict(p.params) for p in found] == [{"question": "q", "language": "fr"}]
