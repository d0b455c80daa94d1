"""What allauth asks of us: where a name comes from, in whose language a mail is written."""

from smtplib import SMTPException
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts.models import User

_log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _("The address or the password is not correct."),
        "email_taken": _("There is an account with this address already."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link is too old or was used already."),
        "too_many_login_attempts": _("Too many attempts. Please wait a few minutes."),
        "rate_limited": _("Too many attempts. Please wait a few minutes."),
    }

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Keep the name and the language that the sign-up form asked for."""
        user.name = form.cleaned_data.get("name", "")
        user.language = form.cleaned_data.get("language") or get_language() or ""
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send in the person's language. When the mail server is away, say so and do not fail."""
        user = context.get("user")
        language = user.language if isinstance(user, User) else get_language()
        links = {
            name: translate_url(link, language)
            for name, link in context.items()
            if name.endswith("_url")
        }
        context = {"site_name": settings.SITE_NAME, **context, **links}
        try:
            with override(language):
                super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            _log.error("mail_not_sent", template=template_prefix, error=type(error).__name__)
            if self.request is not None:
                sentence = _("The e-mail could not be sent just now. Please try again later.")
                messages.error(self.request, sentence)

    def get_client_ip(self, request: HttpRequest) -> str:
        """For rate limits. Behind a socket without a forwarded address all people share one."""
        from_proxy = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
        return from_proxy.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR") or "local"
