"""Wishes about mail."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.texts import localized
from common.ui.tongues import marked
from notifications import actions
from processes.models import Process


class PreferencesForm(forms.Form):
    """`wants_mail` for all; `processes` those that mail is wanted about."""

    wants_mail = forms.BooleanField(
        label=_("Send me letters and answers by e-mail"),
        help_text=_("Without e-mail, everything is still in your inbox on this site."),
        required=False,
    )
    processes = forms.MultipleChoiceField(
        label=_("What you took part in"),
        help_text=_("Take the tick away to get no e-mail about it."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, data: Any = None, *, processes: Sequence[Process], ended: set[int | None]
    ) -> None:
        """`ended` holds the ids of processes without mail, and None where all mail is off."""
        initial = {
            "wants_mail": None not in ended,
            "processes": [str(row.pk) for row in processes if row.pk not in ended],
        }
        super().__init__(data, initial=initial)
        self._ended = ended
        self._ids = [row.pk for row in processes]
        self.fields["processes"].choices = [  # type: ignore[attr-defined]
            (str(row.pk), marked(localized(row.title))) for row in processes
        ]
        if not processes:
            del self.fields["processes"]

    def apply(self, user: Any) -> None:
        """Write what changed."""
        self._set(user, None, wanted=self.cleaned_data["wants_mail"])
        chosen = {int(pk) for pk in self.cleaned_data.get("processes", ())}
        for pk in self._ids:
            self._set(user, pk, wanted=pk in chosen)

    def _set(self, user: Any, process_id: int | None, *, wanted: bool) -> None:
        if wanted and process_id in self._ended:
            actions.resume_mail(user, process_id=process_id)
        elif not wanted and process_id not in self._ended:
            actions.stop_mail(user, process_id=process_id)


class StopForm(forms.Form):
    """What the link in a mail offers."""

    CHOICES = (
        ("process", _("No e-mail about this any more")),
        ("all", _("No e-mail at all any more")),
        ("resume", _("Go on as before")),
    )
    choice = forms.ChoiceField(
        label=_("What do you wish?"), choices=CHOICES, widget=forms.RadioSelect, initial="process"
    )

    def apply(self, choice: str, *, user: Any, process_id: int) -> None:
        """Do what was chosen; "resume" takes both other choices back."""
        if choice == "resume":
            actions.resume_mail(user, process_id=process_id)
            actions.resume_mail(user, process_id=None)
        else:
            actions.stop_mail(user, process_id=process_id if choice == "process" else None)
