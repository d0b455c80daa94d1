"""Who one is, for programs."""

from typing import Any

from django.urls import path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Organisation, User
from accounts.permissions import is_signed_in
from common.verdicts import require


class BearerScheme(OpenApiAuthenticationExtension):
    """How the schema names the bearer token."""

    target_class = "accounts.tokens.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class RoleSerializer(serializers.Serializer[Any]):
    organisation = serializers.SlugField()
    role = serializers.CharField()


class MeSerializer(serializers.ModelSerializer[User]):
    roles = RoleSerializer(many=True)
    verified = serializers.ListField(child=serializers.CharField())
    is_moderator = serializers.BooleanField()

    class Meta:
        model = User
        fields = (
            "id",
            "email",
            "name",
            "language",
            "joined_at",
            "is_moderator",
            "roles",
            "verified",
        )


class Me(APIView):
    @extend_schema(operation_id="me", responses=MeSerializer, tags=["me"])
    def get(self, request: Request) -> Response:
        """The person who asks: address, name, language, roles, what was checked."""
        user = request.user
        require(is_signed_in(user))
        slugs = Organisation.objects.filter(pk__in=user.roles).values_list("pk", "slug")
        return Response(
            {
                "id": user.pk,
                "email": user.email,
                "name": user.name,
                "language": user.language,
                "joined_at": user.joined_at,
                "is_moderator": user.is_moderator,
                "roles": [{"organisation": slug, "role": user.roles[pk]} for pk, slug in slugs],
                "verified": sorted(user.verified_areas),
            }
        )


urlpatterns = [path("me/", Me.as_view(), name="me")]
