"""The phases of a process as a drawn line that says where we are now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from common.html import trusted
from common.ui import moments


@dataclass(frozen=True, slots=True)
class Step:
    """One phase: its title, when it runs (UTC), and what people can do in it, in words."""

    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    opens: str = ""


def state(step: Step, now: datetime) -> str:
    """done, now or next."""
    if step.ends_at and step.ends_at <= now:
        return "done"
    if step.starts_at and step.starts_at > now:
        return "next"
    return "now"


def _when(step: Step, current: str, now: datetime) -> str:
    if current == "next":
        return moments.when(step.starts_at, "opens", now)
    if step.ends_at is None:
        return escape(gettext("no end has been set"))
    return moments.when(step.ends_at, "closes", now)


def _share(step: Step, now: datetime) -> str:
    """How much of the current phase has passed, as a thin bar."""
    if not (step.starts_at and step.ends_at) or step.ends_at <= step.starts_at:
        return ""
    share = 100 * ((now - step.starts_at) / (step.ends_at - step.starts_at))
    return (
        '<svg class="timeline__share" width="100%" height="4" aria-hidden="true">'
        '<rect class="progress__track" width="100%" height="100%"/>'
        f'<rect class="progress__done" width="{share:.1f}%" height="100%"/></svg>'
    )


def _step(step: Step, now: datetime) -> str:
    current = state(step, now)
    is_now = current == "now"
    words = escape(gettext("We are here"))
    here = f'<p class="timeline__here">{words}</p>' if is_now else ""
    opens = f'<p class="timeline__opens">{escape(step.opens)}</p>' if step.opens else ""
    return (
        f'<li class="timeline__step is-{current}"{" aria-current=step" if is_now else ""}>'
        f'<span class="timeline__mark" aria-hidden="true"></span><div>{here}'
        f'<p class="timeline__title">{escape(step.title)}</p>'
        f'<p class="timeline__when">{_when(step, current, now)}</p>'
        f"{_share(step, now) if is_now else ''}{opens}</div></li>"
    )


def timeline(steps: Iterable[Step], now: datetime | None = None) -> SafeString | str:
    """The drawn line; "" when there are no phases."""
    now = now or timezone.now()
    rows = "".join(_step(step, now) for step in steps)
    return trusted(f'<ol class="timeline">{rows}</ol>') if rows else ""
