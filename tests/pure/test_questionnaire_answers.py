"""What may be answered, and in which one spelling it is kept."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.questionnaire.answers import LONG_LIMIT, SHORT_LIMIT, check, check_one
from voting.questionnaire.definition import (
    YES_NO_KEYS,
    Item,
    Option,
    Page,
    Question,
    QuestionKind,
    Questionnaire,
)

K = QuestionKind


def options(*keys: str, other: str = "") -> tuple[Option, ...]:
    return tuple(Option(key, {"en": key}, key == other) for key in keys)


def question(kind: QuestionKind, key: str = "q", **fields: Any) -> Question:
    return Question(key, kind, {"en": key}, **fields)


SINGLE = question(K.SINGLE, options=options("a", "b", "z", other="z"))
MULTIPLE = question(K.MULTIPLE, options=options("a", "b", "c", "z", other="z"), least=1, most=3)
EXACTLY_TWO = question(K.MULTIPLE, options=options("a", "b", "c"), least=2, most=2)
YES_NO = question(K.YES_NO)
SCALE = question(K.SCALE, least=1, most=5, does_not_apply=True)
RANKING = question(K.RANKING, options=options("a", "b", "c"))
FULL_RANKING = question(K.RANKING, options=options("a", "b", "c"), least=3)
SCORE = question(K.SCORE, options=options("a", "b"), least=0, most=10)
GRADES = question(K.GRADES, options=options("a", "b"), points=options("good", "fair", "bad"))
NUMBER = question(K.NUMBER, least=0, most=120)
ANY_NUMBER = question(K.NUMBER, least=-(10**9))
DATE = question(K.DATE)
SHORT = question(K.SHORT_TEXT)
LONG = question(K.LONG_TEXT)
MATRIX = question(
    K.MATRIX,
    items=(Item("staff", {"en": "Staff"}), Item("cost", {"en": "Cost"})),
    least=1,
    most=5,
    does_not_apply=True,
)
EVERY = (
    SINGLE, MULTIPLE, EXACTLY_TWO, YES_NO, SCALE, RANKING, FULL_RANKING, SCORE, GRADES, NUMBER,
    ANY_NUMBER, DATE, SHORT, LONG, MATRIX,
)  # fmt: skip


RIGHT = [
    (SINGLE, {"option": "a"}, {"option": "a"}),
    (SINGLE, {"option": "z", "text": "  a  horse "}, {"option": "z", "text": "a horse"}),
    (SINGLE, {"option": "z", "text": ""}, {"option": "z"}),
    (SINGLE, {"option": "a", "text": "typed, then thought better of"}, {"option": "a"}),
    (MULTIPLE, {"options": ["c", "a"]}, {"options": ["a", "c"]}),
    (MULTIPLE, {"options": ["z"], "text": "x"}, {"options": ["z"], "text": "x"}),
    (EXACTLY_TWO, {"options": ["c", "b"]}, {"options": ["b", "c"]}),
    (YES_NO, {"option": "abstain"}, {"option": "abstain"}),
    (SCALE, {"point": 4}, {"point": 4}),
    (SCALE, {"point": "na"}, {"point": "na"}),
    (RANKING, {"ranking": ["c", "a"]}, {"ranking": ["c", "a"]}),
    (RANKING, {"ranks": {"a": 2, "c": 1, "b": ""}}, {"ranking": ["c", "a"]}),
    (FULL_RANKING, {"ranking": ["c", "a", "b"]}, {"ranking": ["c", "a", "b"]}),
    (SCORE, {"scores": {"b": 0, "a": 7}}, {"scores": {"a": 7, "b": 0}}),
    (SCORE, {"scores": {"b": None, "a": 7}}, {"scores": {"a": 7}}),
    (GRADES, {"grades": {"a": "good", "b": ""}}, {"grades": {"a": "good"}}),
    (NUMBER, {"number": " 012.50 "}, {"number": "12.5"}),
    (NUMBER, {"number": 12}, {"number": "12"}),
    (NUMBER, {"number": 12.25}, {"number": "12.25"}),
    (NUMBER, {"number": "-0"}, {"number": "0"}),
    (NUMBER, {"number": "١٢"}, {"number": "12"}),
    (ANY_NUMBER, {"number": "-7.10"}, {"number": "-7.1"}),
    (DATE, {"date": " 2026-11-24 "}, {"date": "2026-11-24"}),
    (SHORT, {"text": "one\r\ntwo\x00"}, {"text": "one two"}),
    (LONG, {"text": "one\r\ntwo\n"}, {"text": "one\ntwo"}),
    (LONG, {"text": "Қазақстан е\u0301"}, {"text": "Қазақстан е\u0301"}),
    (LONG, {"text": "e\u0301"}, {"text": "é"}),
    (MATRIX, {"points": {"cost": "na", "staff": 5}}, {"points": {"staff": 5, "cost": "na"}}),
]


@pytest.mark.parametrize(("asked", "raw", "kept"), RIGHT)
def test_a_right_answer_is_kept_in_one_spelling(asked, raw, kept):
    assert check_one(asked, raw) == (kept, None)


def test_parts_are_kept_in_the_order_of_the_definition():
    kept, _problem = check_one(SCORE, {"scores": {"b": 1, "a": 2}})
    assert list(kept["scores"]) == ["a", "b"]


@pytest.mark.parametrize(
    ("asked", "raw"),
    [
        (SINGLE, None), (SINGLE, {}), (SINGLE, {"option": ""}), (SINGLE, {"option": None}),
        (SINGLE, {"option": "", "text": "words"}),
        (MULTIPLE, {"options": []}), (MULTIPLE, {"options": None}), (SCALE, {"point": ""}),
        (RANKING, {"ranking": []}), (RANKING, {"ranks": {"a": "", "b": None}}),
        (SCORE, {"scores": {}}), (SCORE, {"scores": {"a": ""}}), (GRADES, {"grades": {"a": None}}),
        (NUMBER, {"number": "  "}), (DATE, {"date": ""}), (SHORT, {"text": " \u200b\t"}),
        (LONG, {"text": "\x00\x07"}), (MATRIX, {"points": {"staff": ""}}),
    ],
)  # fmt: skip
def test_an_empty_answer_counts_as_skipped(asked, raw):
    assert check_one(asked, raw) == (None, None)


WRONG = [
    (SINGLE, {"option": "x"}, "not_offered"),
    (SINGLE, {"option": "a\x00"}, "not_offered"),
    (SINGLE, {"option": ["a"]}, "wrong_shape"),
    (SINGLE, {"option": "a", "user": 7}, "wrong_shape"),
    (SINGLE, {"option": "z", "text": 5}, "wrong_shape"),
    (SINGLE, {"option": "z", "text": "x" * (SHORT_LIMIT + 1)}, "too_long"),
    (SINGLE, "a", "wrong_shape"),
    (SINGLE, [["option", "a"]], "wrong_shape"),
    (MULTIPLE, {"options": "abc"}, "wrong_shape"),
    (MULTIPLE, {"options": {"a": 1}}, "wrong_shape"),
    (MULTIPLE, {"options": ["a", "a"]}, "named_twice"),
    (MULTIPLE, {"options": ["a", "x"]}, "not_offered"),
    (MULTIPLE, {"options": ["a", "b", "c", "z"]}, "too_many"),
    (MULTIPLE, {"options": ["a"] * 100_000}, "too_many"),
    (EXACTLY_TWO, {"options": ["a"]}, "not_exactly"),
    (YES_NO, {"option": "maybe"}, "not_offered"),
    (SCALE, {"point": 6}, "outside"),
    (SCALE, {"point": "4"}, "outside"),
    (SCALE, {"point": 4.0}, "wrong_shape"),
    (SCALE, {"point": True}, "wrong_shape"),
    (question(K.SCALE, least=1, most=5), {"point": "na"}, "outside"),
    (RANKING, {"ranking": ["a", "a"]}, "named_twice"),
    (RANKING, {"ranks": {"a": 1, "b": 1}}, "equal_ranks"),
    (RANKING, {"ranks": {"a": 1, "b": 3}}, "rank_left_out"),
    (RANKING, {"ranks": {"a": 4}}, "outside"),
    (RANKING, {"ranks": {"a": "x"}}, "not_offered"),
    (RANKING, {"ranks": {"a": 1}, "ranking": ["a"]}, "wrong_shape"),
    (FULL_RANKING, {"ranking": ["a", "b"]}, "not_exactly"),
    (SCORE, {"scores": {"a": 11}}, "outside"),
    (SCORE, {"scores": {"x": 1}}, "not_offered"),
    (SCORE, {"scores": [1, 2]}, "wrong_shape"),
    (GRADES, {"grades": {"a": "splendid"}}, "not_offered"),
    (NUMBER, {"number": "twelve"}, "not_a_number"),
    (NUMBER, {"number": "1e3"}, "not_a_number"),
    (NUMBER, {"number": float("nan")}, "not_a_number"),
    (NUMBER, {"number": 10**5000}, "not_a_number"),
    (NUMBER, {"number": False}, "wrong_shape"),
    (NUMBER, {"number": "121"}, "outside"),
    (question(K.NUMBER), {"number": "-1"}, "below"),
    (DATE, {"date": "2026-02-30"}, "not_a_date"),
    (DATE, {"date": "24.11.2026"}, "not_a_date"),
    (DATE, {"date": 20261124}, "wrong_shape"),
    (SHORT, {"text": "x" * (SHORT_LIMIT + 1)}, "too_long"),
    (LONG, {"text": "x" * (LONG_LIMIT + 1)}, "too_long"),
    (LONG, {"text": "\u0301" * 10_000_000}, "too_long"),
    (MATRIX, {"points": {"staff": 0}}, "outside"),
    (MATRIX, {"points": {"time": 5}}, "not_offered"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "raw", "code"), WRONG)
def test_a_wrong_answer_is_named_and_left_out(asked, raw, code):
    value, problem = check_one(asked, raw)
    assert value is None
    assert problem.code == code


def of(*questions: Question) -> Questionnaire:
    return Questionnaire((Page("p", {}, {}, questions),))


def test_answers_to_questions_that_are_not_shown_are_dropped():
    why = question(K.LONG_TEXT, "why", show_if="trust = no")
    asked = of(question(K.YES_NO, "trust"), why)
    said = {"trust": {"option": "no"}, "why": {"text": "slow"}}
    assert check(asked, said).answers == said
    changed = check(asked, {**said, "trust": {"option": "yes"}})
    assert changed.answers == {"trust": {"option": "yes"}}
    assert changed.is_fine


def test_what_is_hidden_hides_what_depends_on_it():
    asked = of(
        question(K.YES_NO, "one"),
        question(K.YES_NO, "two", show_if="one = yes"),
        question(K.YES_NO, "three", show_if="two = yes"),
    )
    yes = {"option": "yes"}
    told = check(asked, {"one": {"option": "no"}, "two": yes, "three": yes})
    assert told.answers == {"one": {"option": "no"}}


def test_a_refused_answer_shows_nothing_that_depends_on_it():
    asked = of(question(K.NUMBER, "age", most=120), question(K.DATE, "born", show_if="age >= 18"))
    told = check(asked, {"age": {"number": "500"}, "born": {"date": "2000-01-01"}})
    assert told.answers == {}
    assert list(told.errors) == ["age"]


def test_answers_stand_in_the_order_of_the_questions():
    asked = of(question(K.YES_NO, "one"), question(K.YES_NO, "two"))
    told = check(asked, {"two": {"option": "yes"}, "one": {"option": "no"}})
    assert list(told.answers) == ["one", "two"]


def test_questions_that_are_not_asked_are_an_error():
    told = check(of(YES_NO), {"q": {"option": "yes"}, "r": {"option": "yes"}, 7: None})
    assert told.answers == {"q": {"option": "yes"}}
    assert told.errors[""].code == "unknown_questions"
    assert told.errors[""].params == {"count": 2}


@pytest.mark.parametrize("raw", [None, 0, "", "{}", [], [("q", {"option": "yes"})], object()])
def test_what_is_no_set_of_answers_is_an_error(raw):
    told = check(of(YES_NO), raw)
    assert told.answers == {}
    assert told.errors[""].code == "not_answers"


def test_deep_nesting_is_refused_and_breaks_nothing():
    deep: Any = {}
    for _ in range(100_000):
        deep = {"option": deep, "text": [deep]}
    told = check(of(SINGLE), {"q": deep})
    assert told.errors["q"].code == "wrong_shape"


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=6) | st.integers(), inner, max_size=4)
    ),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["option", "options", "text", "point", "points", "ranking", "ranks", "scores", "grades",
     "number", "date"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["a", "b", "c", "z", "good", "bad", "staff", "cost", "na", "", *YES_NO_KEYS]
)
NEAR = (
    WORDS
    | st.integers(-2, 12)
    | st.lists(WORDS, max_size=4)
    | st.dictionaries(WORDS, WORDS | st.integers(-1, 11), max_size=3)
    | st.text(max_size=20)
    | st.dates().map(str)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str)
)
RAW = st.dictionaries(
    st.sampled_from([f"q{n}" for n in range(len(EVERY))] + ["x"]),
    st.dictionaries(FIELDS, NEAR, max_size=2) | HOSTILE,
)
CONDITIONS = ("q3 = yes", "not q1 has a", "q4 >= 3 or q4 = na", "answered q9", "")
WHOLE = of(
    *(
        Question(**{
            **{name: getattr(asked, name) for name in Question.__slots__},
            "key": f"q{n}",
            "show_if": CONDITIONS[n % 5] if n > 9 else "",
        })
        for n, asked in enumerate(EVERY)
    )
)  # fmt: skip


@given(RAW)
def test_what_was_checked_once_stays_as_it_is(raw):
    once = check(WHOLE, raw)
    again = check(WHOLE, once.answers)
    assert again.answers == once.answers
    assert again.is_fine


@given(st.sampled_from(EVERY), st.dictionaries(FIELDS, NEAR, max_size=2) | HOSTILE)
def test_an_answer_is_kept_or_named_never_both(asked, raw):
    value, problem = check_one(asked, raw)
    assert value is None or problem is None
    if value is not None:
        assert check_one(asked, value) == (value, None)
