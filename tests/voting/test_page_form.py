"""One page of a questionnaire as a form that works without a script."""

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import override

from voting.asking import in_order
from voting.forms import PageForm, merged, raw_answers
from voting.questionnaire.definition import (
    Item,
    Option,
    Page,
    Question,
    QuestionKind,
    Questionnaire,
)
from voting.questionnaire.problems import Problem
from voting.sentences import sentence

K = QuestionKind


def options(*keys: str) -> tuple[Option, ...]:
    return tuple(Option(key, {"en": f"Option {key}", "fr": f"Choix {key}"}) for key in keys)


OTHER = Option("z", {"en": "Other"}, True)
GRADES = (Option("good", {"en": "Good"}), Option("bad", {"en": "Bad"}))
PAGE = Page(
    "p",
    {"en": "First"},
    {},
    (
        Question("one", K.SINGLE, {"en": "Which one?"}, options=(*options("a", "b"), OTHER)),
        Question("some", K.MULTIPLE, {"en": "Which?"}, options=(*options("a", "b"), OTHER), most=2),
        Question("agree", K.YES_NO, {"en": "Do you agree?"}),
        Question("rate", K.SCALE, {"en": "How good?"}, least=1, most=5, does_not_apply=True),
        Question("order", K.RANKING, {"en": "In which order?"}, options=options("a", "b", "c")),
        Question("marks", K.SCORE, {"en": "How many points?"}, options=options("a", "b"), most=10),
        Question("far", K.SCORE, {"en": "Of a hundred?"}, options=options("a", "b"), most=100),
        Question("grade", K.GRADES, {"en": "Grade"}, options=options("a", "b"), points=GRADES),
        Question("age", K.NUMBER, {"en": "How old?"}, most=120),
        Question("day", K.DATE, {"en": "When?"}),
        Question("word", K.SHORT_TEXT, {"en": "In a word?"}),
        Question("why", K.LONG_TEXT, {"en": "Why?"}, show_if="agree = no"),
        Question(
            "judge",
            K.MATRIX,
            {"en": "Judge"},
            items=(Item("staff", {"en": "Staff"}), Item("cost", {"en": "Cost"})),
            least=1,
            most=5,
        ),
    ),
)
ASKED = Questionnaire((PAGE,))
SENT = (
    "q.one=z&t.one=mine&q.some=b&q.some=a&q.agree=no&q.rate=4&q.order.a=2&q.order.b=&q.order.c=1"
    "&q.marks.a=7&q.marks.b=&q.far.a=55&q.grade.b=good&q.age=30,5&q.day=2026-11-24&q.word=slow"
    "&q.why=because&q.judge.staff=5"
)
KEPT = {
    "one": {"option": "z", "text": "mine"},
    "some": {"options": ["a", "b"]},
    "agree": {"option": "no"},
    "rate": {"point": 4},
    "order": {"ranking": ["c", "a"]},
    "marks": {"scores": {"a": 7}},
    "far": {"scores": {"a": 55}},
    "grade": {"grades": {"b": "good"}},
    "age": {"number": "30.5"},
    "day": {"date": "2026-11-24"},
    "word": {"text": "slow"},
    "why": {"text": "because"},
    "judge": {"points": {"staff": 5}},
}


def form(sent: str | None = None, answers=None, **fields) -> PageForm:
    data = None if sent is None else QueryDict(sent)
    return PageForm(ASKED, PAGE, answers or {}, language="en", data=data, **fields)


def drawn(found: PageForm) -> str:
    return render_to_string("voting/_questions.html", {"form": found})


def test_what_a_browser_sends_becomes_answers_of_every_kind():
    found = form(SENT)
    assert found.is_valid()
    assert found.answers == KEPT


def test_what_was_answered_is_shown_again():
    html = drawn(form(answers=KEPT))
    assert 'value="z" id="q.one.z" checked' in html
    assert 'value="mine"' in html
    assert html.count("checked") == 8
    assert html.count("selected") == 2
    assert 'value="30.5"' in html
    assert ">because</textarea>" in html


def test_a_page_that_was_sent_empty_skips_every_question():
    found = form("", answers={"one": {"option": "a"}, "elsewhere": {"text": "x"}})
    assert found.is_valid()
    assert found.answers == {}


def test_what_is_wrong_keeps_what_was_typed_and_says_what_to_do():
    found = form("q.age=old&q.day=someday&q.order.a=1&q.order.b=1&q.one=a&q.far.a=7x")
    assert not found.is_valid()
    assert found.errors == {
        "age": "Write a number, such as 12 or 12.5.",
        "day": "Write a day that exists, such as 2026-11-24.",
        "order": "Two options have rank 1. Give each rank once.",
        "far": "Give a number from 0 to 100.",
    }
    html = drawn(found)
    assert 'value="old"' in html
    assert 'value="7x"' in html
    assert html.count("selected") == 2
    assert "Two options have rank 1" in html
    summary = render_to_string("components/error_summary.html", {"form": found})
    assert 'href="#q.age"' in summary
    assert 'href="#q.order.a"' in summary


def test_words_for_other_choose_it_unless_something_else_was_chosen():
    assert raw_answers(PAGE, QueryDict("t.one=mine"))["one"] == {"option": "z", "text": "mine"}
    assert form("q.one=a&t.one=mine").answers["one"] == {"option": "a"}
    assert form("q.some=a&t.some=mine").answers["some"] == {"options": ["a", "z"], "text": "mine"}


def test_a_question_is_revealed_by_an_answer_on_its_own_page():
    assert "Why?" not in drawn(form())
    sent = form("q.agree=no")
    assert sent.reveals
    assert "Why?" in drawn(sent)
    assert not form("q.agree=no", answers={"agree": {"option": "no"}}).reveals


@pytest.mark.parametrize("key", [question.key for question in PAGE.questions])
def test_hostile_fields_break_nothing(key):
    for value in ("\x00", "9" * 400, "<script>", "🙂", "-1", "q.one"):
        sent = QueryDict(mutable=True)
        for name in (f"q.{key}", f"q.{key}.a", f"q.{key}.staff", f"t.{key}"):
            sent[name] = value
        found = PageForm(ASKED, PAGE, {}, language="en", data=sent)
        assert "<script>" not in drawn(found)
        assert set(found.errors) <= {key}


def test_every_control_has_a_label_and_every_id_is_there_once():
    html = drawn(form(answers=KEPT))
    ids = [part.split('"')[0] for part in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids))
    fors = {part.split('"')[0] for part in html.split(' for="')[1:]}
    assert fors <= set(ids)
    for piece in html.split("<input")[1:]:
        own = piece.split(' id="')[1].split('"')[0]
        assert own in fors


def test_options_by_chance_are_the_same_for_one_voter_and_other_stays_last():
    many = Question(
        "many", K.SINGLE, {"en": "?"}, options=(*options(*"abcdefgh"), OTHER), is_shuffled=True
    )
    orders = {
        tuple(row.key for row in in_order(many.options, many, f"voter {n}")) for n in range(20)
    }
    assert len(orders) > 15
    assert {order[-1] for order in orders} == {"z"}
    assert in_order(many.options, many, "voter 1") == in_order(many.options, many, "voter 1")
    assert in_order(many.options, many, "") == list(many.options)


def test_labels_are_in_the_readers_language_or_say_which_they_are_in():
    with override("fr"):
        html = drawn(PageForm(ASKED, PAGE, {}, language="fr"))
    assert "Choix a" in html
    assert 'lang="en">Which one?' in html


def test_other_pages_keep_their_answers():
    before = {"x": {"text": "1"}, "one": {"option": "a"}}
    assert merged(ASKED, before, PAGE, {}) == {"x": {"text": "1"}}


def test_a_problem_without_a_sentence_still_says_something():
    assert sentence(Problem("unheard_of")) == "This needs another look."
    assert sentence(Problem("too_many", {"most": 3})) == "Choose at most 3."
