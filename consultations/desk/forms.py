"""Forms of the desk."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.kinds import Role
from answers.kinds import Decision, RuleKind
from common.forms import LongText
from common.html import clean_text
from consultations.desk.fields import LARGEST_TEXT, DraftFile
from consultations.kinds import SectionKind
from processes.fields import ByLanguage, MomentField, long_text
from processes.forms import ChosenLanguages, DescribeForm, ForBody
from processes.phase_forms import ReasonForm


class LanguagesForm(ChosenLanguages, DescribeForm):
    """What describes a consultation whose languages can still be chosen."""

    field_order = ("languages",)
    languages_help = gettext_lazy(
        "In which languages the consultation speaks. The first one leads."
    )


class NewConsultationForm(ForBody, LanguagesForm):
    """A consultation that does not exist yet: its public body as well."""

    field_order = ("organisation", "languages")


class DraftAboutForm(LanguagesForm):
    """What describes a consultation that is not published. To take a language out, with all that is
    written in it, is confirmed first: `losing` says what that would be, {code: sentence}."""

    def __init__(self, *args: Any, losing: dict[str, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.losing = losing
        self.fields["confirmed"] = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = data.get("languages")
        lost = [text for code, text in self.losing.items() if chosen and code not in chosen]
        if lost and not data.get("confirmed"):
            self.fields["confirmed"] = forms.BooleanField(
                label=_("Throw this away"), required=False
            )
            for text in lost:
                self.add_error("languages", text)
        return data


class DraftForm(forms.Form):
    """A whole text, pasted or as a file, in one language."""

    language = forms.ChoiceField(label=gettext_lazy("Language of the text"))
    file = DraftFile(
        label=gettext_lazy("A file"),
        required=False,
        help_text=gettext_lazy("Markdown or plain text (.md, .txt), UTF-8, at most 2 megabytes."),
        widget=forms.ClearableFileInput(attrs={"accept": ".md,.markdown,.txt,text/plain"}),
    )
    text = LongText(
        label=gettext_lazy("The text"), rows=24, required=False, max_length=LARGEST_TEXT
    )

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        names = dict(settings.LANGUAGES)
        self.fields["language"].choices = [(code, names.get(code, code)) for code in languages]
        if len(languages) == 1:
            self.fields["language"].widget = forms.HiddenInput()
            self.fields["language"].initial = languages[0]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["text"] = data.get("file") or clean_text(data.get("text") or "")
        if not data["text"].strip() and not self.errors:
            raise forms.ValidationError(_("Paste the text, or choose a file."))
        return data


class PartForm(forms.Form):
    """One part of the text."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=SectionKind.choices)
    label = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("As the text calls it: Article 9, Title II, § 5."),
    )
    number = forms.CharField(
        label=gettext_lazy("Number alone"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("9, II, 5: by it the part is found again in the next version."),
    )
    heading = forms.CharField(
        label=gettext_lazy("Heading"), max_length=settings.TITLE_LIMIT, required=False
    )
    body = LongText(label=gettext_lazy("Text"), rows=14, required=False)
    explanation = LongText(label=gettext_lazy("Explanation"), rows=5, required=False)


class LawForm(forms.Form):
    """What a part changes in existing law, one place of it."""

    title = forms.CharField(
        label=gettext_lazy("Which law, which article"),
        max_length=settings.TITLE_LIMIT,
        required=False,
    )
    before = LongText(label=gettext_lazy("As it is now"), rows=5, required=False)
    after = LongText(label=gettext_lazy("As it would be"), rows=5, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("title") and not (data.get("before") or data.get("after")):
            raise forms.ValidationError(
                _("Write what stands there now, or what would stand there.")
            )
        return data

    @property
    def pair(self) -> tuple[str, str, str] | None:
        data = self.cleaned_data
        pair = (data.get("title", ""), data.get("before", ""), data.get("after", ""))
        return pair if any(pair[1:]) else None


LawForms = forms.formset_factory(LawForm, extra=0, max_num=60, absolute_max=60)


class ExtendForm(ReasonForm):
    """A later end of one phase."""

    phase = forms.TypedChoiceField(label=gettext_lazy("Phase"), coerce=int)
    closes_at = MomentField(label=gettext_lazy("New end"))
    field_order = ("phase", "closes_at", "reason")

    def __init__(self, *args: Any, phases: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["phase"].choices = phases


class PromiseForm(forms.Form):
    rule = forms.ChoiceField(
        label=gettext_lazy("Who is owed a reasoned answer"),
        choices=RuleKind.choices,
        widget=forms.RadioSelect,
        initial=RuleKind.TOP,
        error_messages={"required": gettext_lazy("Choose a rule.")},
    )
    number = forms.IntegerField(
        label=gettext_lazy("Number"),
        min_value=1,
        max_value=1_000_000,
        initial=10,
        help_text=gettext_lazy("How many contributions, or how much support."),
    )
    due_at = MomentField(label=gettext_lazy("Answered by"))


class CloseForm(forms.Form):
    reason = LongText(
        label=gettext_lazy("Why it closes"),
        rows=3,
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Everyone reads it. Needed only when it closes before its time."),
    )


class ResultsForm(ByLanguage):
    texts = {
        "summary": long_text(
            gettext_lazy("What became of it"),
            5,
            max_length=4000,
            help_text=gettext_lazy("One or two sentences that open the page of results."),
        )
    }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"summary_{code}") for code in self.codes) and not self.errors:
            self.add_error(f"summary_{self.codes[0]}", _("Say in a sentence what became of it."))
        return data


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a decision.")},
    )
    body = LongText(
        label=gettext_lazy("The reason"),
        rows=10,
        help_text=gettext_lazy(
            "Its author gets it by mail, and everyone reads it. You may use Markdown."
        ),
        error_messages={"required": gettext_lazy("Give a reason. People are owed one.")},
    )


class NoteForm(ByLanguage):
    """What is new in a version, by language."""

    texts = {"note": long_text(gettext_lazy("What is new in this version"), 3, max_length=2000)}


class PersonForm(forms.Form):
    """Somebody who has an account here, by e-mail address."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("Of somebody who has an account here."),
    )


class ResidentForm(PersonForm):
    """Where a person lives. Areas are those of the public body."""

    def __init__(self, *args: Any, areas: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"] = forms.TypedChoiceField(label=_("Lives in"), coerce=int, choices=areas)
        self.fields["checked"] = forms.BooleanField(
            label=_("I have seen a document that shows who the person is and where they live."),
            error_messages={"required": _("Check it first, then tick this.")},
        )


class RoleForm(PersonForm):
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=Role.choices, widget=forms.RadioSelect
    )
