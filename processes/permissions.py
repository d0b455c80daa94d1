"""Who may do what to a process, and when. `is_open_for` is the one reader of phases."""

from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import is_verified, lives_in, may_edit_for, works_for
from common.ui import moments
from common.verdicts import YES, Verdict, no
from processes.kinds import Activity, Audience
from processes.models import Process
from processes.timetable import Timetable

SIGN_IN = no("sign_in_first", gettext_lazy("Sign in to take part."), 401)


class Framed(Protocol):
    """A process, or a thing in one (a subject, a poll): anything that has a timetable."""

    @property
    def timetable(self) -> Timetable: ...


def _process_of(thing: Framed) -> Process:
    return getattr(thing, "process", thing)  # type: ignore[arg-type]


def is_running(thing: Framed) -> Verdict:
    """Whether the process is published and not closed."""
    process = _process_of(thing)
    if process.published_at is None:
        return no("not_published", _("This has not been published yet."), 409)
    if process.closed_at is not None and process.closed_at <= thing.timetable.now:
        return no("closed", _("This is closed. Nothing can be changed any more."), 409)
    return YES


def is_open_now(thing: Framed, activity: str) -> Verdict:
    """Whether a phase opens `activity` now, by the database's clock, whoever asks.

    For activities whose people are declared elsewhere: who may vote is said by the poll.
    """
    running = is_running(thing)
    if not running:
        return running
    if not thing.timetable.open_for(activity):
        return _not_now(thing.timetable, activity)
    return YES


def is_open_for(thing: Framed, activity: str, user: Any) -> Verdict:
    """Whether `user` may do `activity` on the process of `thing` now, by the database's clock.

    Costs no query on rows loaded by `with_timetable()` or `with_frame()` and a signed-in request.
    """
    is_open = is_open_now(thing, activity)
    if not is_open:
        return is_open
    if not user.is_authenticated:
        return SIGN_IN
    refusal = YES
    for span in thing.timetable.open_for(activity):
        refusal = _is_in_audience(user, span.audience, span.area_path)
        if refusal:
            return YES
    return refusal


def _is_in_audience(user: Any, audience: str, area_path: str | None) -> Verdict:
    if audience == Audience.VERIFIED:
        return is_verified(user)
    if audience == Audience.RESIDENTS:
        return lives_in(user, area_path or "")
    return YES


def _not_now(timetable: Timetable, activity: str) -> Verdict:
    """The sentence that says when it opens, or that it is over."""
    name = str(Activity(activity).label)
    opens = timetable.next_opening(activity)
    if opens is not None:
        when = moments.full(opens)
        message = _("%(activity)s opens on %(when)s.") % {
            "activity": name,
            "when": when,
        }
        return no("not_open_yet", message, 409)
    closed = timetable.last_closing(activity)
    if closed is not None:
        when = moments.full(closed)
        message = _("%(activity)s ended on %(when)s.") % {
            "activity": name,
            "when": when,
        }
        return no("not_open_any_more", message, 409)
    return no("not_offered", _("%(activity)s is not part of this.") % {"activity": name}, 409)


def may_read(user: Any, process: Process) -> Verdict:
    """Everyone reads what is published; the body's people read what is not yet."""
    if process.published_at is not None:
        return YES
    if works_for(user, process.organisation_id):
        return YES
    return no("not_found", _("There is nothing at this address."), 404)


def may_edit(user: Any, process: Process) -> Verdict:
    """Owners and editors of its public body."""
    return may_edit_for(user, process.organisation_id)


def may_change_dates(user: Any, process: Process) -> Verdict:
    verdict = may_edit(user, process)
    if verdict and process.closed_at is not None:
        return no("closed", _("This is closed. Nothing can be changed any more."), 409)
    return verdict


def may_publish(user: Any, process: Process) -> Verdict:
    verdict = may_edit(user, process)
    if verdict and process.published_at is not None:
        return no("already_published", _("This is published already."), 409)
    return verdict


def may_close(user: Any, process: Process) -> Verdict:
    verdict = may_edit(user, process)
    if not verdict:
        return verdict
    if process.published_at is None:
        return no("not_published", _("This has not been published yet."), 409)
    if process.closed_at is not None:
        return no("closed", _("This is closed already."), 409)
    return YES


def may_publish_results(user: Any, process: Process) -> Verdict:
    verdict = may_edit(user, process)
    if not verdict:
        return verdict
    if process.closed_at is None:
        return no("not_closed", _("Close it first; then publish what became of it."), 409)
    if process.results_published_at is not None:
        return no("already_published", _("The results are published already."), 409)
    return YES
