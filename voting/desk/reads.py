"""What the desk reads about a poll: what is missing before it is published, what it asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import Organisation
from common.texts import Localized, localized
from common.ui.words import count
from processes.kinds import Activity, ProcessKind
from voting.actions.questions import build_questionnaire
from voting.desk.question_form import KIND_NAMES
from voting.kinds import Eligibility, PollKind
from voting.models import Option, OptionRole, Poll, Question, QuestionPage
from voting.questionnaire.definition import Questionnaire
from voting.questionnaire.problems import Problem
from voting.questionnaire.validation import missing_languages, validate, validate_secret
from voting.sentences import sentence

_NAMES = dict(settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list before publishing. `state` is ok, missing (stops it) or advice."""

    state: str
    text: str
    href: str


@dataclass(slots=True)
class QuestionLine:
    """One question in the list of them."""

    pk: int
    number: int
    key: str
    kind: str
    title: Localized
    rule: str
    options: str
    problems: list[str] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"q{self.pk}"


@dataclass(slots=True)
class PageLine:
    """One page in the list of questions."""

    pk: int
    number: int
    key: str
    title: Localized
    intro: Localized
    questions: list[QuestionLine] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"p{self.pk}"


def drafts_of(bodies: Sequence[Organisation]) -> Any:
    """Polls of these public bodies, newest first, with their process. One query."""
    rows = Poll.objects.with_process()
    rows = rows.filter(process__organisation__in=[body.pk for body in bodies])
    unread = ("definition", "about", "about_html", "consent", "consent_html", "thanks")
    return rows.filter(process__kind=ProcessKind.POLL).defer(*unread).order_by("-pk")


def poll_lines(polls: Iterable[Poll]) -> list[dict[str, Any]]:
    """What a list of polls shows of each. No query. Nothing here says how anybody voted."""
    return [
        {
            "href": f"/{get_language()}/desk/polls/{poll.process.slug}/",
            "title": localized(poll.process.title),
            "body": localized(poll.process.organisation.name),
            "kind": str(PollKind(poll.kind).label),
            "stage": stage_word(poll),
            "closes_at": poll.process.closes_at if poll.opened_at and not poll.closed_at else None,
            "turnout": poll.turnout_count if poll.shows_turnout or poll.counted_at else None,
        }
        for poll in polls
    ]


def stage_of(poll: Poll) -> str:
    """draft, published (not yet open), open, closed (not yet counted) or counted."""
    if poll.counted_at is not None:
        return "counted"
    if poll.closed_at is not None:
        return "closed"
    if poll.opened_at is not None:
        return "open"
    return "draft" if poll.process.published_at is None else "published"


def stage_word(poll: Poll) -> str:
    return {
        "draft": _("Draft"),
        "published": _("Published, not open yet"),
        "open": _("Open"),
        "closed": _("Closed, being counted"),
        "counted": _("Counted"),
    }[stage_of(poll)]


def all_problems(poll: Poll, questionnaire: Questionnaire) -> list[Problem]:
    """What stops it from being published. No query."""
    found = validate(questionnaire)
    return found + validate_secret(questionnaire) if poll.is_secret else found


def lines_of(poll: Poll) -> list[PageLine]:
    """Pages and questions with what is wrong with each. Six queries, whatever their number."""
    wrong = _by_question(poll, build_questionnaire(poll))
    rows = {
        page.pk: PageLine(page.pk, number, page.key, localized(page.title), localized(page.intro))
        for number, page in enumerate(QuestionPage.objects.filter(poll=poll), 1)
    }
    words: dict[int, list[str]] = {}
    for option in Option.objects.filter(question__poll=poll, role=OptionRole.OPTION):
        words.setdefault(option.question_id, []).append(localized(option.label).text)
    for number, row in enumerate(_ordered(poll), 1):
        rows[row.page_id].questions.append(
            QuestionLine(
                row.pk,
                number,
                row.key,
                str(KIND_NAMES[row.kind]),  # type: ignore[index]
                localized(row.title),
                row.show_if,
                " · ".join(words.get(row.pk, [])),
                wrong.get(row.key, []),
            )
        )
    return list(rows.values())


def _ordered(poll: Poll) -> Any:
    return Question.objects.filter(poll=poll).order_by("page__order", "page", "order", "id")


def _by_question(poll: Poll, questionnaire: Questionnaire) -> dict[str, list[str]]:
    """{question key: sentences}."""
    found: dict[str, list[str]] = {}
    for problem in all_problems(poll, questionnaire):
        if "question" in problem.params:
            found.setdefault(str(problem.params["question"]), []).append(sentence(problem))
    return found


def checklist(poll: Poll, href: str) -> list[Check]:
    """What publishing needs, and what it would be better with. At most seven queries."""
    questionnaire = build_questionnaire(poll)
    return [
        *_check_questions(poll, questionnaire, href),
        *_check_languages(poll, questionnaire, href),
        _check_dates(poll, href),
        _check_rules(poll, href),
        *_check_people(poll, href),
        _check_consent(poll, questionnaire, href),
        _check_description(poll, href),
    ]


def _check_questions(poll: Poll, questionnaire: Questionnaire, href: str) -> list[Check]:
    problems = all_problems(poll, questionnaire)
    number = sum(1 for _question in questionnaire.questions())
    if not problems:
        text = ngettext("%(count)s question is asked.", "%(count)s questions are asked.", number)
        return [Check("ok", text % {"count": count(number)}, f"{href}questions/")]
    rows = {row.key: row.pk for row in Question.objects.filter(poll=poll)}
    return [_check_problem(problem, rows, href) for problem in problems]


def _check_problem(problem: Problem, rows: dict[str, int], href: str) -> Check:
    key = str(problem.params.get("question", ""))
    if key in rows:
        text = _("Question “%(key)s”: %(problem)s")
        address = f"{href}questions/{rows[key]}/"
        return Check("missing", text % {"key": key, "problem": sentence(problem)}, address)
    return Check("missing", sentence(problem), f"{href}questions/")


def _check_languages(poll: Poll, questionnaire: Questionnaire, href: str) -> list[Check]:
    lacking = missing_languages(questionnaire, poll.process.languages)
    codes = dict.fromkeys(str(problem.params["language"]) for problem in lacking)
    if not codes:
        return []
    names = ", ".join(_NAMES.get(code, code) for code in codes)
    text = _("Not everything is asked in each language. Words are missing in: %(names)s.")
    return [Check("advice", text % {"names": names}, f"{href}questions/")]


def _check_dates(poll: Poll, href: str) -> Check:
    spans = [span for span in poll.timetable.spans if Activity.VOTE in span.activities]
    if not spans:
        return Check("missing", _("Say when voting opens and closes."), f"{href}phases/")
    if all(span.closes_at <= poll.timetable.now for span in spans):
        return Check("missing", _("The dates are past. Choose others."), f"{href}phases/")
    return Check("ok", _("Its dates are set."), f"{href}phases/")


def _check_rules(poll: Poll, href: str) -> Check:
    parts = (
        poll.get_eligibility_display(),
        poll.get_secrecy_display(),
        poll.get_results_policy_display(),
    )
    return Check("ok", " · ".join(str(part) for part in parts), f"{href}rules/")


def _check_people(poll: Poll, href: str) -> list[Check]:
    if poll.eligibility == Eligibility.GROUP and poll.group is not None:
        number = poll.group.members.count()
        if not number:
            text = _("The group “%(name)s” has no people yet.") % {"name": poll.group.name}
            return [Check("missing", text, f"{href}rules/")]
        text = ngettext(
            "%(count)s person of “%(name)s” may answer.",
            "%(count)s people of “%(name)s” may answer.",
            number,
        )
        values = {"count": count(number), "name": poll.group.name}
        return [Check("ok", text % values, f"{href}rules/")]
    if poll.eligibility == Eligibility.INVITED:
        number = poll.invitations.filter(revoked_at__isnull=True).count()
        if not number:
            return [Check("advice", _("No invitation code is made yet."), f"{href}codes/")]
        text = ngettext(
            "%(count)s invitation code is made.", "%(count)s invitation codes are made.", number
        )
        return [Check("ok", text % {"count": count(number)}, f"{href}codes/")]
    return []


def _check_consent(poll: Poll, questionnaire: Questionnaire, href: str) -> Check:
    if poll.consent:
        return Check("ok", _("People read what they agree to first."), f"{href}rules/#consent")
    asks_who = any(question.demographic for question in questionnaire.questions())
    text = _("Say what people agree to before the first question.")
    if asks_who:
        text = _("It asks about the person: say what people agree to before the first question.")
    return Check("advice", text, f"{href}rules/#consent")


def _check_description(poll: Poll, href: str) -> Check:
    process = poll.process
    lacking = [
        code
        for code in process.languages
        if not all(text.get(code) for text in (process.title, process.summary, poll.about))
    ]
    if not lacking:
        return Check("ok", _("It is described in each language."), f"{href}about/")
    names = ", ".join(_NAMES.get(code, code) for code in lacking)
    text = _("Title, summary or description is missing in: %(names)s.")
    return Check("advice", text % {"names": names}, f"{href}about/")


def batches_of(poll: Poll) -> list[dict[str, Any]]:
    """Invitation codes by batch: made and revoked. How many were used is the turnout's to say.
    One query."""
    rows = poll.invitations.values("batch").annotate(made=Count("pk"), revoked=Count("revoked_at"))
    return [{**row, "left": row["made"] - row["revoked"]} for row in rows.order_by("batch")]
