"""Which processes a reader asks for. Page and API use the same filter."""

from functools import cached_property, partial
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef, Subquery, Value
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Organisation
from common.texts import localized
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
        published = Process.objects.published()
        here = published.filter(area__path__startswith=OuterRef("path"))
        areas = Area.objects.filter(Exists(here))
        bodies = Organisation.objects.filter(Exists(published.filter(organisation=OuterRef("pk"))))
        topics = Topic.objects.filter(Exists(published.filter(topics=OuterRef("pk"))))
        rows = (
            areas.order_by()
            .values_list(Value("area"), "slug", "name", "path")
            .union(
                bodies.order_by().values_list(Value("organisation"), "slug", "name", Value("")),
                topics.order_by().values_list(Value("topic"), "slug", "name", Value("")),
                all=True,
            )
        )
        found: dict[str, list[tuple[str, str]]] = {name: [] for name in _MODELS}
        for group, slug, name, path in sorted(rows, key=_in_tree):
            depth = max(path.count(".") - 1, 0)
            found[group].append((slug, "\u2003" * depth + localized(name).text))
        return found

    def of(self, group: str) -> list[tuple[str, str]]:
        return [("", str(_ANY[group])), *self._rows[group]]


def _in_tree(row: tuple[str, str, dict[str, str], str]) -> tuple[Any, ...]:
    """Areas stand in the order of their tree, the others by name."""
    _group, _slug, name, path = row
    return [int(part) for part in path.split(".") if part], localized(name).text.casefold()


class SlugField(forms.CharField):
    """The slug of an area, body or topic that exists. `choices` is set by the filter."""

    widget = forms.Select
    choices: Choices
    group: str

    def offer(self, choices: Choices, group: str) -> None:
        """Let people choose from these; they are read when the first select is drawn."""
        self.choices, self.group = choices, group
        self.widget.choices = partial(choices.of, group)

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
                form.fields[group].offer(self.choices, group)
        return form

    def with_status(self, rows: ProcessQuerySet, _name: str, value: str) -> ProcessQuerySet:
        return rows.with_status().filter(status=value)

    def in_area(self, rows: ProcessQuerySet, _name: str, value: str) -> ProcessQuerySet:
        path = Area.objects.filter(slug=value).values("path")
        return rows.filter(area__path__startswith=Subquery(path))

    def matching(self, rows: ProcessQuerySet, _name: str, value: str) -> ProcessQuerySet:
        languages = [get_language() or settings.LANGUAGE_CODE, *dict(settings.LANGUAGES)]
        return rows.search(value, *languages)
