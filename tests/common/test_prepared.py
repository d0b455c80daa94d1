"""Querysets whose SQL is made once."""

import threading

import pytest
from django.db import connection
from django.db.models import F, Value

from accounts.models import Organisation, User
from common.prepared import NotPreparable, Prepared
from processes.models import Process, Subject
from tests import factories

pytestmark = pytest.mark.django_db

FRAMED = Prepared(lambda pk: Subject.objects.with_frame().filter(pk=pk))
BY_SLUG = Prepared(
    lambda slug: Process.objects.with_timetable().select_related("organisation").filter(slug=slug),
    slug=str,
)


def test_a_prepared_queryset_gives_what_the_queryset_gives(world):
    for article in world.articles * 3:
        expected = Subject.objects.with_frame().get(pk=article.pk)
        read = FRAMED.first(pk=article.pk)
        assert read == expected
        assert {f.attname: getattr(read, f.attname) for f in Subject._meta.concrete_fields} == {
            f.attname: getattr(expected, f.attname) for f in Subject._meta.concrete_fields
        }
        assert read.process.organisation == expected.process.organisation
        assert read.timetable.spans == expected.timetable.spans


def test_it_costs_one_query_with_all_it_joins(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        process = BY_SLUG.first(slug=world.process.slug)
        assert process.organisation.slug == "city-council"
        assert process.title == world.process.title
        assert process.timetable.current is not None


def test_nothing_found_is_none_and_hostile_text_is_only_text(world):
    assert FRAMED.first(pk=10**15) is None
    for text in ("'; DROP TABLE processes_process; --", "%s", "⟦slug⟧", "\\", "☃"):
        assert BY_SLUG.first(slug=text) is None
    assert Process.objects.count() == 1


def test_a_missing_joined_row_is_none(world):
    with_answer = Prepared(lambda pk: Subject.objects.select_related("parent").filter(pk=pk))
    assert with_answer.first(pk=world.article.pk).parent is None


def test_a_parameter_that_is_changed_on_its_way_is_refused():
    changed = Prepared(lambda slug: Process.objects.filter(slug__contains=slug), slug=str)
    with pytest.raises(NotPreparable, match="slug"):
        changed.first(slug="x")
    with pytest.raises(NotPreparable, match="dictionaries"):
        Prepared(lambda pk: User.objects.filter(pk=pk).values_list("pk")).all(pk=1)


def test_dictionaries_and_deferred_columns_are_those_of_the_queryset(world):
    def rows(pk):
        return (
            Subject.objects.filter(process_id=pk)
            .order_by("pk")
            .values("title", slug=F("process__slug"), twice=F("pk") * 2)
        )

    def lean(pk):
        return Subject.objects.filter(process_id=pk).defer("text", "search", "sample")

    assert Prepared(rows).all(pk=world.process.pk) == list(rows(world.process.pk))
    subject = Prepared(lean).first(pk=world.process.pk)
    assert subject.get_deferred_fields() == {"text", "search", "sample"}
    assert subject.title


def test_what_never_changes_stands_in_the_statement(world):
    def rows(pk):
        plain = Subject.objects.filter(process_id=pk, kind__in=["section", "it's 100 % \\ %s"])
        return plain.annotate(word=Value("50 % of %s")).values("title", "word")

    prepared = Prepared(rows)
    for _again in range(5):
        assert prepared.all(pk=world.process.pk) == list(rows(world.process.pk))
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        statement = next(row[0] for row in cursor.fetchall() if "50 % of %s" in row[0])
    assert "'section'" in statement
    assert "$1" in statement
    assert "$2" not in statement


def test_the_server_plans_it_once(world):
    plain = Prepared(lambda pk: Organisation.objects.filter(pk=pk).annotate(twice=F("pk") * 2))
    for _again in range(5):
        assert plain.first(pk=world.process.organisation_id).twice == (
            2 * world.process.organisation_id
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s",
            ['%"accounts_organisation"%AS "twice"%'],
        )
        assert cursor.fetchone()[0] == 1


@pytest.mark.django_db(transaction=True)
def test_threads_share_it_each_with_its_own_connection():
    people = [factories.person(f"Person {n}") for n in range(8)]
    by_id = Prepared(lambda pk: User.objects.filter(pk=pk))
    found: list[tuple[int, int]] = []

    def read(person: User) -> None:
        try:
            for _again in range(20):
                found.append((person.pk, by_id.first(pk=person.pk).pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=read, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 160
    assert all(asked == got for asked, got in found)
