"""The phases of a process as a drawn line that says where we are now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.html import format_html, format_html_join
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


_STEP = '<li class="timeline__step is-{}"{}><span class="timeline__mark" aria-hidden="true"></span><div>{}<p class="timeline__title">{}</p><p class="timeline__when">{}</p>{}{}</div></li>'
_HERE = '<p class="timeline__here">{}</p>'
_OPENS = '<p class="timeline__opens">{}</p>'
_SHARE = '<svg class="timeline__share" width="100%" height="4" aria-hidden="true"><rect class="progress__track" width="100%" height="100%"/><rect class="progress__done" width="{}%" height="100%"/></svg>'


def state(step: Step, now: datetime) -> str:
    """done, now or next."""
    if step.ends_at and step.ends_at <= now:
        return "done"
    if step.starts_at and step.starts_at > now:
        return "next"
    return "now"


def _when(step: Step, current: str, now: datetime) -> SafeString | str:
    if current == "next":
        return moments.when(step.starts_at, "opens", now)
    if step.ends_at is None:
        return gettext("no end has been set")
    return moments.when(step.ends_at, "closes", now)


def _share(step: Step, now: datetime) -> SafeString | str:
    if not (step.starts_at and step.ends_at) or step.ends_at <= step.starts_at:
        return ""
    return format_html(
        _SHARE,
        f"{100 * ((now - step.starts_at) / (step.ends_at - step.starts_at)):.1f}",
    )


def timeline(steps: Iterable[Step], now: datetime | None = None) -> SafeString | str:
    """The drawn line; "" when there are no phases."""
    now = now or timezone.now()
    rows = []
    for step in steps:
        current = state(step, now)
        is_now = current == "now"
        rows.append(
            format_html(
                _STEP,
                current,
                trusted(" aria-current='step'") if is_now else "",
                format_html(_HERE, gettext("We are here")) if is_now else "",
                step.title,
                _when(step, current, now),
                _share(step, now) if is_now else "",
                format_html(_OPENS, step.opens) if step.opens else "",
            )
        )
    if not rows:
        return ""
    return format_html(
        '<ol class="timeline">{}</ol>',
        format_html_join("", "{}", ((row,) for row in rows)),
    )
