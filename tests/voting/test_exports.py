"""Files of single answers: who gets them, that they are whole, and what a crash leaves behind."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from common.verdicts import Refused
from tests.voting.filled import TRUST, counted_survey, many_answers, put_in
from tests.voting.polls import end_and_count, open_poll
from voting.actions.exports import start_export
from voting.models import Ballot, Export
from voting.results import exports
from voting.tasks import make_export, sweep_exports

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def answers() -> list:
    return many_answers(95)


@pytest.fixture
def poll(bob, organisation, answers):
    return counted_survey(bob, organisation, answers, secrecy="named")


def made(actor, poll, format="csv") -> Export:  # noqa: A002
    export = start_export(actor, poll=poll, format=format, language="en")
    assert make_export(export.pk)
    export.refresh_from_db()
    return export


def content(export: Export) -> bytes:
    return exports.file_of(export).read_bytes()


def test_a_file_has_every_answer_that_counts(bob, poll, answers) -> None:
    export = made(bob, poll)
    assert (export.done_count, export.total_count) == (95, 95)
    assert export.finished_at
    lines = list(csv.DictReader(io.StringIO(content(export).decode("utf-8-sig"))))
    assert len(lines) == 95
    chosen = sorted(line["Do you trust the council?"] for line in lines)
    words = {"yes": "Yes", "no": "No", "abstain": "I abstain"}
    assert chosen == sorted(words[a["trust"]["option"]] for a in answers)
    staff = [line["How good was the service? – Staff"] for line in lines]
    given = [str(a["quality"]["points"]["staff"]) if "quality" in a else "" for a in answers]
    assert sorted(staff) == sorted(given)
    assert not list(exports.file_of(export).parent.glob("*.parts")), "parts are cleared away"


def test_all_formats_hold_the_same(bob, poll) -> None:
    lines = [json.loads(line) for line in content(made(bob, poll, "jsonl")).splitlines()]
    assert len(lines) == 95
    assert set(lines[0]) >= {"person", "channel", "trust", "quality.staff"}
    book = zipfile.ZipFile(io.BytesIO(content(made(bob, poll, "xlsx"))))
    assert book.read("xl/worksheets/sheet1.xml").count(b"<row ") == 96


def test_words_of_people_are_no_formulas(bob, organisation) -> None:
    answers = [{"trust": {"option": "no"}, "reason": {"text": "=1+1"}}] * 2
    poll = counted_survey(bob, organisation, answers, secrecy="named")
    text = content(made(bob, poll)).decode()
    assert "'=1+1" in text
    assert ",=1+1" not in text
    book = zipfile.ZipFile(io.BytesIO(content(made(bob, poll, "xlsx"))))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_void_ballots_are_not_in_the_file(bob, organisation) -> None:
    poll = open_poll(bob, organisation, questions=(TRUST,), secrecy="named")
    first = put_in(poll, [{"trust": {"option": "yes"}}] * 3)[0]
    Ballot.objects.create(
        poll=poll, secrecy="named", turnout=first.turnout, mark="f" * 64, replaces=first
    )
    export = made(bob, end_and_count(poll), "jsonl")
    assert len(content(export).splitlines()) == 2


def test_a_secret_file_names_nobody(bob, organisation) -> None:
    poll = counted_survey(
        bob, organisation, [{"trust": {"option": "yes"}}] * 9, questions=(TRUST,), secrecy="secret"
    )
    lines = [json.loads(line) for line in content(made(bob, poll, "jsonl")).splitlines()]
    assert set(lines[0]) == {"ballot", "channel", "trust"}
    assert {line["ballot"] for line in lines} == set(Ballot.objects.values_list("mark", flat=True))


def test_who_may_have_single_answers(bob, otto, alice, olga, mona, poll, organisation) -> None:
    assert start_export(otto, poll=poll, format="csv", language="en").pk
    for person in (alice, olga, mona):
        with pytest.raises(Refused):
            start_export(person, poll=poll, format="csv", language="en")
    with pytest.raises(Refused) as refusal:
        start_export(bob, poll=poll, format="exe", language="en")
    assert refusal.value.verdict.code == "format_unknown"
    hidden = counted_survey(bob, organisation, [], secrecy="confidential")
    with pytest.raises(Refused) as refusal:
        start_export(bob, poll=hidden, format="csv", language="en")
    assert refusal.value.verdict.code == "answers_not_shown"
    sealed = open_poll(bob, organisation, secrecy="named")
    with pytest.raises(Refused) as refusal:
        start_export(bob, poll=sealed, format="csv", language="en")
    assert refusal.value.verdict.code == "not_counted"


def test_asking_twice_makes_one_file(bob, poll) -> None:
    first = start_export(bob, poll=poll, format="csv", language="en")
    assert start_export(bob, poll=poll, format="csv", language="en") == first


class Killed(BaseException):
    """As a process that is killed: no handler runs."""


def killed_after(monkeypatch, calls: int) -> None:
    """The process dies at that sign of life, before it is given."""
    left = iter(range(calls))
    tell = exports._tell

    def dying(export, **values) -> None:
        if next(left, None) is None:
            raise Killed
        tell(export, **values)

    monkeypatch.setattr(exports, "_tell", dying)


@pytest.mark.parametrize("calls", [0, 1, 2, 5, 9, 11, 15, 20, 21])
def test_a_file_whose_maker_was_killed_is_finished_by_the_next(
    bob, poll, monkeypatch, calls
) -> None:
    whole = content(made(bob, poll, "jsonl"))
    monkeypatch.setattr(exports, "CHUNK", 10)
    export = start_export(bob, poll=poll, format="jsonl", language="en")
    with monkeypatch.context() as context:
        killed_after(context, calls)
        with pytest.raises(Killed):
            make_export(export.pk)
    assert not make_export(export.pk), "it may still be alive"
    Export.objects.filter(pk=export.pk).update(claimed_at=Now() - timedelta(minutes=5))
    assert sweep_exports() == 1
    export.refresh_from_db()
    assert export.finished_at
    assert export.done_count == 95
    assert content(export) == whole


def test_a_run_that_was_taken_for_dead_stops_when_another_took_over(bob, poll, monkeypatch) -> None:
    export = start_export(bob, poll=poll, format="csv", language="en")
    assert exports._claim(export.pk) == 1
    Export.objects.filter(pk=export.pk).update(claimed_at=Now() - timedelta(minutes=5))
    assert exports._claim(export.pk) == 2
    stale = Export.objects.get(pk=export.pk)
    stale.attempts = 1
    with pytest.raises(exports.Lost):
        exports._tell(stale, done_count=7)


def test_a_failure_is_seen_and_can_be_tried_again(bob, poll, folder, settings, client_of) -> None:
    blocked = folder / "file"
    blocked.write_text("not a folder")
    settings.MEDIA_ROOT = blocked
    export = start_export(bob, poll=poll, format="csv", language="en")
    with pytest.raises(NotADirectoryError):
        make_export(export.pk)
    address = f"/en/desk/polls/{poll.process.slug}/exports/"
    client = client_of(bob)
    page = client.get(f"{address}{export.pk}/").content.decode()
    assert "This file could not be made." in page
    assert "NotADirectoryError" in page
    settings.MEDIA_ROOT = folder
    reply = client.post(address, {"format": "csv"}, follow=True)
    again = Export.objects.exclude(pk=export.pk).get()
    assert reply.redirect_chain[-1][0].endswith(f"/{again.pk}/")
    assert make_export(again.pk)


def test_who_dies_again_and_again_is_given_up(bob, poll) -> None:
    export = start_export(bob, poll=poll, format="csv", language="en")
    Export.objects.filter(pk=export.pk).update(attempts=exports.MOST_ATTEMPTS)
    assert not make_export(export.pk)
    export.refresh_from_db()
    assert export.failed_at
    assert export.error


def test_files_are_deleted_after_a_week(bob, poll, client_of) -> None:
    export = made(bob, poll)
    path = exports.file_of(export)
    Export.objects.filter(pk=export.pk).update(created_at=Now() - timedelta(days=8))
    sweep_exports()
    assert not path.exists()
    page = client_of(bob).get(f"/en/desk/polls/{poll.process.slug}/exports/{export.pk}/")
    assert "deleted after a week" in page.content.decode()


def test_the_page_tells_how_far_it_is_and_gives_the_file(bob, alice, poll, client_of) -> None:
    client = client_of(bob)
    address = f"/en/desk/polls/{poll.process.slug}/exports/"
    assert "New CSV file" in client.get(address).content.decode()
    client.post(address, {"format": "csv"})
    export = Export.objects.get()
    one = f"{address}{export.pk}/"
    assert "It has not begun yet." in client.get(one).content.decode()
    assert client.get(f"{one}file").status_code == 404
    Export.objects.update(claimed_at=Now(), done_count=40, total_count=95)
    fragment = client.get(one, headers={"HX-Request": "true"}).content.decode()
    assert "40 of 95 answers are read." in fragment
    assert "<html" not in fragment
    Export.objects.update(claimed_at=None, done_count=0)
    make_export(export.pk)
    assert "Download the file" in client.get(one).content.decode()
    reply = client.get(f"{one}file")
    assert b"".join(reply.streaming_content) == content(Export.objects.get())
    assert reply["Cache-Control"] == "private, no-store"
    assert client_of(alice).get(f"{one}file").status_code == 403


def test_the_list_makes_as_many_queries_with_thirty_files_as_with_three(
    bob, poll, client_of
) -> None:
    counts = []
    for number in (3, 27):
        Export.objects.bulk_create(
            Export(poll=poll, actor=bob, format="csv", path=f"x{place}") for place in range(number)
        )
        with CaptureQueriesContext(connection) as queries:
            client_of(bob).get(f"/en/desk/polls/{poll.process.slug}/exports/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
