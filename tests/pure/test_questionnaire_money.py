"""Ballots about money and points: exact sums, limits, one page only, and definitions that stay."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.questionnaire.amounts import amount_of, spent
from voting.questionnaire.answers import check, check_one
from voting.questionnaire.definition import (
    Option,
    Page,
    Question,
    QuestionKind,
    Questionnaire,
    from_json,
)
from voting.questionnaire.validation import validate, validate_secret

K = QuestionKind


def options(**costs: str) -> tuple[Option, ...]:
    return tuple(Option(key, {"en": key}, cost=cost) for key, cost in costs.items())


def question(kind: QuestionKind, key: str = "q", **fields: Any) -> Question:
    return Question(key, kind, {"en": key}, **fields)


def of(*questions: Question, **fields: Any) -> Questionnaire:
    pages = tuple(Page(f"p-{q.key}", {"en": q.key}, {}, (q,)) for q in questions)
    return Questionnaire(pages, **fields)


SACK = question(
    K.KNAPSACK, options=options(a="0.1", b="0.2", c="0.3"), budget="0.3", currency="EUR"
)
SHARE = question(K.SHARE, options=options(a="1", b="2", c=""), most=10, each=6)
APPROVAL = question(K.MULTIPLE, options=options(a="1", b="2", c="3"), most=2)


@pytest.mark.parametrize(
    ("asked", "given", "kept"),
    [
        (SACK, {"options": ["b", "a"]}, {"options": ["a", "b"]}),  # 0.1 + 0.2 is 0.3, exactly
        (SACK, {"options": ["c"]}, {"options": ["c"]}),
        (SACK, {"options": []}, None),
        (SACK, {}, None),
        (SHARE, {"points": {"c": 4, "a": 6}}, {"points": {"a": 6, "c": 4}}),
        (SHARE, {"points": {"a": 0, "b": 3, "c": ""}}, {"points": {"b": 3}}),
        (SHARE, {"points": {"a": 0, "b": None}}, None),
        (SHARE, {"points": {}}, None),
    ],
)
def test_what_fits_is_kept_in_one_spelling(asked: Question, given: Any, kept: Any):
    assert check_one(asked, given) == (kept, None)


@pytest.mark.parametrize(
    ("asked", "given", "code"),
    [
        (SACK, {"options": ["a", "c"]}, "over_budget"),
        (SACK, {"options": ["a", "a"]}, "named_twice"),
        (SACK, {"options": ["d"]}, "not_offered"),
        (SACK, {"options": "a"}, "wrong_shape"),
        (SACK, {"options": [["a"]]}, "wrong_shape"),
        (SACK, {"options": ["a"], "text": "x"}, "wrong_shape"),
        (SACK, ["a"], "wrong_shape"),
        (SHARE, {"points": {"a": 7}}, "too_many_for_one"),
        (SHARE, {"points": {"a": 6, "b": 5}}, "too_many_points"),
        (SHARE, {"points": {"a": -1}}, "outside"),
        (SHARE, {"points": {"a": "two"}}, "outside"),
        (SHARE, {"points": {"a": 1.0}}, "wrong_shape"),
        (SHARE, {"points": {"a": True}}, "wrong_shape"),
        (SHARE, {"points": {"a": 10**30}}, "outside"),
        (SHARE, {"points": {"z": 1}}, "not_offered"),
        (SHARE, {"points": [1]}, "wrong_shape"),
        (SHARE, {"options": ["a"]}, "wrong_shape"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(asked: Question, given: Any, code: str):
    kept, problem = check_one(asked, given)
    assert kept is None and problem is not None and problem.code == code


def test_a_refusal_says_by_how_much():
    _kept, problem = check_one(SACK, {"options": ["a", "b", "c"]})
    assert problem is not None
    assert problem.params == {"over": "0.3", "budget": "0.3", "currency": "EUR"}
    _kept, problem = check_one(SHARE, {"points": {"a": 6, "b": 6, "c": 1}})
    assert problem is not None and problem.params == {"over": 3, "most": 10}


def test_a_least_number_of_points_can_be_asked_for():
    whole = question(K.SHARE, options=SHARE.options, most=10, least=10)
    assert check_one(whole, {"points": {"a": 10}}) == ({"points": {"a": 10}}, None)
    _kept, problem = check_one(whole, {"points": {"a": 4}})
    assert problem is not None and problem.code == "too_few_points"


def test_what_breaks_a_limit_alone_is_kept_for_the_page_and_not_for_the_box():
    asked = of(SACK, question(K.SHARE, "points", options=SHARE.options, most=3))
    sent = {"q": {"options": ["c", "a"]}, "points": {"points": {"b": 2, "a": 2}}}
    found = check(asked, sent)
    assert found.answers == {} and set(found.errors) == {"q", "points"}
    assert found.kept == {
        "q": {"options": ["a", "c"]},
        "points": {"points": {"a": 2, "b": 2}},
    }
    hostile = check(asked, {"q": {"options": ["zz"]}, "points": {"points": {"a": -1}}})
    assert hostile.kept == {}


def test_too_many_priced_options_are_kept_for_the_page_and_others_are_not():
    assert check(of(APPROVAL), {"q": {"options": ["a", "b", "c"]}}).kept
    plain = question(K.MULTIPLE, options=options(a="", b="", c=""), most=2)
    assert not check(of(plain), {"q": {"options": ["a", "b", "c"]}}).kept


def test_answers_stand_on_one_page_only_where_that_was_declared():
    two = (SACK, question(K.KNAPSACK, "r", options=options(x="1"), budget="1"))
    sent = {"q": {"options": ["a"]}, "r": {"options": ["x"]}}
    assert check(of(*two), sent).is_fine
    found = check(of(*two, one_page=True), sent)
    assert found.answers == {"q": {"options": ["a"]}}
    assert {key: problem.code for key, problem in found.errors.items()} == {"r": "one_page_only"}
    assert check(of(*two, one_page=True), {"q": {}, "r": {"options": ["x"]}}).is_fine


def test_a_second_page_that_is_wrong_as_well_is_named_for_being_the_second():
    two = (SACK, question(K.KNAPSACK, "r", options=options(x="2"), budget="1"))
    found = check(of(*two, one_page=True), {"q": {"options": ["c"]}, "r": {"options": ["x"]}})
    assert found.errors["r"].code == "one_page_only" and "r" not in found.kept


COSTS = st.decimals("0.01", "1000000", places=2).map(lambda cost: f"{cost:.2f}")
SACKS = st.lists(COSTS, min_size=1, max_size=30).flatmap(
    lambda costs: st.tuples(
        st.just(options(**{f"p{n}": cost for n, cost in enumerate(costs)})),
        COSTS,
        st.lists(st.sampled_from([f"p{n}" for n in range(len(costs))]), unique=True),
    )
)


@given(SACKS)
def test_no_answer_is_ever_over_the_envelope(sack: Any):
    offered, budget, chosen = sack
    asked = question(K.KNAPSACK, options=offered, budget=budget)
    kept, problem = check_one(asked, {"options": chosen})
    costs = {option.key: Decimal(option.cost) for option in offered}
    cents = sum(int(costs[key] * 100) for key in chosen)
    assert (problem is not None) == (cents > int(Decimal(budget) * 100))
    if kept:
        assert sum(costs[key] for key in kept["options"]) <= Decimal(budget)
        assert check_one(asked, kept) == (kept, None)
        assert spent(asked, kept["options"]) <= amount_of(budget)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from("abc"),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abcz") | st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["options", "points", "text"]), ANYTHING) | ANYTHING)
def test_nothing_that_is_sent_breaks_the_check_and_what_is_kept_fits(raw: Any):
    found = check(
        of(SACK, question(K.SHARE, "s", options=SHARE.options, most=5)), {"q": raw, "s": raw}
    )
    for key, value in found.answers.items():
        if key == "q":
            assert spent(SACK, value["options"]) <= Decimal("0.3")
        else:
            assert 1 <= sum(value["points"].values()) <= 5
            assert all(isinstance(n, int) and n >= 1 for n in value["points"].values())


def test_a_good_ballot_about_money_has_no_problem_and_may_be_secret():
    asked = of(SACK, question(K.SHARE, "s", options=options(a="5"), most=10), one_page=True)
    assert validate(asked) == [] and validate_secret(asked) == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (question(K.KNAPSACK, budget="5"), "options_missing"),
        (question(K.KNAPSACK, options=SACK.options), "budget_unfit"),
        (question(K.KNAPSACK, options=SACK.options, budget="0"), "budget_unfit"),
        (question(K.KNAPSACK, options=SACK.options, budget="-1"), "budget_unfit"),
        (question(K.KNAPSACK, options=SACK.options, budget="1e9"), "budget_unfit"),
        (question(K.KNAPSACK, options=SACK.options, budget="NaN"), "budget_unfit"),
        (question(K.KNAPSACK, options=options(a="", b="1"), budget="5"), "cost_unfit"),
        (question(K.KNAPSACK, options=options(a="0", b="1"), budget="5"), "cost_unfit"),
        (question(K.MULTIPLE, options=options(a="x", b="1")), "cost_unfit"),
        (question(K.KNAPSACK, options=SACK.options, budget="5", currency="euro"), "currency_unfit"),
        (question(K.SHARE, options=SHARE.options), "share_unfit"),
        (question(K.SHARE, options=SHARE.options, most=0), "share_unfit"),
        (question(K.SHARE, options=SHARE.options, most=5, each=6), "share_unfit"),
        (question(K.SHARE, options=SHARE.options, most=5, each=0), "share_unfit"),
        (question(K.SHARE, options=SHARE.options, most=10, each=3, least=10), "limits_unfit"),
        (question(K.MULTIPLE, options=APPROVAL.options, each=1), "share_unfit"),
        (
            question(K.SHARE, options=(*SHARE.options, Option("z", {"en": "z"}, True)), most=5),
            "priced_other",
        ),
        (
            question(K.MULTIPLE, options=(Option("a", {"en": "a"}, cost="1", path="//evil"),)),
            "path_unfit",
        ),
        (
            question(K.MULTIPLE, options=(Option("a", {"en": "a"}, cost="1", path="x:y"),)),
            "path_unfit",
        ),
        (
            question(K.KNAPSACK, budget="5", options=options(**{f"p{n}": "1" for n in range(501)})),
            "too_many_options",
        ),
    ],
)
def test_what_must_be_mended_is_named(asked: Question, code: str):
    assert code in [problem.code for problem in validate(of(asked))]


def test_five_hundred_projects_can_be_asked_about():
    asked = question(K.KNAPSACK, budget="5", options=options(**{f"p{n}": "1" for n in range(500)}))
    assert validate(of(asked)) == []


def test_a_definition_reads_back_as_it_was_written():
    project = Option("a", {"en": "Park"}, cost="1250.50", path="/budgets/x/projects/12/")
    asked = Questionnaire(
        (
            Page("north", {"en": "North"}, {}, (
                question(K.KNAPSACK, options=(project,), budget="2000", currency="EUR"),
                question(K.SHARE, "s", options=(project,), most=10, each=3),
            )),
        ),
        one_page=True,
        allocation={"rule": "greedy_by_votes", "ties": ["votes", "lot"]},
    )  # fmt: skip
    data = asked.to_json()
    assert from_json(data) == asked and from_json(data).digest == asked.digest
    assert data["one_page"] is True and data["allocation"]["rule"] == "greedy_by_votes"
    first = data["pages"][0]["questions"][0]["options"][0]
    assert first == {
        "key": "a",
        "label": {"en": "Park"},
        "cost": "1250.50",
        "path": "/budgets/x/projects/12/",
    }


OLD = {
    "pages": [
        {
            "key": "p1",
            "title": {"en": "One"},
            "questions": [
                {
                    "key": "colour",
                    "kind": "single",
                    "title": {"en": "Which?"},
                    "options": [
                        {"key": "r", "label": {"en": "Red"}},
                        {"key": "z", "label": {"en": "Other"}, "is_other": True},
                    ],
                    "method": "plurality",
                    "is_shuffled": True,
                },
                {"key": "s", "kind": "scale", "title": {"en": "How?"}, "least": 1, "most": 5},
            ],
        }
    ]
}
OLD_DIGEST = "052e4658a16d457e32086e0e2858d3d8d28756755507028d54d83c3cbe12262a"


def test_definitions_of_earlier_polls_keep_their_spelling_and_their_digest():
    assert from_json(OLD).to_json() == OLD
    assert from_json(OLD).digest == OLD_DIGEST
