"""Moments in words: "closes in 3 days, Thursday 26 November, 18:00", always inside a <time>."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from html import escape

from django.utils import timezone
from django.utils.formats import date_format, get_format, time_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext

from common.html import trusted

_NEAR = timedelta(days=45)


@lru_cache(maxsize=32)
def _formats(language: str) -> tuple[str, str]:
    """How a day is written with its year, and near today without it (Django's format letters).

    Languages whose months change with the case ("18 октября") say so in Django's own formats.
    """
    month = "E" if "E" in get_format("DATE_FORMAT") else "F"
    # Translators: a day with its year in your language's order; keep the letters j, F, Y.
    far = pgettext("date format of a day", "j F Y")
    # Translators: a day near today in your language's order; keep the letters l, j, F.
    near = pgettext("date format of a near day", "l j F")
    return far.replace("F", month), near.replace("F", month)


def _written(day: date, pattern: str) -> str:
    # Translators: how a first of a month is numbered in dates: j, or with an ending ("1er": j\e\r).
    first = pgettext("date format of the first of a month", "j")
    return date_format(day, pattern.replace("j", first) if day.day == 1 else pattern)


@lru_cache(maxsize=4096)
def _day(day: date, language: str) -> str:
    return _written(day, _formats(language)[0])


@lru_cache(maxsize=4096)
def _weekday(day: date, language: str) -> str:
    return _written(day, _formats(language)[1])


@lru_cache(maxsize=4096)
def _clock(at: time, language: str) -> str:
    # Translators: a time of day in Django's format letters: G or H, and i.
    return time_format(at, pgettext("time format", "H:i"))


def _local(moment: datetime | date) -> datetime | date:
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment


def _local_day(moment: datetime | date) -> date:
    local = _local(moment)
    return local.date() if isinstance(local, datetime) else local


def day(moment: datetime | date) -> str:
    """The day alone: "26 November 2026"."""
    return _day(_local_day(moment), get_language() or "")


def weekday(moment: datetime | date) -> str:
    """The day without its year: "Thursday 26 November"."""
    return _weekday(_local_day(moment), get_language() or "")


def clock(moment: datetime) -> str:
    """The time of day alone: "18:00"."""
    local = timezone.localtime(moment)
    return _clock(time(local.hour, local.minute), get_language() or "")


def full(moment: datetime) -> str:
    """Day and time, the year left out while it is near: "Thursday 26 November, 18:00"."""
    near = abs(timezone.now() - moment) < timedelta(days=180)
    words = weekday(moment) if near else day(moment)
    return gettext("%(day)s, %(time)s") % {"day": words, "time": clock(moment)}


def relative(moment: datetime, now: datetime | None = None) -> str:
    """The distance from now: "in 3 days", "2 hours ago", "just now"."""
    seconds = int((moment - (now or timezone.now())).total_seconds())
    ahead, distance = seconds > 0, abs(seconds)
    if distance < 60:
        return gettext("in a moment") if ahead else gettext("just now")
    if distance < 3600:
        number = distance // 60
        text = (
            ngettext("in %(number)d minute", "in %(number)d minutes", number)
            if ahead
            else ngettext("%(number)d minute ago", "%(number)d minutes ago", number)
        )
    elif distance < 86400:
        number = distance // 3600
        text = (
            ngettext("in %(number)d hour", "in %(number)d hours", number)
            if ahead
            else ngettext("%(number)d hour ago", "%(number)d hours ago", number)
        )
    else:
        number = max(1, abs((_local_day(moment) - _local_day(now or timezone.now())).days))
        text = (
            ngettext("in %(number)d day", "in %(number)d days", number)
            if ahead
            else ngettext("%(number)d day ago", "%(number)d days ago", number)
        )
    return text % {"number": number}


Sentences = dict[tuple[str, bool], str]


@lru_cache(maxsize=32)
def _sentences(language: str) -> tuple[Sentences, Sentences]:
    """The sentences around a near and a far moment, by verb and by whether it is ahead."""
    near = {
        ("", True): gettext("%(relative)s, %(moment)s"),
        ("", False): gettext("%(relative)s, %(moment)s"),
        ("opens", True): gettext("opens %(relative)s, %(moment)s"),
        ("opens", False): gettext("opened %(relative)s, %(moment)s"),
        ("closes", True): gettext("closes %(relative)s, %(moment)s"),
        ("closes", False): gettext("closed %(relative)s, %(moment)s"),
        ("due", True): gettext("due %(relative)s, %(moment)s"),
        ("due", False): gettext("was due %(relative)s, %(moment)s"),
        ("owed", True): gettext("owed an answer %(relative)s, by %(moment)s"),
        ("owed", False): gettext("has waited for an answer since %(moment)s"),
        ("published", True): gettext("is published %(relative)s, %(moment)s"),
        ("published", False): gettext("published %(relative)s, %(moment)s"),
    }
    far = {
        ("", True): "%(day)s",
        ("", False): "%(day)s",
        ("opens", True): gettext("opens on %(day)s"),
        ("opens", False): gettext("opened on %(day)s"),
        ("closes", True): gettext("closes on %(day)s"),
        ("closes", False): gettext("closed on %(day)s"),
        ("due", True): gettext("due on %(day)s"),
        ("due", False): gettext("was due on %(day)s"),
        ("owed", True): gettext("owed an answer by %(day)s"),
        ("owed", False): gettext("has waited for an answer since %(day)s"),
        ("published", True): gettext("is published on %(day)s"),
        ("published", False): gettext("published on %(day)s"),
    }
    return near, far


def when(moment: datetime | None, verb: str = "", now: datetime | None = None) -> SafeString | str:
    """A moment as a sentence, "" for none.

    `verb` is one of opens, closes, due, owed, published or "". Within 45 days the sentence says how
    far away the moment is, beyond that only the day.
    """
    if moment is None:
        return ""
    now = now or timezone.now()
    ahead = moment > now
    near, far = _sentences(get_language() or "")
    if abs(moment - now) < _NEAR:
        text = near[verb, ahead] % {
            "relative": relative(moment, now),
            "moment": full(moment),
        }
    else:
        text = far[verb, ahead] % {"day": day(moment)}
    return trusted(f'<time datetime="{stamp(moment)}">{escape(text)}</time>')


def stamp(moment: datetime) -> str:
    """The moment as a machine reads it: UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def ago(moment: datetime, now: datetime | None = None) -> str:
    """A <time>: the distance within a week, the day beyond. Safe HTML."""
    distance = (now or timezone.now()) - moment
    if timedelta(0) <= distance < timedelta(days=7):
        return f'<time datetime="{stamp(moment)}">{escape(relative(moment, now))}</time>'
    return _on(moment, timezone.get_current_timezone(), get_language() or "")


@lru_cache(maxsize=4096)
def _on(moment: datetime, zone: tzinfo, language: str) -> str:
    return f'<time datetime="{stamp(moment)}">{escape(day(moment))}</time>'
