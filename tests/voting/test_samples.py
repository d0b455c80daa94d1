"""Quotas and margins are set by who may, when they may, and make sense."""

import pytest

from common.verdicts import Refused
from tests.voting.polls import COLOURS, draft_poll, end_and_count, fresh, open_poll
from voting.actions.samples import asked_about, set_margins, set_quotas
from voting.models import Quota
from voting.questionnaire.definition import Option, Question, QuestionKind

pytestmark = pytest.mark.django_db

SEX = Question(
    key="sex",
    kind=QuestionKind.SINGLE,
    title={"en": "You are"},
    options=(Option("f", {"en": "a woman"}), Option("m", {"en": "a man"})),
    demographic="sex",
)
ASKED = {"questions": [SEX, COLOURS]}


def code(act, *arguments, **more):
    with pytest.raises(Refused) as refusal:
        act(*arguments, **more)
    return refusal.value.verdict.code


def test_quotas_replace_one_another_until_it_opens(bob, organisation):
    poll = draft_poll(bob, organisation, **ASKED)
    set_quotas(bob, poll=poll, quotas=[({"sex": "f"}, 50), ({"sex": "m"}, 50)])
    set_quotas(bob, poll=poll, quotas=[({"sex": "f"}, 60)])
    assert [(row.cell, row.target) for row in Quota.objects.all()] == [({"sex": "f"}, 60)]
    opened = open_poll(bob, organisation, slug="two", **ASKED)
    assert code(set_quotas, bob, poll=opened, quotas=[({"sex": "f"}, 1)]) == "already_open"


def test_who_does_not_edit_sets_neither(alice, otto, olga, nobody, bob, organisation):
    poll = draft_poll(bob, organisation, **ASKED)
    for person in (alice, otto, olga, nobody):
        for act, more in ((set_quotas, {"quotas": []}), (set_margins, {"margins": {}})):
            with pytest.raises(Refused):
                act(person, poll=poll, **more)


@pytest.mark.parametrize(
    ("quotas", "wanted"),
    [
        ([({"sex": "f"}, 0)], "target_unfit"),
        ([({}, 5)], "cell_empty"),
        ([({"sex": " "}, 5)], "cell_empty"),
        ([({"age": "18-29"}, 5)], "cell_unknown"),
    ],
)
def test_a_quota_that_makes_no_sense_is_refused(bob, organisation, quotas, wanted):
    poll = draft_poll(bob, organisation, **ASKED)
    assert code(set_quotas, bob, poll=poll, quotas=quotas) == wanted
    assert not Quota.objects.exists()


def test_a_secret_poll_has_no_quotas(bob, organisation):
    poll = draft_poll(bob, organisation, secrecy="secret")
    assert code(set_quotas, bob, poll=poll, quotas=[({"sex": "f"}, 5)]) == "quota_in_secret"


@pytest.mark.parametrize(
    ("margins", "wanted"),
    [
        ({"colour": {"red": "0.5", "green": "0.3", "blue": "0.2"}}, "margin_incomplete"),
        ({"sex": {"f": "1"}}, "margin_incomplete"),
        ({"sex": {"f": "0.6", "m": "0.6"}}, "margin_not_whole"),
        ({"sex": {"f": "NaN", "m": "0.6"}}, "share_unfit"),
        ({"sex": {"f": "two", "m": "0.6"}}, "share_unfit"),
        ({"age": {"f": "0.5"}}, "margin_unknown"),
    ],
)
def test_margins_that_make_no_sense_are_refused(bob, organisation, margins, wanted):
    poll = draft_poll(bob, organisation, **ASKED)
    assert code(set_margins, bob, poll=poll, margins=margins) == wanted
    assert fresh(poll).margins == {}


def test_margins_may_be_set_until_it_is_counted(bob, organisation):
    poll = open_poll(bob, organisation, **ASKED)
    set_margins(bob, poll=poll, margins={"sex": {"f": "0,52", "m": "0.48"}})
    assert fresh(poll).margins == {"sex": {"f": "0.52", "m": "0.48"}}
    done = end_and_count(poll)
    assert code(set_margins, bob, poll=done, margins={}) == "counted"


def test_questions_about_the_person_are_found_before_and_after_opening(bob, organisation):
    assert [q.key for q in asked_about(draft_poll(bob, organisation, **ASKED))] == ["sex"]
    opened = open_poll(bob, organisation, slug="two", **ASKED)
    assert [q.key for q in asked_about(opened)] == ["sex"]
