"""What tests of booths and sheets do again and again."""

from collections.abc import Callable

import pytest

from accounts.models import User
from common.verdicts import Refused
from voting.actions.booths import (
    Identity,
    add_officer,
    check_in,
    make_booth,
)
from voting.actions.paper import enter_sheet
from voting.models import Booth, Poll, Sheet

RED = {"colour": {"option": "red"}}
BLUE = {"colour": {"option": "blue"}}


def refusal(act: Callable[[], object]) -> str:
    """The code with which something was refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.verdict.code


def booth_in(poll: Poll, bob: User, *officers: User, channel: str = "paper") -> Booth:
    booth = make_booth(bob, poll=poll, name="Town hall", channel=channel)
    for officer in officers:
        add_officer(bob, booth=booth, email=officer.email)
    return booth


def let_in(officer: User, booth: Booth, who: User, sheet: str = "") -> Sheet | None:
    return check_in(officer, booth=booth, who=Identity(email=who.email), sheet_number=sheet).sheet


def enter_twice(booth: Booth, ina: User, jon: User, number: str, answers: dict = RED) -> Sheet:
    enter_sheet(ina, booth=booth, number=number, answers=answers)
    return enter_sheet(jon, booth=booth, number=number, answers=answers).sheet
