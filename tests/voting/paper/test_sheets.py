"""Sheets are entered twice, compared, decided, discarded; nothing is lost."""

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from tests import factories
from tests.voting.paper.helpers import BLUE, RED, enter_twice, let_in, refusal
from tests.voting.polls import fresh
from voting.actions.booths import (
    add_officer,
)
from voting.actions.box import WrongAnswers
from voting.actions.paper import decide_sheet, discard_sheet, enter_sheet
from voting.models import Ballot, Correction, Sheet


def test_a_sheet_that_nobody_was_given_cannot_be_entered(booth, ina):
    assert refusal(lambda: enter_sheet(ina, booth=booth, number="9", answers=RED)) == (
        "sheet_unknown"
    )
    assert refusal(lambda: enter_sheet(ina, booth=booth, number=" ", answers=RED)) == (
        "number_missing"
    )


def test_wrong_answers_are_refused_by_question(booth, ina, alice):
    let_in(ina, booth, alice, "17")
    with pytest.raises(WrongAnswers) as caught:
        enter_sheet(ina, booth=booth, number="17", answers={"colour": {"option": "pink"}})
    assert set(caught.value.problems) == {"colour"}
    assert Sheet.objects.get().first is None


@pytest.mark.parametrize(("right", "answers"), [("first", RED), ("second", BLUE)])
def test_entries_that_differ_are_decided_with_a_reason(booth, ina, jon, alice, right, answers):
    let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    found = enter_sheet(jon, booth=booth, number="17", answers=BLUE)
    assert found.state == "differs"
    assert not Ballot.objects.exists()
    sheet = found.sheet
    assert refusal(lambda: decide_sheet(ina, sheet=sheet, right=right, reason=" ")) == (
        "reason_missing"
    )
    assert refusal(lambda: decide_sheet(ina, sheet=sheet, right="x", reason="y")) == (
        "choice_missing"
    )
    done = decide_sheet(ina, sheet=sheet, right=right, reason="Read again.")
    assert done.state == "accepted"
    assert Ballot.objects.get().answers == answers
    last = Correction.objects.last()
    assert (last.kind, last.actor, last.reason) == ("corrected", ina, "Read again.")
    assert last.before == {"first": RED, "second": BLUE}
    assert last.after == answers
    again = refusal(lambda: decide_sheet(ina, sheet=sheet, right=right, reason="Again."))
    assert again == "nothing_to_decide"


def test_neither_entry_may_be_right(booth, ina, jon, alice):
    let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    sheet = enter_sheet(jon, booth=booth, number="17", answers=BLUE).sheet
    assert decide_sheet(jon, sheet=sheet, right="neither", reason="Both.").state == "waits"
    green = {"colour": {"option": "green"}}
    assert enter_sheet(jon, booth=booth, number="17", answers=green).state == "waits"
    assert enter_sheet(ina, booth=booth, number="17", answers=green).state == "accepted"
    assert Ballot.objects.get().answers == green


def test_who_decides(booth, bob, edith, ina, jon, alice, charlie, nobody):
    third = factories.person("Third")
    add_officer(bob, booth=booth, email=third.email)
    let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    sheet = enter_sheet(jon, booth=booth, number="17", answers=BLUE).sheet
    for who in (third, edith, charlie, alice):
        code = refusal(
            lambda: decide_sheet(who, sheet=sheet, right="first", reason="I say.")  # noqa: B023
        )
        assert code == "not_an_officer"
    assert refusal(lambda: decide_sheet(nobody, sheet=sheet, right="first", reason="x")) == (
        "sign_in_first"
    )
    assert decide_sheet(bob, sheet=sheet, right="first", reason="I looked.").state == "accepted"


def test_a_sheet_once_accepted_takes_nothing_more(booth, bob, ina, jon, alice):
    third = factories.person("Third")
    add_officer(bob, booth=booth, email=third.email)
    let_in(ina, booth, alice, "17")
    sheet = enter_twice(booth, ina, jon, "17")
    entering = refusal(lambda: enter_sheet(third, booth=booth, number="17", answers=RED))
    assert entering == "sheet_accepted"
    assert refusal(lambda: discard_sheet(ina, sheet=sheet, reason="No.")) == "sheet_accepted"
    assert Ballot.objects.count() == 1


def test_a_third_entry_is_refused_while_two_differ(booth, bob, ina, jon, alice):
    third = factories.person("Third")
    add_officer(bob, booth=booth, email=third.email)
    let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    enter_sheet(jon, booth=booth, number="17", answers=BLUE)
    assert refusal(lambda: enter_sheet(third, booth=booth, number="17", answers=RED)) == (
        "sheet_differs"
    )


def test_a_spoilt_sheet_is_discarded_and_the_person_gets_another(poll, booth, ina, jon, alice):
    sheet = let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    assert refusal(lambda: discard_sheet(ina, sheet=sheet, reason="")) == "reason_missing"
    discard_sheet(ina, sheet=sheet, reason="Torn.")
    line = Correction.objects.last()
    assert (line.kind, line.reason, line.before["first"]) == ("discarded", "Torn.", RED)
    assert refusal(lambda: discard_sheet(ina, sheet=sheet, reason="x")) == "sheet_discarded"
    assert refusal(lambda: enter_sheet(jon, booth=booth, number="17", answers=RED)) == (
        "sheet_discarded"
    )
    let_in(ina, booth, alice, "18")
    enter_twice(booth, ina, jon, "18", BLUE)
    assert Ballot.objects.get().answers == BLUE
    assert fresh(poll).turnout_count == 1


def test_outsiders_discard_nothing(booth, ina, alice, charlie, edith):
    sheet = let_in(ina, booth, alice, "17")
    for who in (alice, charlie, edith):
        code = refusal(lambda: discard_sheet(who, sheet=sheet, reason="x"))  # noqa: B023
        assert code == "not_an_officer"


def test_the_log_and_the_sheets_cannot_be_deleted_or_rewritten(booth, ina, alice):
    let_in(ina, booth, alice, "17")
    enter_sheet(ina, booth=booth, number="17", answers=RED)
    for act in (
        lambda: Correction.objects.update(reason="Nothing."),
        lambda: Correction.objects.all().delete(),
        lambda: Sheet.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
