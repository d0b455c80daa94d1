"""Moments come out of PostgreSQL as Django gives them, only faster."""

from datetime import UTC, datetime

import pytest
from django.db import DataError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

pytestmark = pytest.mark.django_db


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=some.datetimes(timezones=some.just(UTC)))
def test_a_moment_comes_back_as_it_went(moment: datetime):
    for make in (connection.cursor, connection.prepared_cursor):
        with make() as cursor:
            cursor.execute("SELECT %s::timestamptz", [moment])
            read = cursor.fetchone()[0]
        assert read == moment
        assert read.tzinfo is UTC


def test_another_zone_of_the_session_changes_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'Asia/Almaty'")
        cursor.execute("SELECT '2026-11-24 12:00:00.5+00'::timestamptz, NULL::timestamptz")
        read, nothing = cursor.fetchone()
    assert read == datetime(2026, 11, 24, 12, 0, 0, 500_000, tzinfo=UTC)
    assert read.tzinfo is UTC
    assert nothing is None


def test_what_is_no_moment_in_python_is_refused_as_before():
    with connection.cursor() as cursor, pytest.raises(DataError):
        cursor.execute("SELECT 'infinity'::timestamptz")
        cursor.fetchone()
