"""Which projects a reader asks for."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import CharField, DecimalField, F, Func, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, Now
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from budgets.kinds import Stage
from budgets.models import Budget
from budgets.reading import Pot, Theme
from common.texts import Localized
from common.ui.choices import select
from processes.models import Subject, SubjectQuerySet
from processes.search import LONGEST

PARAMETERS = ("q", "stage", "category", "envelope", "order", "cursor")
# What costs nobody knows what stands behind all others.
_DEAREST, _NOTHING = (Value(n, DecimalField(max_digits=17, decimal_places=2)) for n in (10**14, 0))

_ORDERS = [
    ("random", _("Random, new each day")),
    ("newest", _("Newest")),
    ("support", _("Most support")),
    ("cheap", _("Lowest cost")),
    ("dear", _("Highest cost")),
]
ORDERINGS: dict[str, tuple[str, ...]] = {
    "random": ("shuffle", "-pk"),
    "newest": ("-pk",),
    "support": ("-signed", "-agree_count", "-pk"),
    "cheap": ("price", "-pk"),
    "dear": ("-price", "-pk"),
}


def stage_of(stage: str, budget: Budget) -> Q:
    """The rows of subjects whose project stands at a stage. Says in SQL what `Project.stage` says."""
    waits = Q(
        project__revision_asked_at__isnull=False,
        project__revised_at__isnull=True,
        project__revision_due_at__gt=Now(),
    )
    decided = Q(project__decided_at__isnull=False)
    unchosen = decided & Q(project__chosen_at__isnull=True, project__cancelled_at__isnull=True)
    ended = Q(project__cancelled_at__isnull=False) | Q(project__built_on__isnull=False)
    fresh = ~decided & ~waits & ~ended & Q(project__chosen_at__isnull=True)
    needed = budget.cosigners_needed
    feasible = unchosen & ~ended & Q(project__is_feasible=True)
    chosen = Q(project__chosen_at__isnull=False) & ~ended
    queries = {
        Stage.COSIGNING: fresh & Q(project__cosignature_count__lt=needed),
        Stage.PROPOSED: fresh & Q(project__cosignature_count__gte=needed),
        Stage.REVISION: ~decided & waits & ~ended & Q(project__chosen_at__isnull=True),
        Stage.NOT_FEASIBLE: unchosen & ~ended & Q(project__is_feasible=False),
        Stage.FEASIBLE: feasible,
        Stage.ON_BALLOT: feasible,
        Stage.NOT_CHOSEN: feasible,
        Stage.CHOSEN: chosen & Q(project__started_on__isnull=True),
        Stage.BUILDING: chosen & Q(project__started_on__isnull=False),
        Stage.BUILT: Q(project__built_on__isnull=False, project__cancelled_at__isnull=True),
        Stage.CANCELLED: Q(project__cancelled_at__isnull=False),
    }
    return queries[Stage(stage)]


def stages_for(budget: Budget) -> list[Stage]:
    """The stages at which projects of a budget can stand now, in order."""
    poll = budget.poll
    before = [Stage.COSIGNING] if budget.cosigners_needed else []
    before += [Stage.PROPOSED, Stage.REVISION]
    if poll.counted_at is not None:
        return [Stage.CHOSEN, Stage.BUILDING, Stage.BUILT, Stage.CANCELLED, Stage.NOT_CHOSEN,
                Stage.NOT_FEASIBLE]  # fmt: skip
    if poll.opened_at is not None:
        return [Stage.ON_BALLOT, Stage.NOT_FEASIBLE]
    return [*before, Stage.FEASIBLE, Stage.NOT_FEASIBLE]


def _by_support(rows: SubjectQuerySet, _day: str) -> SubjectQuerySet:
    return rows.annotate(signed=F("project__cosignature_count"))


def _by_cost(rows: SubjectQuerySet, _day: str) -> SubjectQuerySet:
    return rows.annotate(price=Coalesce("project__cost", "project__estimate", _DEAREST))


def _by_cost_known(rows: SubjectQuerySet, _day: str) -> SubjectQuerySet:
    return rows.annotate(price=Coalesce("project__cost", "project__estimate", _NOTHING))


def _by_lot(rows: SubjectQuerySet, day: str) -> SubjectQuerySet:
    text = Concat(Value(day, TextField()), Cast("pk", TextField()))
    return rows.annotate(shuffle=Func(text, function="md5", output_field=CharField()))


_ANNOTATED: dict[str, Callable[[SubjectQuerySet, str], SubjectQuerySet]] = {
    "random": _by_lot,
    "support": _by_support,
    "cheap": _by_cost,
    "dear": _by_cost_known,
}


def annotated(rows: SubjectQuerySet, order: str, day: str) -> SubjectQuerySet:
    """The rows with what the order looks at. `day` seeds the random one: "2026-11-24"."""
    annotate = _ANNOTATED.get(order)
    return annotate(rows, day) if annotate is not None else rows


class ProjectSearch(forms.Form):
    """q, stage, category, envelope and order of an address; what is unknown is passed over."""

    q = forms.CharField(label=_("Search"), required=False, max_length=LONGEST)
    stage = forms.ChoiceField(label=_("Where it stands"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    envelope = forms.ChoiceField(label=_("Envelope"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False, choices=_ORDERS)

    def __init__(self, data: Any, budget: Budget, pots: list[Pot], themes: list[Theme]):
        super().__init__(data)
        self.budget = budget
        stages: list[tuple[str, Any]] = [(s.value, s.label) for s in stages_for(budget)]
        self._offer("stage", [("", _("Any")), *stages])
        self._offer("category", [("", _("All")), *((t.key, t.title) for t in themes)])
        self._offer("envelope", [("", _("All")), *((p.key, p.title) for p in pots)])
        if not themes:
            del self.fields["category"]
        if len(pots) < 2:
            del self.fields["envelope"]
        self.is_valid()

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def selects(self) -> list[SafeString]:
        """Its choices as HTML, what was asked for chosen."""
        return [
            select(name, str(field.label), _plain(field.choices), str(self.data.get(name, "")))
            for name, field in self.fields.items()
            if isinstance(field, forms.ChoiceField)
        ]

    @property
    def is_plain(self) -> bool:
        """Whether everything is asked for, in some order."""
        names = ("q", "stage", "category", "envelope")
        return not any(self.cleaned_data.get(name) for name in names)

    @property
    def sorted_by(self) -> str:
        """The order that was asked for; by default a random one, so that nobody is always first."""
        return self.cleaned_data.get("order") or "random"

    def narrowed(self, rows: SubjectQuerySet) -> SubjectQuerySet:
        """The rows that are asked for. No query."""
        asked = self.cleaned_data
        if stage := asked.get("stage"):
            rows = rows.filter(stage_of(stage, self.budget))
        if category := asked.get("category"):
            rows = rows.filter(project__category__key=category)
        if envelope := asked.get("envelope"):
            rows = rows.filter(project__envelope__key=envelope)
        if text := asked.get("q"):
            rows = rows.search(text, get_language() or "", *self.budget.process.languages)
        return rows

    def found(self, day: str) -> tuple[SubjectQuerySet, tuple[str, ...]]:
        """The projects asked for, and the order in which they stand. No query."""
        rows = self.narrowed(standing_in(self.budget.pk))
        if self.cleaned_data.get("q") and not self.cleaned_data.get("order"):
            return rows, ("-relevance", "-pk")
        return annotated(rows.order_by(), self.sorted_by, day), ORDERINGS[self.sorted_by]


def _plain(choices: Any) -> list[tuple[str, Any]]:
    return [(key, text if isinstance(text, Localized) else str(text)) for key, text in choices]


def standing_in(budget_id: int) -> SubjectQuerySet:
    """The subjects of a budget's projects that stand."""
    return Subject.objects.standing().filter(
        project__budget=budget_id, project__merged_into__isnull=True
    )


def day_of(now: datetime) -> str:
    """What seeds the random order until midnight, UTC."""
    return now.date().isoformat()
