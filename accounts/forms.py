"""Forms about oneself."""

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.html import clean_text

NAME_LIMIT = 120


class NameField(forms.CharField):
    """The name under which a person takes part: one line, no controls."""

    def __init__(self, **options: Any):
        options.setdefault("label", _("Name"))
        options.setdefault(
            "help_text", _("Shown beside what you write. It need not be your full name.")
        )
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "name"}))
        super().__init__(max_length=NAME_LIMIT, **options)

    def clean(self, value: Any) -> str:
        return " ".join(clean_text(super().clean(value)).split())


class LanguageField(forms.ChoiceField):
    def __init__(self, **options: Any):
        options.setdefault("label", _("Language"))
        options.setdefault("help_text", _("Letters and notices reach you in this language."))
        super().__init__(choices=settings.LANGUAGES, **options)


class PlainFields:
    """allauth's fields under our labels, without placeholders, which vanish as one types."""

    labels: ClassVar[dict[str, Any]] = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "password": _("Password"),
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            if name == "password1":
                field.help_text = _("At least 10 characters. Three or four words make a good one.")


class LoginForm(PlainFields, allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = format_html(
            '<a href="{}">{}</a>', reverse("account_reset_password"), _("Forgot the password?")
        )


class AddEmailForm(PlainFields, allauth_forms.AddEmailForm):
    labels: ClassVar[dict[str, Any]] = {"email": _("New e-mail address")}


class ChangePasswordForm(PlainFields, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(PlainFields, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordForm(PlainFields, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(PlainFields, allauth_forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(PlainFields, allauth_forms.ReauthenticateForm):
    pass


class SignupForm(PlainFields, allauth_forms.SignupForm):
    """E-mail address, password, name and language."""

    name = NameField()
    language = LanguageField()
    field_order = ("email", "password1", "name", "language")
    labels: ClassVar[dict[str, Any]] = {"email": _("E-mail address"), "password1": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language()

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """As allauth does; and where two sign up with one address at once, the second is told by
        mail, as if the account had been there before."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class ProfileForm(forms.ModelForm):
    """Name and language."""

    name = NameField()
    language = LanguageField()

    class Meta:
        model = User
        fields = ("name", "language")


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What is it for?"),
        max_length=80,
        help_text=_("A word that lets you recognise it later."),
    )


class CloseAccountForm(forms.Form):
    """Closing cannot be undone, so it asks for the password."""

    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, data: Any = None):
        super().__init__(data)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."), code="wrong_password")
        return password
