"""The address without a language, and the gallery for those who make templates."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe

from common.gallery import gallery


@require_safe
def to_language(request: HttpRequest) -> HttpResponse:
    """To the front page in the language that the browser prefers and this site speaks."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def gallery_for_makers(request: HttpRequest) -> HttpResponse:
    """Every component in all its states: in development, and for administrators."""
    if not (settings.DEBUG or request.user.is_staff):
        raise Http404
    return gallery(request)
