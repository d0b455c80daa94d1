"""Who one is, for programs; public bodies and areas."""

from typing import Any

from django.db.models import F
from django.urls import path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Area, Organisation
from accounts.serializers import (
    AreaInTreeSerializer,
    MeSerializer,
    OrganisationSerializer,
    area_in_tree_row,
    me_row,
    organisation_row,
)
from common.resources import Own, Resource


class BearerScheme(OpenApiAuthenticationExtension):
    """How the schema names the bearer token."""

    target_class = "accounts.tokens.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class Me(Own):
    @extend_schema(operation_id="me", responses=MeSerializer, tags=["me"])
    def get(self, request: Request) -> Response:
        """The person who asks: address, name, language, roles, what was checked."""
        user = request.user
        slugs = dict(Organisation.objects.filter(pk__in=user.roles).values_list("pk", "slug"))
        return Response(me_row(user, slugs))


class Organisations(Resource):
    @extend_schema(
        operation_id="organisations", responses=OrganisationSerializer(many=True), tags=["bodies"]
    )
    def get(self, request: Request) -> Response:
        """All public bodies, by slug."""
        return self.page(Organisation.objects.all(), organisation_row, ordering=["slug"])


class Areas(Resource):
    @extend_schema(operation_id="areas", responses=AreaInTreeSerializer(many=True), tags=["bodies"])
    def get(self, request: Request) -> Response:
        """All areas, by slug. A filter by an area finds all that lies below it too."""
        rows = Area.objects.annotate(parent_slug=F("parent__slug"))
        return self.page(rows, area_in_tree_row, ordering=["slug"])


urlpatterns = [
    path("me/", Me.as_view(), name="me"),
    path("organisations/", Organisations.as_view(), name="api-organisations"),
    path("areas/", Areas.as_view(), name="api-areas"),
]
