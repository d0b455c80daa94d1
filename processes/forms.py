"""What describes a process of any kind, as a form at its desk."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Area
from common.texts import localized
from processes.fields import AreaField, ByLanguage, area_choices, long_text, short_text
from processes.models import Topic


class DescribeForm(ByLanguage):
    """Title, summary and description once per language; area and topics."""

    texts = {
        "title": short_text(
            _("Title"),
            required=True,
            error_messages={"required": _("Give it a title in this language.")},
        ),
        "summary": long_text(
            _("In two sentences"),
            3,
            max_length=1000,
            help_text=_("It stands on the front page, under the title."),
        ),
        "about": long_text(_("What it is about"), 10),
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"] = AreaField(
            label=_("Area"), choices=area_choices(_("No area in particular"))
        )
        self.topics = {topic.pk: topic for topic in Topic.objects.all()}
        if self.topics:
            self.fields["topics"] = forms.TypedMultipleChoiceField(
                label=_("Topics"),
                coerce=int,
                required=False,
                choices=[(pk, localized(topic.name).text) for pk, topic in self.topics.items()],
                widget=forms.CheckboxSelectMultiple,
            )

    def picked_topics(self) -> list[Topic]:
        return [self.topics[pk] for pk in self.cleaned_data.get("topics") or []]

    def picked_area(self) -> Area | None:
        """The area that was chosen, or None. One query."""
        pk = self.cleaned_data.get("area")
        return Area.objects.filter(pk=pk).first() if pk else None


class ChosenLanguages(ByLanguage):
    """Stands before a `DescribeForm` whose languages can still be chosen; texts are asked in all."""

    use_required_attribute = False  # fields of languages that are not chosen may stay empty
    languages_help: str | Promise = ""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, languages=[code for code, _name in settings.LANGUAGES], **kwargs)
        self.fields["languages"] = forms.MultipleChoiceField(
            label=_("Languages"),
            choices=settings.LANGUAGES,
            widget=forms.CheckboxSelectMultiple,
            help_text=self.languages_help,
            error_messages={"required": _("Choose at least one language.")},
        )
        self.order_fields(self.field_order)
        if self.is_bound:
            sent = self["languages"].data or []
            for code in self.codes:
                self.fields[f"title_{code}"].required = code in sent

    def by_language(self, name: str) -> dict[str, str]:
        chosen = self.cleaned_data["languages"]
        return {c: text for c, text in super().by_language(name).items() if c in chosen}


class ForBody(forms.Form):
    """Stands before the form of a process that does not exist yet: it asks for its public body."""

    def __init__(self, *args: Any, bodies: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = forms.TypedChoiceField(
            label=_("Public body"), coerce=int, choices=bodies
        )
        self.order_fields(self.field_order)
