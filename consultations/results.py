"""The results of a consultation in numbers, counted from rows, and drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from answers.kinds import Decision
from answers.models import Answer
from common.html import SafeHTML, trusted
from common.texts import Crumb, Localized
from common.ui.words import count, decision
from consultations.kinds import ChangeKind
from consultations.models import Change, Consultation
from processes.kinds import PROPOSAL_KINDS, SubjectKind
from processes.models import Process, Subject

_CHANGE_KINDS: dict[str, Any] = dict(ChangeKind.choices)
_MOST = 500  # changes on one page


@dataclass(frozen=True, slots=True)
class DecisionCount:
    """How often a decision was given; `value` is "" for contributions without an answer."""

    value: str
    word: str
    number: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one part of the text in one version. `movers` are (address, title)."""

    version: int
    title: Localized
    href: str
    kind: str
    kind_word: str
    note: Localized
    diff_html: SafeHTML
    language: str
    movers: list[Crumb]


def decisions_of(process: Process) -> list[DecisionCount]:
    """Every decision with its number, then the proposals without an answer. Two queries."""
    given = dict(
        Answer.objects.filter(subject__process=process)
        .values_list("decision")
        .annotate(number=Count("pk"))
    )
    rows = [DecisionCount(value, decision(value), given.get(value, 0)) for value in Decision.values]
    open_ones = (
        Subject.objects.standing()
        .filter(process=process, kind__in=PROPOSAL_KINDS, answer__isnull=True)
        .count()
    )
    return [*rows, DecisionCount("", _("Without an answer of its own"), open_ones)]


def totals_of(process: Process) -> list[tuple[str, int]]:
    """The whole in numbers, as rows of a table."""
    return [
        (_("People who took part"), process.participant_count),
        (_("Contributions"), process.contribution_count),
        (_("Positions"), process.position_count),
    ]


def sentence(process: Process, decisions: Sequence[DecisionCount], changes: Sequence[Moved]) -> str:
    """The results in one sentence of each kind, from the counts."""
    answered = sum(row.number for row in decisions if row.value)
    changed = len({move.href or move.title for move in changes})
    people = ngettext("%(count)s person took part.", "%(count)s people took part.",
                      process.participant_count) % {"count": count(process.participant_count)}  # fmt: skip
    replies = ngettext("%(count)s contribution was answered.", "%(count)s contributions were answered.",
                       answered) % {"count": count(answered)}  # fmt: skip
    parts = ngettext("%(count)s part of the text changed.", "%(count)s parts of the text changed.",
                     changed) % {"count": count(changed)}  # fmt: skip
    return f"{people} {replies} {parts}"


def changes_of(consultation: Consultation, language: str) -> list[Moved]:
    """What changed between published versions and who moved it, newest version first. Two queries."""
    movers = Subject.objects.standing().defer("search", "sample", "text").order_by("-agree_count")
    rows = (
        Change.objects.filter(
            version__consultation=consultation, version__published_at__isnull=False
        )
        .select_related("version", "section__subject")
        .defer("section__subject__search", "section__subject__sample", "section__subject__text")
        .prefetch_related(Prefetch("moved_by", movers))
        .order_by("-version__number", "section__subject_id")[:_MOST]
    )
    base = f"/{get_language()}/consultations/{consultation.process.slug}/"
    return [_moved(row, base) for row in rows]


def _moved(change: Change, base: str) -> Moved:
    subject = change.section.subject
    href = ""
    if subject is not None and subject.kind == SubjectKind.SECTION:
        href = f"{base}articles/{subject.pk}/history/"
    return Moved(
        version=change.version.number,
        title=subject.shown if subject is not None else Localized("", ""),
        href=href,
        kind=change.kind,
        kind_word=str(_CHANGE_KINDS[change.kind]),
        note=Localized(change.note, change.note_language),
        diff_html=trusted(change.diff_html),
        language=change.language,
        movers=movers_of(change, base),
    )


def movers_of(change: Change, base: str) -> list[Crumb]:
    """(address, title) of the contributions that moved a clause; `moved_by` is prefetched."""
    return [
        (f"{base}{'articles' if m.kind == SubjectKind.SECTION else 'proposals'}/{m.pk}/", m.shown)
        for m in change.moved_by.all()
    ]


_BAR = (
    '<g transform="translate(0 {y})"><text y="14">{word} '
    '<tspan class="results__number">{number}</tspan></text>'
    '<rect class="progress__track" y="22" width="100%" height="12"/>'
    '<rect class="result-{name}" y="22" width="{width:.2f}%" height="12"/></g>'
)
_ROW = 48  # px


def drawing(decisions: Sequence[DecisionCount]) -> SafeString | str:
    """Decisions as bars beside their table, drawn to one scale; "" when nothing was answered."""
    given = [row for row in decisions if row.value]
    most = max((row.number for row in given), default=0)
    if not most:
        return ""
    bars = "".join(
        _BAR.format(
            y=_ROW * index,
            word=escape(row.word),
            number=count(row.number),
            name=row.value,
            width=100 * row.number / most,
        )
        for index, row in enumerate(given)
    )
    spoken = ", ".join(f"{row.word}: {count(row.number)}" for row in given)
    return trusted(
        f'<svg class="results__drawing" width="100%" height="{_ROW * len(given)}" role="img" '
        f'aria-label="{escape(spoken)}">{bars}</svg>'
    )
