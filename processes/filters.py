"""Which processes a reader asks for. Page and API use the same filter."""

from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Organisation
from common.prepared import Prepared
from common.texts import localized
from common.ui.choices import select
from processes.kinds import ProcessKind, Status
from processes.models import Process, ProcessQuerySet, Topic
from processes.search import LONGEST

_MODELS = {"area": Area, "organisation": Organisation, "topic": Topic}
_ANY = {"area": _("Everywhere"), "organisation": _("All public bodies"), "topic": _("All topics")}


class Choices:
    """Areas (where something is, or below), public bodies and topics to choose from, by slug.

    One query for all three, made when the first is looked at.
    """

    @cached_property
    def _rows(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {name: [] for name in _MODELS}
        for row in sorted(_IN_USE.all(), key=_in_tree):
            depth = max(row["tree"].count(".") - 1, 0)
            name = "\u2003" * depth + localized(row["name"]).text
            found[row["group"]].append((row["slug"], name))
        return found

    def of(self, group: str) -> list[tuple[str, str]]:
        return [("", str(_ANY[group])), *self._rows[group]]


def _in_tree(row: dict[str, Any]) -> tuple[Any, ...]:
    """Areas stand in the order of their tree, the others by name."""
    numbers = [int(part) for part in row["tree"].split(".") if part]
    return numbers, localized(row["name"]).text.casefold()


def _in_use() -> QuerySet[Any, Any]:
    """Areas, bodies and topics of what is published, each with its group."""
    published = Process.objects.published()
    here = published.filter(area__path__startswith=OuterRef("path"))
    bodies = Organisation.objects.filter(Exists(published.filter(organisation=OuterRef("pk"))))
    topics = Topic.objects.filter(Exists(published.filter(topics=OuterRef("pk"))))
    areas = Area.objects.filter(Exists(here)).order_by()
    return areas.values("slug", "name", group=Value("area"), tree=F("path")).union(
        bodies.order_by().values("slug", "name", group=Value("organisation"), tree=Value("")),
        topics.order_by().values("slug", "name", group=Value("topic"), tree=Value("")),
        all=True,
    )


_IN_USE: Prepared[dict[str, Any]] = Prepared(_in_use)


class SlugField(forms.CharField):
    """The slug of an area, body or topic that exists. `choices` is set by the filter."""

    choices: Choices
    group: str

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value or any(slug == value for slug, _name in self.choices.of(self.group)):
            return
        if not _MODELS[self.group].objects.filter(slug=value).exists():  # type: ignore[attr-defined]
            raise forms.ValidationError(_("There is no “%(slug)s”."), params={"slug": value})


class SlugFilter(django_filters.CharFilter):
    field_class = SlugField


class ProcessFilter(django_filters.FilterSet):
    """kind, status, area (with all below it), organisation, topic: by word or slug; q: a search."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=ProcessKind.choices, empty_label=_("All kinds")
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=Status.choices, method="with_status"
    )
    area = SlugFilter(label=_("Area"), method="in_area", max_length=50)
    organisation = SlugFilter(
        label=_("Public body"), field_name="organisation__slug", max_length=50
    )
    topic = SlugFilter(label=_("Topic"), field_name="topics__slug", max_length=50)
    q = django_filters.CharFilter(label=_("Search"), method="matching", max_length=LONGEST)

    class Meta:
        model = Process
        fields: tuple[str, ...] = ()

    @property
    def form(self) -> forms.Form:
        """The form; its selects offer what there is to choose from."""
        form = super().form
        if not hasattr(self, "choices"):
            self.choices = Choices()
            for group in _MODELS:
                form.fields[group].choices, form.fields[group].group = self.choices, group
        return form

    def selects(self) -> list[SafeString]:
        """The choices of area, body, kind and topic as HTML, what was asked for chosen."""
        fields = self.form.fields
        offered = {group: self.choices.of(group) for group in _MODELS}
        offered["kind"] = list(fields["kind"].choices)
        return [
            select(
                name,
                str(fields[name].label),
                offered[name],
                self.data.get(name, ""),
                " ".join(self.form.errors.get(name, [])),
            )
            for name in ("area", "organisation", "kind", "topic")
        ]

    def with_status(self, rows: ProcessQuerySet, _name: str, value: str) -> ProcessQuerySet:
        return rows.with_status().filter(status=value)

    def in_area(self, rows: ProcessQuerySet, _name: str, value: str) -> ProcessQuerySet:
        path = Area.objects.filter(slug=value).values("path")
        return rows.filter(area__path__startswith=Subquery(path))

    def matching(self, rows: ProcessQuerySet, _name: str, value: str) -> ProcessQuerySet:
        languages = [get_language() or settings.LANGUAGE_CODE, *dict(settings.LANGUAGES)]
        return rows.search(value, *languages)
