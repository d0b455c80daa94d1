"""The published schema: OpenAPI 3.1, complete, and the same as the one in docs/.

`KENES_WRITE_SCHEMA=1 pytest tests/api/test_schema.py` writes docs/openapi.yaml anew.
"""

import json
import os
import re
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from config.reference import schema_in
from tests.architecture.authorisation import routes

PUBLISHED = Path(__file__).resolve().parents[2] / "docs/openapi.yaml"
METHODS = {"get", "post", "put", "patch", "delete"}

# What was promised to the makers of clients, word by word.
PROMISED = """
GET /api/v1/processes/
GET /api/v1/consultations/{slug}/
GET /api/v1/consultations/{slug}/sections/
GET /api/v1/consultations/{slug}/proposals/
POST /api/v1/consultations/{slug}/proposals/
GET /api/v1/subjects/{subject_id}/
GET /api/v1/subjects/{subject_id}/comments/
POST /api/v1/subjects/{subject_id}/comments/
PUT /api/v1/subjects/{subject_id}/position/
DELETE /api/v1/subjects/{subject_id}/position/
GET /api/v1/subjects/{subject_id}/sources/
POST /api/v1/subjects/{subject_id}/sources/
GET /api/v1/subjects/{subject_id}/answer/
PUT /api/v1/subjects/{subject_id}/answer/
GET /api/v1/polls/
GET /api/v1/polls/{poll_id}/
GET /api/v1/polls/{poll_id}/results/
GET /api/v1/polls/{poll_id}/ballots/
POST /api/v1/polls/{poll_id}/ballots/
DELETE /api/v1/polls/{poll_id}/ballots/mine/
POST /api/v1/polls/{poll_id}/receipts/
GET /api/v1/polls/{poll_id}/bundle/
GET /api/v1/me/
GET /api/v1/me/contributions/
GET /api/v1/me/letters/
"""


@pytest.fixture(scope="module")
def schema() -> dict:
    return json.loads(json.dumps(schema_in("en"), default=str))


def operations(schema: dict) -> set[str]:
    return {
        f"{method.upper()} {path}"
        for path, item in schema["paths"].items()
        for method in METHODS & set(item)
    }


def test_it_is_openapi_3_1(schema):
    assert schema["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(schema).validate()


def test_it_tells_of_every_operation_that_was_promised(schema):
    assert set(PROMISED.strip().splitlines()) <= operations(schema)


def test_it_tells_of_every_operation_that_there_is(schema):
    there = set()
    for route in routes():
        if not route.pattern.startswith("api/v1/") or route.name == "schema":
            continue
        path = "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route.pattern)
        there |= {f"{method} {path}" for method in route.api_methods() or ()}
    assert there == operations(schema)


def test_no_word_of_it_is_named_by_a_machine(schema):
    names = schema["components"]["schemas"]
    assert not [name for name in names if re.search(r"[0-9a-f]{3}Enum$", name)]


def test_it_is_the_published_one(schema):
    text = yaml.safe_dump(schema, sort_keys=False, allow_unicode=True, width=100)
    if os.environ.get("KENES_WRITE_SCHEMA"):
        PUBLISHED.write_text(text)
    published = yaml.safe_load(PUBLISHED.read_text())
    assert published["paths"] == schema["paths"]
    assert published == schema
