"""What happens when: openings and closings of phases, and what apps above add."""

from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.texts import Localized, localized
from processes.kinds import CALENDAR, process_path
from processes.models import Phase

MOST = 1000  # moments in one answer


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of one process. `verb` is opens, closes or due; `uid` stays the same."""

    at: datetime
    verb: str
    title: str
    process_title: Localized
    body_name: Localized
    path: str
    uid: str


class Month(NamedTuple):
    """A month of a year; compares in time."""

    year: int
    number: int

    @classmethod
    def of(cls, text: str, today: date) -> "Month":
        """ "2026-11", or the month of `today` where the text is none between 1900 and 2999."""
        year, _dash, number = text.partition("-")
        if (
            len(text) == 7
            and text.isascii()
            and year.isdigit()
            and number.isdigit()
            and 1900 <= int(year) < 3000
            and 1 <= int(number) <= 12
        ):
            return cls(int(year), int(number))
        return cls(today.year, today.month)

    def moved(self, months: int) -> "Month":
        year, zero = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, zero + 1)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def text(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def weeks(self) -> list[list[date]]:
        """Monday to Sunday, with the days of the months beside it."""
        return Calendar().monthdatescalendar(self.year, self.number)

    def bounds(self) -> tuple[datetime, datetime]:
        """From its first moment to the first of the next, in the site's time zone."""
        zone = timezone.get_current_timezone()
        begin, end = self.first, self.moved(1).first
        return (
            datetime(begin.year, begin.month, begin.day, tzinfo=zone),
            datetime(end.year, end.month, end.day, tzinfo=zone),
        )


def moments(since: datetime, until: datetime) -> list[Moment]:
    """All public moments of published processes in that time, in order. Two queries."""
    phases = (
        Phase.objects.filter(
            Q(opens_at__gte=since, opens_at__lt=until)
            | Q(closes_at__gte=since, closes_at__lt=until),
            process__published_at__isnull=False,
        )
        .select_related("process__organisation")
        .order_by("opens_at", "pk")[:MOST]
    )
    found = [moment for phase in phases for moment in _of_phase(phase, since, until)]
    for source in CALENDAR:
        for due in source(since, until):
            organisation = localized(due.process.organisation.name)
            uid = f"due-{due.process.pk}-{due.path.count('/')}"
            found.append(
                Moment(
                    due.at, "due", due.title, localized(due.process.title),
                    organisation, due.path, uid,
                )
            )  # fmt: skip
    return sorted(found, key=lambda moment: (moment.at, moment.uid))


def _of_phase(phase: Phase, since: datetime, until: datetime) -> Iterable[Moment]:
    name = localized(phase.name).text
    sentences = {
        "opens": (phase.opens_at, _("%(phase)s opens") % {"phase": name}),
        "closes": (phase.closes_at, _("%(phase)s closes") % {"phase": name}),
    }
    for verb, (at, title) in sentences.items():
        if since <= at < until:
            yield Moment(
                at, verb, title, localized(phase.process.title),
                localized(phase.process.organisation.name),
                process_path(phase.process), f"phase-{phase.pk}-{verb}",
            )  # fmt: skip


_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def _fold(line: str) -> str:
    """A content line in pieces of at most 75 octets, as RFC 5545 section 3.1 asks."""
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > 75 - bool(pieces):
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + letter, size + width
    return "\r\n ".join([*pieces, piece])


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def icalendar(found: Sequence[Moment], *, site: str, site_url: str, now: datetime) -> str:
    """The moments as a calendar that programs subscribe to (RFC 5545)."""
    host = site_url.partition("://")[2]
    language = get_language() or ""
    name = site.translate(_ESCAPES)
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{name}//Calendar//{language.upper()}",
        "CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"X-WR-CALNAME:{name}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H",
    ]  # fmt: skip
    for moment in found:
        summary = f"{moment.process_title}: {moment.title}".translate(_ESCAPES)
        lines += [
            "BEGIN:VEVENT", f"UID:{moment.uid}@{host}", f"DTSTAMP:{_utc(now)}",
            f"DTSTART:{_utc(moment.at)}", f"DTEND:{_utc(moment.at + timedelta(minutes=15))}",
            f"SUMMARY;LANGUAGE={language}:{summary}",
            f"DESCRIPTION:{moment.body_name.text.translate(_ESCAPES)}",
            f"URL:{site_url}/{language}{moment.path}", "TRANSP:TRANSPARENT", "END:VEVENT",
        ]  # fmt: skip
    return "\r\n".join(_fold(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n"
