"""Forms of the desk of budgets: what describes a budget, conflicts, assessors, its map, its end."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Group
from budgets.actions.conflicts import LONGEST_REASON
from budgets.models import Project
from budgets.places import LARGEST
from common.forms import LongText
from common.texts import localized
from processes.fields import long_text
from processes.forms import ChosenLanguages, DescribeForm, ForBody


class AboutForm(DescribeForm):
    """What describes a budget."""

    texts = {
        **DescribeForm.texts,
        "about": long_text(
            gettext_lazy("What it is about"),
            10,
            help_text=gettext_lazy(
                "What the money may be spent on, what it may not, and who carries projects out."
            ),
        ),
    }


class LanguagesForm(ChosenLanguages, AboutForm):
    """What describes a budget whose languages can still be chosen: it is not published."""

    field_order = ("languages",)
    languages_help = gettext_lazy(
        "In which languages the budget speaks. The first one leads. What is written in a language "
        "that you take out is kept, but not shown."
    )


class NewBudgetForm(ForBody, LanguagesForm):
    """A budget that does not exist yet: its public body as well."""

    field_order = ("organisation", "languages")


class ConflictForm(forms.Form):
    """Projects that exclude one another. They are offered by envelope."""

    projects = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Projects of which at most one can be chosen"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least two projects.")},
    )
    reason = LongText(
        label=gettext_lazy("Why they exclude one another"),
        rows=3,
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Everyone reads it, such as “Both would stand on the same ground”."),
        error_messages={"required": gettext_lazy("Say why they exclude one another.")},
    )

    def __init__(self, *args: Any, projects: Sequence[Project], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.projects_by_id = {project.pk: project for project in projects}
        self.fields["projects"].choices = [
            (name, [(one.pk, f"{one.number}. {one.subject.shown.text}") for one in rows])
            for name, rows in groupby(projects, key=lambda p: localized(p.envelope.title).text)
            for rows in [list(rows)]
        ]

    def picked(self) -> list[Project]:
        return [self.projects_by_id[pk] for pk in self.cleaned_data["projects"]]


class AssessorForm(forms.Form):
    """A person, by e-mail address."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy(
            "Of somebody who has an account here, in your public body or elsewhere."
        ),
    )


class AssessorGroupForm(forms.Form):
    """A group of the public body."""

    def __init__(self, *args: Any, groups: Sequence[Group], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.groups_by_id = {group.pk: group for group in groups}
        self.fields["group"] = forms.TypedChoiceField(
            label=_("Group"), coerce=int, choices=[(group.pk, group.name) for group in groups]
        )


class BoundariesForm(forms.Form):
    """A GeoJSON file."""

    file = forms.FileField(
        label=gettext_lazy("A GeoJSON file"),
        help_text=gettext_lazy(
            "Boundaries of districts or of the town, in degrees (WGS 84), at most 2 megabytes. Of "
            "their data only the names are kept."
        ),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".geojson,.json,application/geo+json,application/json"}
        ),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def clean_file(self) -> bytes:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than 2 megabytes. Simplify its lines first.")
            )
        return bytes(upload.read())


class CloseForm(forms.Form):
    """Why a budget ends before its time."""

    reason = LongText(
        label=gettext_lazy("Why it ends"),
        rows=3,
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Everyone reads it, and who took part is told."),
    )
