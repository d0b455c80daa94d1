"""What every page of a poll begins with: the row, its name, where it stands."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.texts import Localized, localized
from common.ui.timeline import Step
from common.verdicts import Refused
from processes.kinds import Activity, process_path
from processes.models import Process
from voting.actions.editing import build_questionnaire
from voting.lookup import readable_poll
from voting.models import Poll
from voting.permissions import is_due_to_close, is_voting_open
from voting.questionnaire.definition import Questionnaire


class State(StrEnum):
    """Where a poll stands for those who look at it now."""

    DRAFT = "draft"
    WAITING = "waiting"
    OPEN = "open"
    COUNTING = "counting"
    COUNTED = "counted"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PollFrame:
    """A poll that the reader may see.

    `href` is where its pages stand (answering, receipts, ballots), `home_href` its own page: the same
    for a poll, the budget's page for a budget. Both end in a slash.
    """

    poll: Poll
    process: Process
    href: str
    home_href: str
    title: Localized
    body_name: str
    state: State
    tab: str = "overview"

    @property
    def answer_href(self) -> str:
        return f"{self.href}answer/"

    @property
    def results_href(self) -> str:
        return f"{self.home_href}results/"

    @property
    def is_elsewhere(self) -> bool:
        """Whether overview and results are pages of another kind of process."""
        return self.home_href != self.href

    @property
    def title_language(self) -> str:
        """The language of the title where it is not the page's, else ""."""
        return self.title.language if self.title.language != get_language() else ""

    @property
    def tabs(self) -> list[tuple[str, str, None, bool]]:
        """The poll's pages; [] while there is only one."""
        found = [("overview", self.home_href, _("Overview"))]
        if self.state == State.COUNTED or self.poll.results_policy == "live":
            found.append(("results", self.results_href, _("Results")))
        if self.state == State.COUNTED and self.poll.is_secret:
            found.append(("ballots", f"{self.href}ballots/", _("All ballots")))
        if self.poll.is_secret and self.poll.opened_at is not None:
            found.append(("receipt", f"{self.href}receipt/", _("Find your ballot")))
        if len(found) < 2:
            return []
        return [(href, name, None, key == self.tab) for key, href, name in found]

    @property
    def crumbs(self) -> list[tuple[str, str | Localized]]:
        """The way back to the poll's own page."""
        return [*self.front, (self.home_href, self.title)]

    @property
    def front(self) -> list[tuple[str, str | Localized]]:
        return [(f"/{get_language()}/", _("All processes"))]

    @property
    def questionnaire(self) -> Questionnaire:
        """What is asked: frozen once it has opened, else as it is written now (four queries)."""
        return questionnaire_of(self.poll)


def questionnaire_of(poll: Poll) -> Questionnaire:
    return poll.questionnaire if poll.definition is not None else build_questionnaire(poll)


def poll_frame(user: Any, slug: str, tab: str = "overview") -> PollFrame:
    """The poll for this reader, or Http404. One query."""
    try:
        poll = readable_poll(user, slug)
    except Refused:
        raise Http404 from None
    return frame_of(poll, tab)


def frame_of(poll: Poll, tab: str = "overview") -> PollFrame:
    process = poll.process
    return PollFrame(
        poll=poll,
        process=process,
        href=f"/{get_language()}/polls/{process.slug}/",
        home_href=f"/{get_language()}{process_path(process)}",
        title=localized(process.title),
        body_name=localized(process.organisation.name).text,
        state=state_of(poll),
        tab=tab,
    )


def state_of(poll: Poll) -> State:
    """By the database's clock, as it was when the row was read."""
    process, now = poll.process, poll.timetable.now
    if poll.counted_at is not None:
        return State.COUNTED
    if process.published_at is None:
        return State.DRAFT
    if poll.closed_at is not None or (poll.opened_at is not None and is_due_to_close(poll, now)):
        return State.COUNTING
    if is_voting_open(poll):
        return State.OPEN
    if is_due_to_close(poll, now):
        return State.CANCELLED
    return State.WAITING


def steps(poll: Poll) -> list[Step]:
    """The phases as the drawn timeline wants them. That voting opens voting need not be said."""
    labels = {
        activity.value: str(activity.label) for activity in Activity if activity != Activity.VOTE
    }
    return [
        Step(
            title=localized(span.name).text,  # type: ignore[arg-type]
            starts_at=span.opens_at,
            ends_at=span.closes_at,
            opens=" · ".join(labels[key] for key in labels if key in span.activities),
        )
        for span in poll.timetable.spans
    ]
