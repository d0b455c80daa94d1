"""What every operation of the API has in common: one shape of error, strict bodies, its schema."""

import math
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from common.refusals import PROBLEM_TYPE, problem
from common.verdicts import Refused

_PLAIN_CODES = {
    400: "bad_request",
    401: "sign_in_first",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}
_JSON_TYPES: tuple[tuple[type[serializers.Field], tuple[type, ...], str | Promise], ...] = (
    (serializers.BooleanField, (bool,), _("This must be true or false.")),
    (serializers.IntegerField, (int,), _("This must be a whole number.")),
    (serializers.FloatField, (int, float), _("This must be a number.")),
    (serializers.PrimaryKeyRelatedField, (int,), _("This must be a whole number.")),
    (serializers.SlugRelatedField, (str,), _("This must be a text.")),
    (serializers.ChoiceField, (str,), _("This must be a text.")),
    (serializers.CharField, (str,), _("This must be a text.")),
)


class StrictSerializer(serializers.Serializer[Any]):
    """A request body: members that it does not know and values of another JSON type are refused."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            errors = dict(self._unknown(data)) | dict(self._mistyped(data))
            if errors:
                raise serializers.ValidationError(errors)
        return super().to_internal_value(data)

    def _unknown(self, data: Mapping[str, Any]) -> Any:
        for name in data:
            if name not in self.fields:
                yield name, [_("There is no such field.")]

    def _mistyped(self, data: Mapping[str, Any]) -> Any:
        for name, field in self.fields.items():
            value = data.get(name)
            if value is None:
                continue
            for kind, types, message in _JSON_TYPES:
                if isinstance(field, kind):
                    if not _is_of(value, types):
                        yield name, [message]
                    break


def _is_of(value: Any, types: tuple[type, ...]) -> bool:
    """Whether a JSON value is of the types. To JSON 3.0 is a whole number, true is none."""
    if isinstance(value, bool):
        return bool in types
    return isinstance(value, types) or (
        int in types and isinstance(value, float) and value.is_integer()
    )


class ProblemSerializer(serializers.Serializer[Any]):
    """An error (RFC 9457). `code` is stable; `detail` is a sentence; `errors` is by field."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class ProblemSchema(AutoSchema):
    """Adds to every operation the problems that it may answer with, and closes strict bodies."""

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for status, description in self._problems():
            bodies.setdefault(
                str(status),
                {
                    "description": str(description),
                    "content": {PROBLEM_TYPE: {"schema": self._problem_component().ref}},
                },
            )
        return bodies

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)
        if direction == "request" and isinstance(serializer, StrictSerializer):
            schema["additionalProperties"] = False
        return schema

    def _problems(self) -> list[tuple[int, str | Promise]]:
        problems: list[tuple[int, str | Promise]] = [
            (400, _("The request cannot be understood.")),
            (401, _("Sign in first.")),
            (403, _("Not yours to see or do.")),
            (404, _("There is no such thing.")),
            (406, _("Only JSON is given.")),
        ]
        if self.method not in ("GET", "HEAD"):
            problems += [
                (409, _("Not now, or not any more.")),
                (413, _("The body is too large.")),
                (415, _("Only JSON is taken.")),
            ]
        return problems

    def _problem_component(self) -> ResolvedComponent:
        return self.resolve_serializer(ProblemSerializer(), "response")


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: a problem document for everything that is not a defect of ours."""
    if isinstance(error, Refused):
        verdict = error.verdict
        document = problem(verdict.status, verdict.code, verdict.message)
        headers = _challenge(context) if verdict.status == 401 else {}
    else:
        api_error = _api_exception(error)
        if api_error is None:
            return None
        document = _document(api_error)
        headers = _headers(api_error)
    set_rollback()
    return Response(document, status=document["status"], headers=headers, content_type=PROBLEM_TYPE)


def _api_exception(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, ValueError) and "NUL (0x00)" in str(error):
        return exceptions.ParseError(_("The text contains a NUL character."))
    return None


def _document(error: exceptions.APIException) -> dict[str, Any]:
    status = error.status_code
    if isinstance(error, exceptions.ValidationError):
        return problem(
            status,
            "not_accepted",
            _("Some of what was sent cannot be accepted."),
            _flat(error.detail),
        )
    code = error.get_codes()
    is_own = isinstance(code, str) and code != error.default_code
    return problem(
        status,
        str(code) if is_own else _PLAIN_CODES.get(status, error.default_code),
        str(error.detail),
    )


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(error.wait))  # type: ignore[attr-defined]
    return headers


def _challenge(context: Mapping[str, Any]) -> dict[str, str]:
    """RFC 9110: a 401 names the way to sign in."""
    challenge = context["view"].get_authenticate_header(context["request"])
    return {"WWW-Authenticate": challenge} if challenge else {}


def _flat(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """{"a": {"b": ["wrong"]}} as {"a.b": ["wrong"]}."""
    if isinstance(detail, Mapping):
        errors: dict[str, list[str]] = {}
        for name, inner in detail.items():
            errors |= _flat(inner, f"{prefix}.{name}" if prefix else str(name))
        return errors
    if isinstance(detail, list) and any(isinstance(inner, Mapping) for inner in detail):
        return _flat({str(i): inner for i, inner in enumerate(detail) if inner}, prefix)
    sentences = detail if isinstance(detail, list) else [detail]
    return {prefix or "non_field_errors": [str(sentence) for sentence in sentences]}
