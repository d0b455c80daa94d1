"""Addresses. Pages carry their language; the API, health and the administration do not."""

from importlib.util import find_spec

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLResolver, include, path

from common import views
from config.start import to_language

# Administrators sign in as everybody does: with the same limits and the same second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error


def _pages(prefix: str, module: str) -> list[URLResolver]:
    """Until every app has its pages: those that exist."""
    try:
        found = find_spec(module) is not None
    except ModuleNotFoundError:
        found = False
    return [path(prefix, include(module))] if found else []


urlpatterns = [
    path("", to_language, name="start"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("config.api")),
    path("healthz/live", views.live, name="live"),
    path("healthz/ready", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
    path("robots.txt", views.robots, name="robots"),
    *i18n_patterns(
        path("accounts/", include("allauth.account.urls")),
        path("account/", include("accounts.urls")),
        *_pages("subjects/", "deliberation.urls"),
        *_pages("desk/", "consultations.desk.urls"),
        *_pages("consultations/", "consultations.urls"),
        *_pages("moderation/", "moderation.urls"),
        *_pages("", "notifications.urls"),
        *_pages("", "processes.urls"),
    ),
]
