"""Which proposals a reader asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.db.models.functions import Least, Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from answers.kinds import Decision
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
    name: str


def places_of(version: Version | None, language: str) -> list[Place]:
    """All parts and articles of a version in reading order. One query."""
    if version is None:
        return []
    rows = (
        Wording.objects.filter(version=version, language=language)
        .order_by("order")
        .values_list("section_id", "section__subject_id", "level", "label", "number", "heading")
    )
    return [
        Place(section_id, subject_id, level, " – ".join(filter(None, (label or number, heading))))
        for section_id, subject_id, level, label, number, heading in rows
    ]


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
    section = forms.ChoiceField(label=_("Part of the text"), required=False)
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
        choices = [(str(p.section_id), "\u2003" * p.level + p.name[:90]) for p in places]
        self.fields["section"].choices = [("", _("The whole text")), *choices]
        self.is_valid()

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
        ordering = asked.get("ordering") or ""
        if text := asked.get("q"):
            rows = rows.search(text, get_language() or "", *process.languages)
            if not ordering:
                return rows, ("-relevance", "-pk")
        if ordering == "contested":
            rows = rows.annotate(contest=Least("agree_count", "disagree_count"))
        return rows, ORDERINGS[ordering or "support"]
