"""One shape of error, strict bodies, a schema that says so."""

import json

import pytest
from django.test import RequestFactory
from openapi_spec_validator import OpenAPIV31SpecValidator
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.test import APIClient, APIRequestFactory
from rest_framework.views import APIView

from common.api import StrictSerializer
from common.verdicts import Refused, no

PROBLEM = "application/problem+json"


class PartSerializer(StrictSerializer):
    name = serializers.CharField(max_length=5)


class BodySerializer(StrictSerializer):
    text = serializers.CharField()
    number = serializers.IntegerField(required=False)
    choice = serializers.ChoiceField(["a", "b"], required=False)
    flag = serializers.BooleanField(required=False)
    parts = PartSerializer(many=True, required=False)


class Sample(APIView):
    error: Exception | None = None

    def get(self, request):
        raise self.error

    def post(self, request):
        body = BodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(body.validated_data)


def post(body, content_type="application/json", **headers):
    request = APIRequestFactory().post("/x", body, content_type=content_type, headers=headers)
    answer = Sample.as_view()(request)
    answer.render()
    return answer


def failing(error):
    view = type("Failing", (Sample,), {"error": error}).as_view()
    answer = view(APIRequestFactory().get("/x"))
    answer.render()
    return answer


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused(no("closed", "It is closed.", 409)), 409, "closed"),
        (Refused(no("sign_in_first", "Sign in.", 401)), 401, "sign_in_first"),
        (exceptions.NotFound(), 404, "not_found"),
        (exceptions.PermissionDenied(), 403, "forbidden"),
        (exceptions.NotAuthenticated(), 401, "sign_in_first"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.Throttled(wait=2.5), 429, "too_many_requests"),
        (exceptions.ParseError("No.", "bad_cursor"), 400, "bad_cursor"),
        (exceptions.ValidationError({"a": ["x"]}), 400, "not_accepted"),
        (ValueError("cannot contain NUL (0x00) bytes"), 400, "bad_request"),
    ],
)
def test_every_error_is_a_problem_document(error, status, code):
    answer = failing(error)
    document = json.loads(answer.content)
    assert answer.status_code == document["status"] == status
    assert answer.headers["Content-Type"] == PROBLEM
    assert document["code"] == code
    assert document["title"]
    assert document["detail"]
    if status == 401:
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_defect_of_ours_is_not_disguised():
    with pytest.raises(RuntimeError):
        failing(RuntimeError("x"))


def test_throttling_says_when_to_come_back():
    assert failing(exceptions.Throttled(wait=2.5)).headers["Retry-After"] == "3"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": 1}, "text"),
        ({"text": True}, "text"),
        ({"text": ["a"]}, "text"),
        ({"text": None}, "text"),
        ({"text": "a\x00"}, "text"),
        ({"text": "\ud800"}, "text"),
        ({}, "text"),
        ({"text": "a", "number": "1"}, "number"),
        ({"text": "a", "number": 1.5}, "number"),
        ({"text": "a", "number": True}, "number"),
        ({"text": "a", "choice": 1}, "choice"),
        ({"text": "a", "choice": {}}, "choice"),
        ({"text": "a", "flag": "true"}, "flag"),
        ({"text": "a", "unknown": 1}, "unknown"),
        ({"text": "a", "parts": [{"name": "ok"}, {"name": "too long"}]}, "parts.1.name"),
        ([], "non_field_errors"),
        ("text", "non_field_errors"),
        (1, "non_field_errors"),
        (None, "non_field_errors"),
    ],
)
def test_bodies_of_another_shape_are_refused_by_field(body, field):
    answer = post(json.dumps(body))
    assert answer.status_code == 400
    assert field in json.loads(answer.content)["errors"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"text": NaN}',
        b'{"text": 1e999}',
        b"[" * 200_000,
        b'{"text": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_not_json_is_refused(body):
    answer = post(body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == PROBLEM


@pytest.mark.parametrize("charset", ["utf-16", "nonsense", "base64", "idna"])
def test_other_charsets_end_in_no_failure(charset):
    answer = post(b'{"text": "a"}', f"application/json; charset={charset}")
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data"])
def test_another_content_type_is_a_415(kind):
    answer = post(b"x", kind)
    assert answer.status_code == 415
    assert answer.headers["Content-Type"] == PROBLEM


def test_what_is_not_json_cannot_be_had(db):
    answer = APIClient().get("/api/v1/me/", headers={"accept": "text/csv"})
    assert answer.status_code == 406
    assert answer.headers["Content-Type"] == PROBLEM


def test_a_good_body_passes():
    answer = post(json.dumps({"text": "a", "number": 1, "choice": "b", "flag": False}))
    assert answer.status_code == 200


def test_the_schema_is_openapi_3_1_and_names_every_problem(db):
    answer = APIClient().get("/api/v1/schema/")
    schema = json.loads(answer.content)
    assert schema["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(schema).validate()
    for item in schema["paths"].values():
        for method, operation in item.items():
            if method in ("get", "post", "put", "patch", "delete"):
                for status in ("400", "401", "403", "404"):
                    assert PROBLEM in operation["responses"][status]["content"]


def test_the_schema_comes_as_yaml_to_who_asks(db):
    answer = APIClient().get("/api/v1/schema/", headers={"accept": "application/yaml"})
    assert answer.content.startswith(b"openapi:")


def test_the_reference_page_shows_every_operation_under_our_policy(client, db):
    answer = client.get("/api/v1/")
    text = answer.content.decode()
    schema = json.loads(APIClient().get("/api/v1/schema/").content)
    for path in schema["paths"]:
        assert path in text
    assert "style=" not in text
    assert "<script>" not in text
    told = client.get("/api/v1/", headers={"accept": "application/json"})
    assert told.json()["schema"] == "/api/v1/schema/"


def test_a_wrong_token_is_a_401_that_names_the_way(db):
    client = APIClient()
    for wrong in ("Bearer nonsense", "Bearer", "Bearer  ", "bearer \xff"):
        answer = client.get("/api/v1/me/", headers={"authorization": wrong})
        assert answer.status_code == 401
        assert answer.json()["code"] == "token_unknown"
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'


def test_who_am_i(bob, organisation, api_of, nobody, django_assert_max_num_queries):
    client = api_of(bob)
    client.get("/api/v1/me/")
    with django_assert_max_num_queries(2):
        me = client.get("/api/v1/me/").json()
    assert me["email"] == "bob@example.org"
    assert me["roles"] == [{"organisation": "city-council", "role": "owner"}]
    assert api_of(nobody).get("/api/v1/me/").status_code == 401


def test_a_session_may_read_but_needs_the_csrf_token_to_write(alice, rf: RequestFactory):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.get("/api/v1/me/").status_code == 200
    refused = client.post("/api/v1/me/", {})
    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == PROBLEM
