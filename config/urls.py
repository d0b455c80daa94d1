"""Addresses. Pages carry their language; the API, health and the administration do not."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from common import views
from config.start import gallery_for_makers, to_language

# Administrators sign in as everybody does: with the same limits and the same second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error

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
        path("gallery/", gallery_for_makers, name="gallery"),
        path("subjects/", include("deliberation.urls")),
        path("consultations/", include("consultations.urls")),
        path("polls/", include("voting.urls")),
        path("budgets/", include("budgets.urls")),
        path("desk/polls/", include("voting.desk.urls")),
        path("desk/budgets/", include("budgets.desk.urls")),
        path("desk/", include("consultations.desk.urls")),
        path("moderation/", include("moderation.urls")),
        path("", include("voting.booths.urls")),
        path("", include("notifications.urls")),
        path("", include("processes.urls")),
    ),
]
