"""Which proposals a reader asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.db.models.functions import Least, Now
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from answers.kinds import Decision
from common.prepared import Prepared
from common.texts import Localized
from common.ui.choices import SpokenSelect, select
from consultations.kinds import ProposalKind
from consultations.models import Version, Wording
from processes.kinds import PROPOSAL_KINDS
from processes.models import Process, Subject, SubjectQuerySet
from processes.search import LONGEST

ORDERINGS: dict[str, tuple[str, ...]] = {
    "support": ("-agree_count", "-pk"),
    "newest": ("-pk",),
    "discussed": ("-comment_count", "-pk"),
    "contested": ("-contest", "-pk"),
}
# How much two sides are set against each other: as many as the smaller of them.
CONTEST = Least("agree_count", "disagree_count")
_NO_ANSWER = Q(answer__isnull=True)
_OWED = Q(obligation__isnull=False, obligation__answered_at__isnull=True)
STATES: dict[str, Q] = {
    "owed": _OWED & Q(obligation__due_at__gt=Now()),
    "late": _OWED & Q(obligation__due_at__lte=Now()),
    "answered": Q(answer__isnull=False),
    "unanswered": _NO_ANSWER,
    **{decision.value: Q(answer__decision=decision) for decision in Decision},
}
_STATE_WORDS = [
    ("", _("Any")),
    ("owed", _("Waiting for an answer")),
    ("late", _("The answer is late")),
    ("answered", _("Answered")),
    ("unanswered", _("Not answered")),
    *Decision.choices,
]


@dataclass(frozen=True, slots=True)
class Place:
    """A part or article of the current text that proposals can stand under."""

    section_id: int
    subject_id: int
    level: int
    name: Localized


def places_of(version: Version | None, language: str) -> list[Place]:
    """All parts and articles of a version in reading order. One query."""
    if version is None:
        return []
    return [
        Place(
            section_id=row["section_id"],
            subject_id=row["section__subject_id"],
            level=row["level"],
            name=Localized(
                " – ".join(filter(None, (row["label"] or row["number"], row["heading"]))), language
            ),
        )
        for row in _PLACES.all(version_id=version.pk, language=language)
    ]


def _places(version_id: int, language: str) -> QuerySet[Any, Any]:
    rows = Wording.objects.filter(version=version_id, language=language).order_by("order")
    return rows.values("section_id", "section__subject_id", "level", "label", "number", "heading")


_PLACES: Prepared[dict[str, Any]] = Prepared(_places, language=str)


def below(places: Sequence[Place], section_id: int) -> list[int]:
    """The subjects of a part and of all that stands under it."""
    found: list[int] = []
    level = None
    for place in places:
        if level is not None and place.level <= level:
            break
        if place.section_id == section_id:
            level = place.level
        if level is not None:
            found.append(place.subject_id)
    return found


class ProposalSearch(forms.Form):
    """kind, section, state, ordering and q of an address; what is unknown is passed over."""

    q = forms.CharField(label=_("Search"), required=False, max_length=LONGEST)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *ProposalKind.choices]
    )
    section = forms.ChoiceField(label=_("Part of the text"), required=False, widget=SpokenSelect)
    state = forms.ChoiceField(label=_("Answer"), required=False, choices=_STATE_WORDS)
    ordering = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("support", _("Most supported")),
            ("newest", _("Newest")),
            ("discussed", _("Most discussed")),
            ("contested", _("Most contested")),
        ],
    )

    def __init__(self, data: Any, places: Sequence[Place]):
        super().__init__(data)
        self.places = places
        choices: list[tuple[str, Any]] = [
            (
                str(p.section_id),
                Localized("\u2003" * p.level + p.name.text[:90], p.name.language),
            )
            for p in places
        ]
        self.fields["section"].choices = [("", _("The whole text")), *choices]
        self.is_valid()

    def selects(self) -> list[SafeString]:
        """Its choices as HTML, what was asked for chosen."""
        return [
            select(name, str(field.label), field.choices, str(self.data.get(name, "")))
            for name, field in self.fields.items()
            if isinstance(field, forms.ChoiceField)
        ]

    @property
    def is_plain(self) -> bool:
        """Whether everything is asked for, in some order."""
        return not any(self.cleaned_data.get(name) for name in ("q", "kind", "section", "state"))

    @property
    def order(self) -> tuple[str, ...]:
        """The order that was asked for."""
        return ORDERINGS[self.cleaned_data.get("ordering") or "support"]

    def found(self, process: Process) -> tuple[SubjectQuerySet, tuple[str, ...]]:
        """The proposals asked for, and the order in which they stand. No query."""
        asked = self.cleaned_data
        rows = Subject.objects.standing().filter(process=process)
        kind = asked.get("kind")
        rows = rows.filter(kind=kind) if kind else rows.filter(kind__in=PROPOSAL_KINDS)
        if section := asked.get("section"):
            rows = rows.filter(parent__in=below(self.places, int(section)))
        if state := asked.get("state"):
            rows = rows.filter(STATES[state])
        if text := asked.get("q"):
            rows = rows.search(text, get_language() or "", *process.languages)
            if not asked.get("ordering"):
                return rows, ("-relevance", "-pk")
        if "-contest" in self.order:
            rows = rows.annotate(contest=CONTEST)
        return rows, self.order
