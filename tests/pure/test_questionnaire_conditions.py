"""The rule language "show if"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.questionnaire.conditions import RuleError, comparisons, holds, parse, problems
from voting.questionnaire.definition import Item, Option, Question, QuestionKind

K = QuestionKind
ANSWERS = {
    "trust": {"option": "no"},
    "ways": {"options": ["online", "phone"]},
    "order": {"ranking": ["c", "a"]},
    "age": {"number": "30"},
    "rate": {"point": 4},
    "na": {"point": "na"},
    "day": {"date": "2026-03-01"},
    "criteria": {"points": {"staff": 2, "cost": "na"}},
    "marks": {"scores": {"a": 7}},
    "grade": {"grades": {"b": "good"}},
    "why": {"text": "slow"},
}


@pytest.mark.parametrize(
    "rule",
    [
        "trust = no", "trust=no", " trust  !=  yes ", "ways has online", "order has a", "order = c",
        "age >= 30", "age = 30.0", "age > 29.99", "age < 31", "age<=30", "rate > 3", "na = na",
        "day >= 2026-03-01", "day < 2026-12-31", "criteria.staff <= 2", "criteria.cost = na",
        "marks.a > 6", "grade.b = good", "answered why", "not answered other",
        "not (trust = yes or ways has post)", "trust = yes or age >= 30 and ways has phone",
        "(trust = yes or age >= 30) and ways has phone", "not trust = yes and not trust = maybe",
    ],
)  # fmt: skip
def test_a_rule_that_holds(rule):
    assert holds(parse(rule), ANSWERS)


@pytest.mark.parametrize(
    "rule",
    [
        "trust = yes", "ways has post", "order = a", "age > 30", "na >= 1", "na < 1", "rate = na",
        "criteria.cost <= 5", "criteria.time = 1", "marks.b < 3", "day > 2026-03-01", "age > x",
        "other = a", "other != a", "answered other", "not answered why",
        "trust = no and age < 30", "not (trust = no)", "why = slow", "ways = online and trust = x",
    ],
)  # fmt: skip
def test_a_rule_that_does_not_hold(rule):
    assert not holds(parse(rule), ANSWERS)


def test_or_binds_less_than_and():
    assert holds(parse("a = 1 or b = 1 and c = 1"), {"a": {"number": "1"}})
    assert not holds(parse("(a = 1 or b = 1) and c = 1"), {"a": {"number": "1"}})


@pytest.mark.parametrize(
    ("rule", "code", "at"),
    [
        ("", "rule_question_missing", 1),
        ("trust", "rule_sign_missing", 6),
        ("trust =", "rule_value_missing", 8),
        ("trust = no and", "rule_question_missing", 15),
        ("trust = no yes", "rule_unexpected", 12),
        ("(trust = no", "rule_bracket_open", 12),
        ("trust = no)", "rule_unexpected", 11),
        ("trust ~ no", "rule_character", 7),
        ("trust = 'no'", "rule_character", 9),
        ("or trust = no", "rule_question_missing", 1),
        ("answered", "rule_question_missing", 9),
        ("trust = and", "rule_value_missing", 9),
        ("доверие = no", "rule_character", 1),
        ("a = 1 \x00", "rule_character", 7),
        (".x = 1", "rule_question_missing", 1),
        ("not " * 30 + "a = 1", "rule_too_deep", 85),
        ("(" * 500, "rule_too_deep", 22),
        ("a = 1 or " * 400 + "a = 1", "rule_too_long", 1),
    ],
)
def test_a_rule_that_cannot_be_read_says_where(rule, code, at):
    with pytest.raises(RuleError) as error:
        parse(rule)
    assert error.value.problem.code == code
    assert error.value.problem.params["at"] == at


@given(st.text(max_size=60) | st.text("ab=<>!() notrhs.1", max_size=60))
def test_any_text_is_a_rule_or_an_error(text):
    try:
        rule = parse(text)
    except RuleError:
        return
    assert isinstance(holds(rule, ANSWERS), bool)
    assert all(one.key for one in comparisons(rule))


def option(key: str) -> Option:
    return Option(key, {"en": key})


EARLIER = {
    q.key: q
    for q in (
        Question("trust", K.YES_NO, {}),
        Question("ways", K.MULTIPLE, {}, options=(option("online"), option("phone"))),
        Question("rate", K.SCALE, {}, least=1, most=5, does_not_apply=True),
        Question("plain", K.SCALE, {}, least=1, most=5),
        Question("day", K.DATE, {}),
        Question("why", K.LONG_TEXT, {}),
        Question("criteria", K.MATRIX, {}, items=(Item("staff", {}),), least=1, most=5),
        Question(
            "grade", K.GRADES, {}, options=(option("a"), option("b")), points=(option("good"),)
        ),
    )
}


@pytest.mark.parametrize(
    "rule",
    ["trust = no", "ways has online", "rate = na", "rate >= 3", "day < 2026-01-31", "answered why",
     "criteria.staff = 5", "grade.a = good", "not (trust = abstain and answered ways)"],
)  # fmt: skip
def test_a_rule_about_earlier_questions_is_fine(rule):
    assert problems(rule, EARLIER) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("later = no", "rule_unknown_question"),
        ("trust = maybe", "rule_unknown_value"),
        ("ways = online", "rule_sign_unfit"),
        ("ways has fax", "rule_unknown_value"),
        ("trust has no", "rule_sign_unfit"),
        ("trust < no", "rule_sign_unfit"),
        ("plain = na", "rule_unknown_value"),
        ("rate = good", "rule_unknown_value"),
        ("day = yesterday", "rule_unknown_value"),
        ("why = slow", "rule_only_answered"),
        ("criteria = 5", "rule_part_missing"),
        ("criteria.cost = 5", "rule_unknown_part"),
        ("trust.a = no", "rule_unknown_part"),
        ("grade.a = bad", "rule_unknown_value"),
        ("(trust = no", "rule_bracket_open"),
    ],
)
def test_a_rule_that_names_what_is_not_there(rule, code):
    found = problems(rule, EARLIER)
    assert [problem.code for problem in found] == [code]


def test_each_wrong_test_is_named_with_its_place():
    found = problems("later = 1 or trust = maybe", EARLIER)
    assert [problem.params["at"] for problem in found] == [1, 14]
