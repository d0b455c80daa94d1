"""Questions about the person: asked once, and used again with permission."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accounts.profiles import keep_profile, kept_profile
from voting.questionnaire.definition import Question, QuestionKind, Questionnaire
from voting.voters import Voter

OLDEST = 120  # years


def asks_about_the_person(questionnaire: Questionnaire) -> bool:
    return any(question.demographic for question in questionnaire.questions())


def keep_told(voter: Voter, questionnaire: Questionnaire, answers: Mapping[str, Any]) -> None:
    """Keep what these answers say about the person, for later questionnaires. Two queries."""
    if voter.user is None:
        return
    told = {
        question.demographic: text
        for question in questionnaire.questions()
        if question.demographic and (text := _told(question, answers.get(question.key)))
    }
    if told:
        keep_profile(voter.user, answers=told)


def told_before(voter: Voter, questionnaire: Questionnaire) -> dict[str, Any]:
    """Answers about the person as an earlier questionnaire was told them. One query, or none."""
    if voter.user is None or not asks_about_the_person(questionnaire):
        return {}
    told = kept_profile(voter.user) or {}
    answers = {}
    for question in questionnaire.questions():
        text = told.get(question.demographic, "") if question.demographic else ""
        if text and (answer := _as_answer(question, text)) is not None:
            answers[question.key] = answer
    return answers


def _told(question: Question, answer: Any) -> str:
    """One answer as a profile keeps it: an option's key, words; of an age the year of birth."""
    if not isinstance(answer, Mapping):
        return ""
    if question.demographic == "age" and "number" in answer:
        years = str(answer["number"])
        return str(timezone.localdate().year - int(years)) if years.isdecimal() else ""
    if "date" in answer:
        return str(answer["date"])[:4]
    return str(answer.get("option") or answer.get("text") or answer.get("number") or "")


def _as_answer(question: Question, text: str) -> dict[str, Any] | None:
    """What a profile keeps, as an answer to this question; None where it does not fit."""
    years = _years(text) if question.demographic == "age" else None
    if question.kind is QuestionKind.SINGLE:
        keys = [option.key for option in question.options if not option.is_other]
        if years is not None:
            return next(({"option": key} for key in keys if _covers(key, years)), None)
        return {"option": text} if text in keys else None
    if question.kind is QuestionKind.NUMBER:
        return {"number": str(years)} if years is not None else None
    if question.kind is QuestionKind.SHORT_TEXT:
        return {"text": text}
    return None


def _years(text: str) -> int | None:
    """The age that follows from a year of birth."""
    if not (text.isascii() and text.isdecimal() and len(text) == 4):
        return None
    years = timezone.localdate().year - int(text)
    return years if 0 <= years <= OLDEST else None


def _covers(key: str, years: int) -> bool:
    """Whether an option such as "18-29" or "65-" names these years."""
    first, dash, last = key.partition("-")
    if not (dash and first.isdecimal()):
        return False
    return int(first) <= years and (not last or (last.isdecimal() and years <= int(last)))
