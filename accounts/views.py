"""The account page."""

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.forms import CloseAccountForm, ProfileForm, TokenForm
from accounts.kinds import VerificationLevel
from accounts.models import User
from accounts.profiles import forget_profile, kept_profile
from common.verdicts import Refused


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Name and language; ways to everything else about oneself."""
    user = User.objects.get(pk=request.user.pk)
    form = ProfileForm(_sent(request), instance=user)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(user, **form.cleaned_data)
        with translation.override(user.language):
            messages.success(request, _("Saved."))
            return redirect("accounts:account")
    status = 400 if form.is_bound else 200
    context = {
        "form": form,
        "checked": [
            VerificationLevel(level).label for level in sorted(request.user.verified_areas)
        ],
        "roles": list(user.memberships.select_related("organisation")),
        "mail_href": _mail_preferences(),
        "has_profile": kept_profile(user) is not None,
    }
    return render(request, "accounts/account.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Tokens for programs. A new one is shown once, on the answer to the POST."""
    form = TokenForm(_sent(request))
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            __, context["plain"] = actions.create_token(
                request.user, name=form.cleaned_data["name"]
            )
            context["form"] = TokenForm()
        except Refused as refusal:
            form.add_error(None, str(refusal.verdict.message))
    context["tokens"] = list(request.user.tokens.all())
    status = 400 if form.errors else 200
    return render(request, "accounts/tokens.html", context, status=status)


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    actions.revoke_token(request.user, token_id=token_id)
    messages.success(request, _("The token no longer works."))
    return redirect("accounts:tokens")


@login_required
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete what the person allowed to keep about themselves."""
    forget_profile(request.user)
    messages.success(request, _("It is deleted. Questionnaires will ask you anew."))
    return redirect("accounts:account")


@login_required
@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is the person's, as one JSON file."""
    text = json.dumps(
        actions.export_person(request.user), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2
    )
    response = HttpResponse(text, content_type="application/json")
    day = timezone.now().date().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{day}.json"'
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Say what closing does, ask for the password, close."""
    user = User.objects.get(pk=request.user.pk)
    form = CloseAccountForm(user, _sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_account(user)
        except Refused as refusal:
            form.add_error(None, str(refusal.verdict.message))
        else:
            logout(request)
            messages.success(request, _("Your account is closed."))
            return redirect("processes:front")
    status = 400 if form.errors else 200
    context = {"form": form}
    return render(request, "accounts/close.html", context, status=status)


def _sent(request: HttpRequest) -> QueryDict | None:
    """The fields of a POST, also when there are none."""
    return request.POST if request.method == "POST" else None


def _mail_preferences() -> str:
    """The page of an app above this one, or "" where it is not installed."""
    try:
        return reverse("notifications:preferences")
    except NoReverseMatch:
        return ""
