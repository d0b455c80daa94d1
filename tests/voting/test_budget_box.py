"""The poll of a budget is a poll like any other: API, paper, count, results, files, secrecy, desk."""

import csv
import io
import json

import pytest

from common.verdicts import Refused
from processes.kinds import EntryKind
from processes.models import Entry
from processes.tasks import deliver_entries
from tests import factories
from tests.voting.budgets import asking, knapsack, open_budget, share
from tests.voting.filled import put_in
from tests.voting.polls import end, end_and_count, fresh
from tests.voting.test_exports import content, made
from tests.voting.test_secrecy import tables
from tools import recount
from voting import voters
from voting.actions import questions
from voting.actions.booths import Identity, add_officer, check_in, end_booth, make_booth
from voting.actions.box import WrongAnswers, cast_ballot
from voting.actions.codes import make_codes
from voting.actions.paper import ACCEPTED, enter_sheet
from voting.actions.stages import count
from voting.box import bundle
from voting.kinds import COUNTED, QUESTIONNAIRES
from voting.models import Ballot, Draft, QuestionPage, Turnout
from voting.results.compute import FREQUENCIES
from voting.results.flat import COLUMNS, rows
from voting.results.reading import results_of
from voting.tasks import run_clock

pytestmark = pytest.mark.django_db

BOTH = asking(knapsack(), share())
ANSWERS = {"city": {"options": ["p2", "p3"]}, "points": {"points": {"p1": 6, "p4": 4}}}


@pytest.fixture
def budget(bob, organisation, monkeypatch):
    def opened(questionnaire=BOTH, **more):
        return open_budget(bob, organisation, monkeypatch, questionnaire, **more)

    return opened


def cast(who, poll, answers=None):
    return cast_ballot(voters.person(who, poll), poll=poll, answers=answers or ANSWERS)


def result(poll, key):
    return results_of(poll).outcomes[key, FREQUENCIES]


def test_a_program_reads_the_ballot_and_casts_it(budget, alice, api_of):
    poll = budget(asking(knapsack(), share(), allocation={"rule": "greedy_by_votes"}))
    client = api_of(alice)
    document = client.get(f"/api/v1/polls/{poll.pk}/").json()
    asked = document["definition"]["pages"][0]["questions"][0]
    assert (asked["kind"], asked["budget"], asked["currency"]) == ("knapsack", "60000", "EUR")
    assert asked["options"][1]["cost"] == "20000"
    assert asked["options"][1]["path"] == "/budgets/money/projects/2/"
    assert document["definition"]["allocation"] == {"rule": "greedy_by_votes"}
    assert document["url"].endswith("/budgets/money/")
    ballots = f"/api/v1/polls/{poll.pk}/ballots/"
    over = client.post(ballots, {"answers": {"city": {"options": ["p3", "p4"]}}}, format="json")
    assert over.status_code == 400
    assert "€10,000 more than there is" in over.json()["errors"]["city"][0]
    assert client.post(ballots, {"answers": ANSWERS}, format="json").status_code == 201
    assert Ballot.objects.get().answers == ANSWERS


def test_one_area_only_also_for_programs(budget, alice, api_of):
    poll = budget(asking(knapsack("north"), knapsack("south"), one_page=True))
    both = {"north": {"options": ["p1"]}, "south": {"options": ["p1"]}}
    answer = api_of(alice).post(
        f"/api/v1/polls/{poll.pk}/ballots/", {"answers": both}, format="json"
    )
    assert answer.status_code == 400 and list(answer.json()["errors"]) == ["south"]
    assert not Turnout.objects.exists()


def officers_at(poll, bob):
    booth = make_booth(bob, poll=poll, name="Town hall")
    people = [factories.person("Ina"), factories.person("Jon")]
    for officer in people:
        add_officer(bob, booth=booth, email=officer.email)
    return booth, people


def test_a_sheet_about_money_is_entered_by_two_people_on_pages(budget, bob, alice, client_of):
    poll = budget(secrecy="named")
    booth, officers = officers_at(poll, bob)
    check_in(officers[0], booth=booth, who=Identity(email=alice.email), sheet_number="1")
    address = f"/en/desk/polls/money/booths/{booth.pk}/"
    listed = client_of(bob).get("/en/desk/polls/money/booths/").content.decode()
    assert "Town hall" in listed and 'href="/en/desk/budgets/money/"' in listed
    first, second = (client_of(officer) for officer in officers)
    form = first.get(f"{address}enter/", {"number": "1"}).content.decode()
    assert "€20,000" in form and 'name="q.points.p1"' in form and "Add up" not in form
    over = {"number": "1", "q.city": ["p3", "p4"]}
    refused = first.post(f"{address}enter/", over)
    assert refused.status_code == 400 and "€10,000 more than there is" in refused.content.decode()
    sheet = {"number": "1", "q.city": ["p3", "p2"], "q.points.p1": "6", "q.points.p4": "4"}
    for client in (first, second):
        client.post(f"{address}enter/", sheet)
    ballot = Ballot.objects.get()
    assert (ballot.answers, ballot.channel) == (ANSWERS, "paper")


def test_two_entries_that_differ_are_compared_with_their_costs(budget, bob, alice, client_of):
    poll = budget(secrecy="named")
    booth, (ina, jon) = officers_at(poll, bob)
    check_in(ina, booth=booth, who=Identity(email=alice.email), sheet_number="1")
    enter_sheet(ina, booth=booth, number="1", answers=ANSWERS)
    found = enter_sheet(jon, booth=booth, number="1", answers={"city": {"options": ["p2"]}})
    page = client_of(ina).get(f"/en/desk/polls/money/booths/{booth.pk}/sheets/{found.sheet.pk}/")
    assert "Project 3 – €30,000" in page.content.decode()


def test_nobody_can_enter_a_sheet_over_the_envelope(budget, bob, alice):
    poll = budget(secrecy="named")
    booth, (ina, _jon) = officers_at(poll, bob)
    check_in(ina, booth=booth, who=Identity(email=alice.email), sheet_number="1")
    with pytest.raises(WrongAnswers):
        enter_sheet(ina, booth=booth, number="1", answers={"city": {"options": ["p5", "p4"]}})


def test_what_follows_a_count_is_in_its_transaction(budget, alice):
    followed = []

    def follow(poll):
        followed.append((poll.pk, poll.process.kind, poll.outcomes.count() > 0))

    poll = budget(follow=[follow])
    cast(alice, poll)
    counted = end_and_count(poll)
    assert followed == [(poll.pk, "budget", True)]
    assert counted.process.closed_at is None and counted.process.results_published_at is None
    assert not count(poll.pk) and len(followed) == 1


def test_a_count_whose_sequel_fails_is_not_a_count(budget, alice, monkeypatch):
    def fails(_poll):
        raise RuntimeError("the allocation failed")

    poll = budget(follow=[fails])
    cast(alice, poll)
    with pytest.raises(RuntimeError):
        end_and_count(poll)
    assert fresh(poll).counted_at is None
    assert not Entry.objects.filter(kind=EntryKind.POLL_COUNTED).exists()
    monkeypatch.delitem(COUNTED, "budget")
    assert count(poll.pk)


def test_results_tell_who_chose_what_and_how_many_points(budget, client, bob):
    poll = budget(secrecy="named")
    put_in(poll, [ANSWERS] * 3 + [{"city": {"options": ["p2"]}}] * 2)
    poll = end_and_count(poll)
    assert [row["count"] for row in result(poll, "city")["rows"]] == [0, 5, 3, 0, 0]
    points = {row["key"]: (row["count"], row["points"]) for row in result(poll, "points")["rows"]}
    assert points["p1"] == (3, 18) and points["p2"] == (0, 0)
    shown = {row.question.key: row for row in results_of(poll).questions()}
    assert shown["city"].sentence == "100.0% chose “Project 2”, more than any other."
    assert shown["points"].sentence == "Most points, 18: “Project 1”."
    assert shown["points"].tables[0][0].lines[0].cells[:2] == ("18", "3")
    flat = [dict(zip(COLUMNS, row, strict=True)) for row in rows(results_of(poll))]
    given = [row for row in flat if row["measure"] == "points" and row["answer"] == "p4"]
    assert [(row["count"], row["base"]) for row in given] == [(12, 3)]
    for name in ("csv", "json", "xlsx"):
        assert client.get(f"/en/polls/money/results/{name}").status_code == 200


def test_a_confidential_result_hides_points_that_could_be_computed(budget):
    poll = budget()
    put_in(poll, [ANSWERS] * 7 + [{"points": {"points": {"p2": 5}}}])
    rows_ = result(end_and_count(poll), "points")["rows"]
    assert [row["count"] for row in rows_] == [7, None, None, 7, None]
    assert {row["points"] for row in rows_} == {None}


def test_live_results_of_money_and_points_are_counted_as_they_come(budget):
    poll = budget(secrecy="named", results_policy="live")
    put_in(poll, [ANSWERS] * 2)
    found = results_of(fresh(poll))
    assert not found.is_final
    assert found.outcomes["points", FREQUENCIES]["rows"][0]["points"] == 12
    assert [row.sentence for row in found.questions()]


def test_single_answers_have_a_column_for_each_projects_points(budget, bob, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    poll = budget(secrecy="named")
    put_in(poll, [ANSWERS] * 2)
    poll = end_and_count(poll)
    lines = list(csv.DictReader(io.StringIO(content(made(bob, poll)).decode("utf-8-sig"))))
    assert lines[0]["What shall the city build?"] == "Project 2 | Project 3"
    assert lines[0]["Share your points – Project 1"] == "6"
    assert lines[0]["Share your points – Project 2"] == ""
    assert b"points.p4" in content(made(bob, poll, "jsonl"))
    assert made(bob, poll, "xlsx").finished_at


def test_a_secret_ballot_about_money_leaves_nothing_that_names_its_voter(budget, bob, client_of):
    poll = budget(asking(knapsack(is_shuffled=True), share()), secrecy="secret")
    booth, officers = officers_at(poll, bob)
    people = [factories.person(f"Voter {n}") for n in range(8)]
    for number, who in enumerate(people[:7]):
        options = [["p1", "p2"], ["p3"], ["p1", "p5"]][number % 3]
        client = client_of(who)
        carried = json.dumps({"city": {"options": options}, "points": {"points": {"p1": 3}}})
        client.post("/en/polls/money/answer/?page=page-city", {"q.city": options, "go": "add"})
        client.post("/en/polls/money/check/", {"carried": carried, "go": "send"})
    check_in(officers[0], booth=booth, who=Identity(email=people[7].email))
    assert not Draft.objects.exists()
    end(poll)
    run_clock()
    states = [enter_sheet(one, booth=booth, number="1", answers=ANSWERS).state for one in officers]
    assert states[-1] == ACCEPTED
    end_booth(officers[0], booth=booth)
    count(poll.pk)
    deliver_entries()
    assert Ballot.objects.filter(turnout__isnull=True).count() == 8 == Turnout.objects.count()
    holders = {"voting_ballot", "voting_sheet", "voting_correction"}
    names = {str(who.pk) for who in people}
    for table, columns, found in tables():
        for row in found:
            if table in ("voting_outcome", "voting_poll"):
                continue
            if any(value and '"options": ["p' in value for value in row):
                assert table in holders, (table, row)
                values = dict(zip(columns, row, strict=True))
                who = {v for n, v in values.items() if n.endswith(("user_id", "_by_id"))}
                assert not who & names
    lines = [json.loads(line) for line in bundle(fresh(poll))]
    report = recount.recount(lines[0], list(enumerate(lines[1:], 2)))
    assert report.differences == 0, report.lines


def test_its_questions_are_not_written_at_the_desk_of_polls(budget, bob, client_of):
    poll = budget()
    draft = fresh(poll)
    page = QuestionPage(poll=draft, key="p1", order=0)
    assert draft.process.kind in QUESTIONNAIRES
    with pytest.raises(Refused) as caught:
        questions.add_page(bob, poll=draft, title={"en": "x"}, intro={})
    assert caught.value.verdict.status == 409
    with pytest.raises(Refused) as caught:
        questions.add_question(bob, page=page, question=knapsack())
    assert caught.value.verdict.status == 409
    desk = client_of(bob)
    for path in ("", "questions/", "rules/", "phases/", "publish/", "close/", "about/"):
        assert desk.get(f"/en/desk/polls/money/{path}").status_code == 404, path


def test_preview_codes_and_single_answers_stand_at_this_desk_too(budget, bob, client_of):
    poll = budget(eligibility="invited", secrecy="named")
    desk = client_of(bob)
    preview = desk.get("/en/desk/polls/money/preview/").content.decode()
    assert "Left: €60,000" in preview and 'href="/en/desk/budgets/money/"' in preview
    codes = desk.get("/en/desk/polls/money/codes/")
    assert codes.status_code == 200
    made_now = desk.post("/en/desk/polls/money/codes/", {"number": "2", "batch": "north"})
    assert made_now.status_code == 200
    assert poll.invitations.count() == 2
    desk.post("/en/desk/polls/money/codes/revoke/", {"batch": "north"})
    assert poll.invitations.filter(revoked_at__isnull=False).count() == 2
    make_codes(bob, poll=fresh(poll), number=1)
    end_and_count(poll)
    assert desk.get("/en/desk/polls/money/exports/").status_code == 200
