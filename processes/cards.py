"""A process as a card on a list."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from common.texts import Localized, localized
from processes.kinds import OUTCOMES, ProcessKind, Status, process_path
from processes.models import Process

_KINDS = dict(ProcessKind.choices)


@dataclass(frozen=True, slots=True)
class Card:
    """What components/process_card.html shows."""

    href: str
    title: str
    language: str
    body_name: Localized
    area_name: Localized | str
    kind_word: str
    status: str
    moment: datetime | None
    participant_count: int
    summary: Localized
    outcome: str


def card(process: Process) -> Card:
    """A row of `for_list().with_status()`. Makes no query."""
    language = get_language() or ""
    title = localized(process.title)
    status: str = process.status  # type: ignore[attr-defined]
    return Card(
        href=f"/{language}{process_path(process)}",
        title=title.text,
        language=title.language if title.language != language else "",
        body_name=localized(process.organisation.name),
        area_name=localized(process.area.name) if process.area else "",
        kind_word=str(_KINDS[process.kind]),
        status=status,
        moment=_moment(process, status),
        # Of a poll its turnout is told: people without an account are in no other number.
        participant_count=0 if process.kind == ProcessKind.POLL else process.participant_count,
        summary=localized(process.summary),
        outcome=outcome(process) if status == Status.CLOSED else "",
    )


def _moment(process: Process, status: str) -> datetime | None:
    if status == Status.UPCOMING:
        return process.opens_at
    ends = [moment for moment in (process.closed_at, process.closes_at) if moment is not None]
    return min(ends, default=None)


def outcome(process: Process) -> str:
    """What became of what people said, in sentences; "" where nothing has yet."""
    sentences = []
    for name, (_expression, say) in OUTCOMES.items():
        if number := getattr(process, name, 0):
            sentences.append(say(number))
    return " ".join(sentences)
