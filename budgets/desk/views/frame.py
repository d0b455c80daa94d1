"""A budget at the desk: who may be here, the way around.

Two kinds of people come: those who work for the public body, and assessors, who may come from
elsewhere. Pages are for the first unless they say otherwise: `@desk_page("queue", assesses)`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.permissions import ANSWERING, EDITING, NOT_OF_THIS_BODY, works_for
from budgets.desk.home import stage_of
from budgets.models import Budget
from budgets.permissions import NOT_AN_ASSESSOR, is_assessor
from common.texts import Crumb
from common.verdicts import YES, Verdict
from processes.desk import BOTH, Frame, View, frame_of, framed, pages_of
from voting.kinds import Eligibility, Secrecy

GUEST = ""  # the role of an assessor who does not work for the public body


@dataclass(slots=True)
class Desk(Frame):
    """A budget at the desk. `sees_assessments`: owners, editors, answerers and assessors."""

    budget: Budget
    sees_assessments: bool

    templates: ClassVar[str] = "budgets/desk"

    @property
    def is_guest(self) -> bool:
        """Whether the person assesses and does not work for the public body."""
        return self.role == GUEST

    @property
    def is_fixed(self) -> bool:
        """Whether what was declared stays: voting has opened."""
        return self.budget.poll.opened_at is not None

    @property
    def stage(self) -> str:
        """See `home.stage_of`."""
        return stage_of(self.budget)

    @property
    def crumbs(self) -> list[Crumb]:
        """The way back. An assessor from elsewhere has these pages alone of the desk."""
        if not self.is_guest:
            return super(Desk, self).crumbs
        mine: Crumb = (f"/{get_language()}/desk/budgets/", _("Participatory budgets"))
        return [mine] if self.tab == "queue" else [mine, (self.home, self.title)]

    @property
    def home(self) -> str:
        """The first page that the person may read here."""
        return f"{self.href}assessments/" if self.is_guest else self.href

    @property
    def nav(self) -> list[tuple[str, str, bool]]:
        """(address, text, is the current page); what begins with a slash is no page of this desk."""
        return [
            (path if path.startswith("/") else f"{self.href}{path}", text, tab == self.tab)
            for tab, path, text in self.pages()
        ]

    def pages(self) -> list[tuple[str, str, str]]:
        work = [("queue", "assessments/", _("Assessments"))] if self.sees_assessments else []
        if self.is_guest:
            return work
        pages = [("overview", "", _("Overview")), *work, ("ballot", "ballot/", _("Ballot"))]
        if self.budget.poll.counted_at is not None:
            pages.append(("building", "building/", _("Carrying out")))
        if self.may_edit:
            pages += self._editing_pages()
        return pages + self._voting_pages()

    def _editing_pages(self) -> list[tuple[str, str, str]]:
        pages = [
            ("about", "about/", _("Description")),
            ("money", "money/", _("Money")),
            ("rules", "rules/", _("Ballot and rule")),
            ("conflicts", "conflicts/", _("Incompatible projects")),
            ("assessors", "assessors/", _("Assessors")),
            ("map", "map/", _("Map")),
        ]
        if self.stage != "over":
            pages.append(("phases", "phases/", _("Phases")))
        if self.stage == "draft":
            pages.append(("publish", "publish/", _("Publish")))
        elif self.stage != "over":
            pages.append(("close", "close/", _("Close")))
        return pages

    def _voting_pages(self) -> list[tuple[str, str, str]]:
        """Pages of the ballot box, which stand at the desk of polls."""
        poll = self.budget.poll
        polls = f"/{get_language()}/desk/polls/{self.process.slug}/"
        pages = []
        if self.stage != "draft":
            pages.append(("booths", f"{polls}booths/", _("Booths")))
        is_invited = poll.eligibility == Eligibility.INVITED and poll.closed_at is None
        if self.may_edit and is_invited:
            pages.append(("codes", f"{polls}codes/", _("Invitation codes")))
        if poll.counted_at is not None and poll.secrecy != Secrecy.CONFIDENTIAL:
            pages.append(("exports", f"{polls}exports/", _("Single ballots")))
        return pages


def desk_of(user: Any, slug: str, tab: str) -> Desk:
    """The budget for somebody who works for its body (see `framed`) or assesses its projects.

    One query, and one more for who neither edits nor answers.
    """
    budget = Budget.objects.with_timetable().filter(process__slug=slug).first()
    if budget is None:
        return Desk(budget=None, sees_assessments=False, **framed(user, None, tab))  # type: ignore[arg-type]
    budget.take_frame()
    process = budget.process
    role = user.role_in(process.organisation_id)
    sees = user.is_superuser or role in EDITING or role in ANSWERING
    sees = sees or bool(is_assessor(user, budget))
    if sees and not works_for(user, process.organisation_id):
        return Desk(budget=budget, sees_assessments=True, **frame_of(process, tab, GUEST))
    return Desk(budget=budget, sees_assessments=sees, **framed(user, process, tab))


def works(desk: Desk) -> Verdict:
    """Everyone who works for the public body."""
    return NOT_OF_THIS_BODY if desk.is_guest else YES


def assesses(desk: Desk) -> Verdict:
    """Owners, editors and answerers of the public body, and the assessors."""
    return YES if desk.sees_assessments else NOT_AN_ASSESSOR


_pages = pages_of(desk_of)


def desk_page(
    tab: str, may: Callable[[Desk], Verdict] = works, methods: tuple[str, ...] = BOTH
) -> Callable[[View], View]:
    """The decorator of the pages about one budget (see `processes.desk.pages_of`)."""
    return _pages(tab, may, methods)
