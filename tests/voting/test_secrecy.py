"""Nothing joins a secret ballot to a person: no row, no order, no log line, no page, no export.

A whole secret vote is held through the real pages, the API and a booth, by people whose votes are
known to the test alone. Then everything that the site keeps and shows is searched.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from rest_framework.test import APIClient

from accounts.actions import create_token
from accounts.models import User
from processes.models import Entry
from processes.tasks import deliver_entries
from tests import factories
from tests.architecture.authorisation import admin_routes
from tests.voting.pages import hidden, page, send
from tests.voting.polls import RANKED, TREE, end, fresh, open_poll
from voting.actions.booths import Identity, add_officer, check_in, end_booth, make_booth
from voting.actions.paper import enter_sheet
from voting.actions.stages import count, stir_secret_polls
from voting.models import Ballot, Poll, Turnout
from voting.secrecy.receipts import grouped, mark_of, normalise
from voting.tasks import run_clock

pytestmark = pytest.mark.django_db(transaction=True)

VOTERS = 24
ORDERS = (["north", "south", "west"], ["west", "north"], ["south"], ["west", "south", "north"])
# Tables that hold what was voted: nothing of a person may stand beside it. Sheets name the officers
# who entered them, and no voter.
BALLOTS = {"voting_ballot", "voting_sheet", "voting_correction"}


@dataclass
class Held:
    """A vote that was held. `voted` is who voted what with which receipt, in that order."""

    poll: Poll
    root: User
    official: User
    voted: list[tuple[User, list[str], str]] = field(default_factory=list)
    log: str = ""

    @property
    def marks(self) -> dict[str, User]:
        return {mark_of(self.poll.pk, normalise(code)): who for who, _o, code in self.voted}


def on_the_web(who: User, order: list[str]) -> str:
    """Vote as a browser does; the receipt code."""
    browser = Client()
    browser.force_login(who)
    page(browser, "answer/")
    ranks = {f"q.order.{key}": str(place) for place, key in enumerate(order, 1)}
    data = {**ranks, "q.tree": "yes", "shown": ["order", "tree"], "go": "next"}
    checked = send(browser, "answer/?page=p1", data)
    code = hidden(checked, "code")
    sent = {"carried": hidden(checked, "carried"), "code": code, "go": "send"}
    assert grouped(code) in send(browser, "check/", sent).content.decode()
    return code


def by_program(who: User, order: list[str], poll: Poll) -> str:
    api = APIClient()
    _token, plain = create_token(who, name="script")
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    answer = api.post(
        f"/api/v1/polls/{poll.pk}/ballots/",
        {"answers": {"order": {"ranking": order}, "tree": {"option": "yes"}}},
    )
    assert answer.status_code == 201, answer.content
    return str(answer.json()["receipt"])


@pytest.fixture
def held(bob, organisation, caplog, capfd) -> Held:
    """A secret vote, counted: most on the web, some by a program, some on paper."""
    root = factories.person("Root", is_staff=True, is_superuser=True)
    poll = open_poll(bob, organisation, secrecy="secret", questions=(RANKED, TREE), slug="tram")
    found = Held(poll, root, bob)
    booth = make_booth(bob, poll=poll, name="Town hall")
    officers = [factories.person("Ina"), factories.person("Jon")]
    for officer in officers:
        add_officer(bob, booth=booth, email=officer.email)
    with caplog.at_level(logging.DEBUG):
        for number in range(VOTERS):
            who = factories.person(f"Voter {number}")
            order = ORDERS[number * 7 % len(ORDERS)]
            if number % 5 == 4:
                check_in(officers[0], booth=booth, who=Identity(email=who.email))
            elif number % 5 == 3:
                found.voted.append((who, order, by_program(who, order, poll)))
            else:
                found.voted.append((who, order, on_the_web(who, order)))
        stir_secret_polls()
        end(poll)
        run_clock()
        for number in range(Turnout.objects.filter(booth=booth).count()):
            for officer in officers:
                answers = {"order": {"ranking": ORDERS[number % 4]}}
                enter_sheet(officer, booth=booth, number=str(number), answers=answers)
        end_booth(officers[0], booth=booth)
        count(poll.pk)
        deliver_entries()
    found.poll = fresh(poll)
    out, err = capfd.readouterr()
    found.log = caplog.text + out + err
    assert found.poll.counted_at is not None
    assert found.poll.turnout_count == VOTERS == Ballot.objects.count()
    return found


def tables() -> Iterator[tuple[str, list[str], list[tuple[Any, ...]]]]:
    """Every table of the database with all of its rows, every value as text, system columns too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        names = [row[0] for row in cursor.fetchall()]
        for name in names:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
                [name],
            )
            columns = [row[0] for row in cursor.fetchall()]
            listed = ", ".join(f'"{column}"::text' for column in columns)
            cursor.execute(f'SELECT xmin::text, {listed} FROM "{name}"')
            yield name, ["xmin", *columns], cursor.fetchall()


def no_table_but_that_of_ballots_holds_a_mark_an_id_or_a_receipt(held: Held) -> None:
    ballots = list(Ballot.objects.values_list("pk", "mark"))
    secrets = {str(pk) for pk, _mark in ballots} | {mark for _pk, mark in ballots}
    codes = {normalise(code) for _who, _order, code in held.voted}
    codes |= {code for _who, _order, code in held.voted}
    searched = 0
    for name, _columns, rows in tables():
        for row in rows:
            text = "\n".join(value or "" for value in row)
            assert not [code for code in codes if code in text], name
            if name != "voting_ballot":
                assert not [word for word in secrets if word in text], name
            searched += 1
    assert searched > 200


def no_two_columns_join_turnout_to_ballots(held: Held) -> None:
    """No value of a row of turnout or of a person stands in a ballot, the poll's own apart."""
    found = {name: (columns, rows) for name, columns, rows in tables()}
    columns, rows = found["voting_ballot"]
    ballots: set[str] = set()
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        shared = {"poll_id", "channel", "secrecy", "xmin", "area_id"}
        ballots |= {value for name, value in values.items() if value and name not in shared}
        assert values["turnout_id"] is None
        assert values["area_id"] is None
    columns, rows = found["voting_turnout"]
    people = {str(who.pk) for who, _order, _code in held.voted}
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        own = {values["id"], values["voter"]} | ({values["user_id"]} & people)
        assert not own & ballots


def what_was_voted_stands_beside_no_voter(held: Held) -> None:
    voters = {str(who.pk) for who, _order, _code in held.voted}
    emails = {who.email for who, _order, _code in held.voted}
    for name, columns, rows in tables():
        if name in ("voting_outcome", "voting_poll"):
            continue  # what was asked, and sums
        for row in rows:
            if not any(value and '"ranking"' in value for value in row):
                continue
            assert name in BALLOTS | {"voting_question"}, (name, row)
            values = dict(zip(columns, row, strict=True))
            people = {v for n, v in values.items() if n.endswith(("_by_id", "user_id", "actor_id"))}
            assert not people & voters
            assert not [mail for mail in emails if any(mail in (v or "") for v in row)]


def physical(table: str, key: str) -> list[str]:
    """Keys in the order in which the rows lie in the table's file."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}::text FROM {table} ORDER BY ctid")
        return [row[0] for row in cursor.fetchall()]


def tau(one: list[int]) -> float:
    """Kendall's rank correlation of a list with its indices: 1 the same order, -1 the reverse."""
    pairs = [(i, j) for i in range(len(one)) for j in range(i + 1, len(one))]
    concordant = sum(1 if one[i] < one[j] else -1 for i, j in pairs)
    return concordant / len(pairs)


def the_place_of_a_row_tells_no_order(held: Held) -> None:
    """After the count rows lie in no order of voting, and one transaction wrote all of them."""
    came = {mark: place for place, mark in enumerate(held.marks)}
    ballots = [came[mark] for mark in physical("voting_ballot", "mark") if mark in came]
    by_user = {str(who.pk): place for place, (who, _o, _c) in enumerate(held.voted)}
    turnout = [by_user[u] for u in physical("voting_turnout", "user_id") if u in by_user]
    assert sorted(ballots) == sorted(turnout) == list(range(len(held.voted)))
    # By chance |tau| of 20 rows is above 0.75 once in a million times.
    for order in (ballots, turnout):
        assert order != sorted(order)
        assert abs(tau(order)) < 0.75
    together = [turnout.index(place) for place in ballots]
    assert together != sorted(together)
    assert abs(tau(together)) < 0.75
    with connection.cursor() as cursor:
        for table in ("voting_ballot", "voting_turnout"):
            cursor.execute(f"SELECT count(DISTINCT xmin::text) FROM {table}")
            assert cursor.fetchone()[0] == 1, table


def keys_and_marks_tell_no_order(held: Held) -> None:
    keys = {str(pk): mark for pk, mark in Ballot.objects.values_list("pk", "mark")}
    came = {mark: place for place, mark in enumerate(held.marks)}
    by_key = [came[keys[key]] for key in sorted(keys) if keys[key] in came]
    assert abs(tau(by_key)) < 0.75
    by_mark = [came[mark] for mark in sorted(came)]
    assert abs(tau(by_mark)) < 0.75


def no_entry_of_the_journal_tells_who_voted(held: Held) -> None:
    voters = {who.pk for who, _order, _code in held.voted}
    for entry in Entry.objects.filter(process=held.poll.process_id):
        assert entry.actor_id not in voters
        text = json.dumps(entry.data)
        assert "ranking" not in text
        assert not [mark for mark in held.marks if mark in text]


def participants_are_entered_in_no_order(held: Held) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id, since_at FROM processes_participation WHERE process_id = %s ORDER BY id",
            [held.poll.process_id],
        )
        rows = cursor.fetchall()
    assert len(rows) == VOTERS
    assert len({since for _user, since in rows}) == 1
    place = {who.pk: number for number, (who, _o, _c) in enumerate(held.voted)}
    assert abs(tau([place[user] for user, _since in rows if user in place])) < 0.75


def no_session_message_or_cache_key_holds_a_ballot(held: Held) -> None:
    words = [*held.marks, *(normalise(code) for _w, _o, code in held.voted), "ranking"]
    words += [code for _who, _order, code in held.voted]
    for session in Session.objects.all():
        text = json.dumps(session.get_decoded(), default=str)
        assert not [word for word in words if word in text]
    client = cache._cache.get_client()  # type: ignore[attr-defined]
    for key in client.scan_iter("*"):
        whole = key + (client.get(key) or b"" if client.type(key) == b"string" else b"")
        found = [word for word in words if word.encode() in whole]
        assert not found, key


def no_line_of_the_log_holds_a_ballot_or_a_voter(held: Held) -> None:
    # SQL and requests are logged here in full: what is bound to a statement is not.
    assert "poll_counted" in held.log
    for who, _order, code in held.voted:
        assert normalise(code) not in held.log
        assert code not in held.log
        assert who.email not in _own_lines(held.log)
    for mark in held.marks:
        assert mark not in _own_lines(held.log)
    assert '"ranking"' not in _own_lines(held.log)


def _own_lines(log: str) -> str:
    """Without the statements that Django's debug logger repeats, which no site runs with."""
    return "\n".join(line for line in log.splitlines() if "django.db.backends" not in line)


def no_letter_holds_a_ballot(held: Held) -> None:
    for letter in mail.outbox:
        whole = letter.subject + letter.body
        assert not [mark for mark in held.marks if mark in whole]
        assert "ranking" not in whole


def no_page_of_the_administration_shows_ballots_or_who_voted(held: Held) -> None:
    browser = Client()
    browser.force_login(held.root)
    keys = [str(pk) for pk in Ballot.objects.values_list("pk", flat=True)]
    keys += [str(pk) for pk in Turnout.objects.values_list("pk", flat=True)]
    tried = 0
    for route in admin_routes():
        for args in ((), (held.poll.pk,), ("voting",)):
            try:
                address = reverse(route.name, args=args)
            except NoReverseMatch:
                continue
            if "logout" in route.name:
                continue
            text = browser.get(address).content.decode(errors="replace")
            assert not [word for word in (*held.marks, *keys) if word in text], address
            tried += 1
    assert tried > 20
    for name in ("ballot", "turnout", "sheet", "correction", "draft", "invitation"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:voting_{name}_changelist")


def no_export_joins_a_ballot_to_a_person(held: Held) -> None:
    """What everybody and the staff can download; and what each voter's own export says."""
    ways = ["results/json", "results/csv", "bundle.jsonl", "ballots/", "results/"]
    names = [word for who, _order, _code in held.voted for word in (who.email, str(who))]
    for person in (None, held.official, held.root):
        browser = Client()
        if person:
            browser.force_login(person)
        for way in ways:
            answer = browser.get(f"/en/polls/tram/{way}")
            assert answer.status_code == 200, way
            text = _text(answer)
            assert not [name for name in names if name in text], way
    marks = list(Ballot.objects.values_list("mark", flat=True))
    for who, _order, _code in held.voted[:3]:
        browser = Client()
        browser.force_login(who)
        text = _text(browser.get(reverse("accounts:export")))
        assert not [mark for mark in marks if mark in text]
        assert '"ranking"' not in text


def _text(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode(errors="replace")


CHECKS = (
    no_table_but_that_of_ballots_holds_a_mark_an_id_or_a_receipt,
    no_two_columns_join_turnout_to_ballots,
    what_was_voted_stands_beside_no_voter,
    the_place_of_a_row_tells_no_order,
    keys_and_marks_tell_no_order,
    no_entry_of_the_journal_tells_who_voted,
    participants_are_entered_in_no_order,
    no_session_message_or_cache_key_holds_a_ballot,
    no_line_of_the_log_holds_a_ballot_or_a_voter,
    no_letter_holds_a_ballot,
    no_page_of_the_administration_shows_ballots_or_who_voted,
    no_export_joins_a_ballot_to_a_person,
)


def test_nothing_joins_a_secret_ballot_to_a_person(held):
    """All of the above of one vote: holding it takes longer than searching."""
    found = {}
    for check in CHECKS:
        try:
            check(held)
        except AssertionError as wrong:
            found[check.__name__] = str(wrong)[:2000]
    assert not found
