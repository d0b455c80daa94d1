"""Passes, limits, and what is told about oneself, apart from the pages."""

import pytest
from altcha import Challenge, Payload, solve_challenge
from django.utils import timezone

from accounts.profiles import keep_profile
from common.verdicts import Refused
from tests.voting.filled import AGE, SEX
from tests.voting.polls import COLOURS, open_poll
from voting import voters
from voting.actions.profiles import told_before
from voting.limits import note_failure, take, wait_left
from voting.passes import challenge, redeem
from voting.questionnaire.definition import Option, Page, Question, QuestionKind, Questionnaire

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll(bob, organisation):
    return open_poll(bob, organisation, eligibility="anyone")


@pytest.fixture
def cache_away(settings):
    """A server that is not there."""
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/valkey?db=0"}
    }


def worked(poll) -> str:
    asked = Challenge.from_dict(challenge(poll))
    return Payload(asked, solve_challenge(asked)).to_base64()


def test_a_pass_makes_a_voter_of_this_poll_and_of_no_other(poll, bob, organisation):
    token = redeem(poll, worked(poll))
    voter = voters.holder_of_pass(token, poll)
    assert voter is not None and voter.verdict and voter.key.startswith("pass:")
    other = open_poll(bob, organisation, eligibility="anyone")
    assert voters.holder_of_pass(token, other) is None
    assert voters.holder_of_pass(token[:-1], poll) is None


@pytest.mark.parametrize("solution", ["", "AAAA", "e30=", "bnVsbA==", "x" * 5000, "é", "W10="])
def test_what_is_no_solution_is_refused(poll, solution):
    with pytest.raises(Refused) as refused:
        redeem(poll, solution)
    assert refused.value.verdict.code == "pass_not_solved"


def test_a_challenge_that_was_made_easier_is_refused(poll):
    asked = Challenge.from_dict(challenge(poll) | {})
    asked.parameters.key_prefix = ""
    solution = Payload(asked, solve_challenge(asked)).to_base64()
    with pytest.raises(Refused):
        redeem(poll, solution)


def test_work_is_paid_once(poll):
    solution = worked(poll)
    redeem(poll, solution)
    with pytest.raises(Refused) as refused:
        redeem(poll, solution)
    assert refused.value.verdict.code == "pass_used"


def test_nobody_is_kept_out_while_the_cache_is_away(poll, cache_away):
    assert redeem(poll, worked(poll))
    assert all(take("pass", "10.0.0.1", most=1, seconds=60) for _number in range(3))
    assert not wait_left("code", "10.0.0.1")


def test_a_limit_counts_by_address_and_name():
    assert [take("a", "10.0.0.1", most=2, seconds=60) for _number in range(3)] == [
        True,
        True,
        False,
    ]
    assert take("a", "10.0.0.2", most=2, seconds=60) and take("b", "10.0.0.1", most=2, seconds=60)


def test_failures_make_one_wait():
    for _number in range(4):
        note_failure("code", "10.0.0.1")
    assert not wait_left("code", "10.0.0.1")
    note_failure("code", "10.0.0.1")
    assert wait_left("code", "10.0.0.1") and not wait_left("code", "10.0.0.2")


def test_a_year_of_birth_fits_a_number_and_a_band_of_ages(poll, alice):
    bands = Question(
        "band", QuestionKind.SINGLE, {"en": "Age"}, demographic="age",
        options=tuple(Option(key, {"en": key}) for key in ("18-29", "30-64", "65-")),
    )  # fmt: skip
    asked = Questionnaire((Page("p", {}, {}, (COLOURS, SEX, AGE, bands)),))
    voter = voters.Voter("user:1", voters.YES, alice)
    assert told_before(voter, asked) == {}
    keep_profile(alice, answers={"sex": "f", "age": str(timezone.localdate().year - 70)})
    assert told_before(voter, asked) == {
        "sex": {"option": "f"},
        "age": {"number": "70"},
        "band": {"option": "65-"},
    }
    keep_profile(alice, answers={"sex": "x"})  # not offered here
    assert "sex" not in told_before(voter, asked)
