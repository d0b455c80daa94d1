"""Polls, what they ask, who voted, and what was voted."""

from voting.models.box import Ballot, Booth, Draft, Invitation, Quota, Turnout
from voting.models.paper import Correction, Sheet
from voting.models.poll import Option, OptionRole, Poll, Question, QuestionPage
from voting.models.results import Export, Outcome

__all__ = [
    "Ballot",
    "Booth",
    "Correction",
    "Draft",
    "Export",
    "Invitation",
    "Option",
    "OptionRole",
    "Outcome",
    "Poll",
    "Question",
    "QuestionPage",
    "Quota",
    "Sheet",
    "Turnout",
]
