"""A poll's own page: what it asks, who asks, under which rules, and the one thing to do now."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.html import trusted
from common.pages import public_page
from common.texts import Localized, localized
from processes.kinds import Activity
from voting.asking import Asked, asked
from voting.kinds import Eligibility, OpeningPolicy
from voting.models import Draft, Poll, Turnout
from voting.rules import rules_of
from voting.views.frame import PollFrame, State, poll_frame, steps
from voting.voters import person


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing to do. `href` "" where there is only a sentence; `links` are quieter ways."""

    sentence: str
    text: str = ""
    href: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the questionnaire as it is read; `start` is the number of its first question."""

    title: Localized
    intro: Localized
    start: int
    questions: list[Asked]


@require_safe
@public_page(seconds=15)
def poll(request: HttpRequest, slug: str) -> HttpResponse:
    """At most seven queries, whatever the number of ballots. Seven is for a signed-in person."""
    frame = poll_frame(request.user, slug)
    if frame.is_elsewhere:
        return redirect(frame.home_href)
    about = localized(frame.poll.about_html)
    context = {
        "frame": frame,
        "about_html": trusted(about.text),
        "about_language": about.language,
        "steps": steps(frame.poll),
        "now": frame.poll.timetable.now,
        "rules": rules_of(frame.poll),
        "action": action_of(request, frame),
        "opens_at": _opens_at(frame),
        "ends_at": _ends_at(frame),
        "turnout": _turnout(frame),
        "figures": _figures(frame),
        "sections": _sections(frame),
        "booths": list(frame.poll.booths.all()),
    }
    return render(request, "voting/poll.html", context)


def _opens_at(frame: PollFrame) -> datetime | None:
    """When voting opens next, for those who wait for it."""
    if frame.state != State.WAITING or frame.poll.opening_policy == OpeningPolicy.HAND:
        return None
    return frame.poll.timetable.next_opening(Activity.VOTE)


def _ends_at(frame: PollFrame) -> datetime | None:
    """When the voting that goes on ends, where that is by the clock."""
    if frame.state != State.OPEN:
        return None
    spans = frame.poll.timetable.open_for(Activity.VOTE)
    return max((span.closes_at for span in spans), default=None)


def _turnout(frame: PollFrame) -> int | None:
    """How many have answered, where that is told."""
    shown = frame.poll.shows_turnout or frame.state == State.COUNTED
    return frame.poll.turnout_count if shown and frame.poll.opened_at else None


def _figures(frame: PollFrame) -> list[tuple[int, str]]:
    number = frame.poll.turnout_count
    return [(number, ngettext("person has answered", "people have answered", number))]


def _sections(frame: PollFrame) -> list[Section]:
    """The questions as they will be asked, in the order of the definition."""
    language = get_language() or ""
    sections, number = [], 1
    for page in frame.questionnaire.pages:
        questions = [asked(one, None, language=language, seed="") for one in page.questions]
        sections.append(Section(localized(page.title), localized(page.intro), number, questions))
        number += len(questions)
    return sections


def action_of(request: HttpRequest, frame: PollFrame) -> Action:
    if frame.state == State.OPEN:
        return _open(request, frame)
    sentences = {
        State.DRAFT: _("This is not published yet. Only the people of the public body see it."),
        State.WAITING: _waiting(frame),
        State.COUNTING: _("Voting has ended. The votes are being counted."),
        State.CANCELLED: _("This ended before voting opened."),
        State.COUNTED: _("Voting has ended, and the votes were counted."),
    }
    if frame.state == State.COUNTED:
        links = ()
        if frame.poll.is_secret:
            links = ((_("Find your ballot"), f"{frame.href}receipt/"),)
        return Action(sentences[frame.state], _("See the results"), frame.results_href, links)
    return Action(sentences[frame.state])


def _waiting(frame: PollFrame) -> str:
    if frame.poll.opening_policy == OpeningPolicy.HAND:
        return _("It has not opened yet. Whoever is in the chair opens it.")
    return _("It has not opened yet. You can read already what will be asked.")


def _open(request: HttpRequest, frame: PollFrame) -> Action:
    """What an open poll offers this reader. The page of anonymous readers is the same for all."""
    poll = frame.poll
    if not request.user.is_authenticated or poll.eligibility == Eligibility.INVITED:
        return _for_anyone(frame)
    voter = person(request.user, poll)
    if not voter.verdict:
        return Action(str(voter.verdict.message))
    voted, withdrawn, begun = _standing(poll, voter.key)
    if not voted:
        text = _("Go on answering") if begun else _("Answer now")
        sentence = _("What you began is kept.") if begun else _length(frame)
        return Action(sentence, text, frame.answer_href)
    return _answered(frame, is_withdrawn=withdrawn)


def _standing(poll: Poll, key: str) -> tuple[bool, bool, bool]:
    """Whether this voter has voted, has withdrawn that, has begun. One query."""
    turnout = Turnout.objects.filter(poll=OuterRef("pk"), voter=key)
    rows = Poll.objects.filter(pk=poll.pk).values_list(
        Exists(turnout),
        Exists(turnout.filter(withdrawn_at__isnull=False)),
        Exists(Draft.objects.filter(poll=OuterRef("pk"), voter=key)),
    )
    voted, withdrawn, begun = rows.get()
    return voted, withdrawn, begun


def _answered(frame: PollFrame, *, is_withdrawn: bool) -> Action:
    """For somebody whose answer was taken."""
    withdraw = (_("Withdraw your answer"), f"{frame.href}withdraw/")
    if is_withdrawn and frame.poll.is_final:
        return Action(_("You withdrew your answer."))
    if is_withdrawn:
        return Action(_("You withdrew your answer."), _("Answer again"), frame.answer_href)
    if frame.poll.is_final:
        return Action(_("You have answered. Thank you."), links=(withdraw,))
    return Action(
        _("You have answered. Thank you."), _("Change your answer"), frame.answer_href, (withdraw,)
    )


def _for_anyone(frame: PollFrame) -> Action:
    eligibility = frame.poll.eligibility
    back = (_("Change or withdraw what you answered"), frame.answer_href)
    if eligibility == Eligibility.INVITED:
        return Action(
            _("Have your invitation code at hand."), _("Answer with your code"), frame.answer_href
        )
    if eligibility == Eligibility.ANYONE:
        return Action(_length(frame), _("Answer now"), frame.answer_href, (back,))
    login = f"/{get_language()}/accounts/login/?{urlencode({'next': frame.answer_href})}"
    return Action(_("You need an account here to answer."), _("Sign in and answer"), login)


def _length(frame: PollFrame) -> str:
    """How much it is, so that people know what they begin."""
    return _("You can skip any question, and see all your answers before they are sent.")
