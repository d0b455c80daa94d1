"""Queries of a page, each with a name."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def named_queries(expected: Mapping[str, str]) -> Iterator[None]:
    """The block makes exactly these queries, in any order: {name: a piece of its SQL}.

    A piece belongs to the first query that holds it and has no name yet, so name the rarer first.
    """
    with CaptureQueriesContext(connection) as captured:
        yield
    left = [query["sql"] for query in captured.captured_queries]
    listing = "\n".join(f"- {sql[:400]}" for sql in left)
    assert len(left) == len(expected), f"{len(left)} queries, not {len(expected)}:\n{listing}"
    for name, piece in expected.items():
        found = next((sql for sql in left if piece in sql), None)
        assert found is not None, f"no query is {name} ({piece}):\n{listing}"
        left.remove(found)
