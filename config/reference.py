"""The API's schema, and a page that explains it to people. Both are computed once per language."""

from functools import lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

METHODS = ("get", "post", "put", "patch", "delete")


class Field(NamedTuple):
    """A parameter or a member of a body or an answer."""

    name: str
    kind: str
    required: bool
    description: str


class Operation(NamedTuple):
    """One thing a program can ask for."""

    id: str
    method: str
    path: str
    description: str
    parameters: list[Field]
    body: list[Field]
    answer: list[Field]
    statuses: list[tuple[str, str]]


@extend_schema(exclude=True)
class SchemaView(APIView):
    """OpenAPI 3.1, as JSON unless YAML is asked for."""

    authentication_classes = ()
    renderer_classes = (
        OpenApiJsonRenderer,
        OpenApiJsonRenderer2,
        OpenApiYamlRenderer,
        OpenApiYamlRenderer2,
    )

    def get(self, request: Request) -> Response:
        return Response(schema_in(get_language() or "en"))


@require_safe
@cache_control(public=True, max_age=300)
def reference(request: HttpRequest) -> HttpResponse:
    """The page; a program that does not want HTML is told where the schema is."""
    if not request.accepts("text/html"):
        return JsonResponse({"schema": reverse("schema"), "reference": request.path})
    operations = operations_in(get_language() or "en")
    groups: dict[str, list[Operation]] = {}
    for operation in operations:
        groups.setdefault(operation.path.split("/")[3] or "api", []).append(operation)
    context = {
        "groups": groups,
        "schema_href": reverse("schema"),
        "site_url": f"{request.scheme}://{request.get_host()}",
    }
    return render(request, "api/reference.html", context)


@lru_cache(maxsize=8)
def schema_in(language: str) -> dict[str, Any]:
    """The whole schema with descriptions in `language`. It depends on no person."""
    with override(language):
        schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


@lru_cache(maxsize=8)
def operations_in(language: str) -> list[Operation]:
    """The schema's operations, flat, for the page."""
    schema = schema_in(language)
    return [
        _operation(schema, path, method, item[method])
        for path, item in sorted(schema["paths"].items())
        for method in METHODS
        if method in item
    ]


def _operation(schema: dict[str, Any], path: str, method: str, item: dict[str, Any]) -> Operation:
    parameters = [
        Field(
            p["name"], _kind(p["schema"]), p.get("required", False), str(p.get("description", ""))
        )
        for p in item.get("parameters", [])
    ]
    responses = {str(status): response for status, response in item["responses"].items()}
    good = next((r for status, r in sorted(responses.items()) if status.startswith("2")), {})
    return Operation(
        item["operationId"],
        method.upper(),
        path,
        str(item.get("description", "")),
        parameters,
        _members(schema, item.get("requestBody", {})),
        _members(schema, good),
        [(status, str(r.get("description", ""))) for status, r in sorted(responses.items())],
    )


def _members(schema: dict[str, Any], holder: dict[str, Any]) -> list[Field]:
    """The members of a body or an answer; those of one item where it is a list or a page."""
    content = next(iter(holder.get("content", {}).values()), {})
    shape = _resolve(schema, content.get("schema", {}))
    if "results" in shape.get("properties", {}):
        shape = shape["properties"]["results"]
    if shape.get("type") == "array":
        shape = _resolve(schema, shape["items"])
    required = shape.get("required", [])
    return [
        Field(
            name,
            _kind(_resolve(schema, member)),
            name in required,
            str(member.get("description", "")),
        )
        for name, member in shape.get("properties", {}).items()
    ]


def _resolve(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference, alone or the first one of what is put together."""
    for part in (shape, *shape.get("allOf", [])[:1], *shape.get("oneOf", [])[:1]):
        if "$ref" in part:
            name = part["$ref"].rpartition("/")[2]
            found: dict[str, Any] = schema["components"]["schemas"][name]
            return found
    return shape


def _kind(shape: dict[str, Any]) -> str:
    """A type in a few words: "agree | mixed | disagree", "integer", "string (uri)"."""
    if "enum" in shape:
        return " | ".join(str(value) for value in shape["enum"] if value is not None)
    kind = shape.get("type") or ("object" if "properties" in shape else "any")
    text = " | ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{text} ({shape['format']})" if "format" in shape else text
