"""The pages of booths: an owner makes one, two officers take and enter a sheet, all without scripts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.voting.polls import end, fresh, open_poll
from voting.actions.booths import Identity, add_officer, check_in, make_booth
from voting.actions.paper import enter_sheet
from voting.models import Ballot, Booth, Sheet, Turnout
from voting.tasks import run_clock

RED = {"colour": {"option": "red"}}
BLUE = {"colour": {"option": "blue"}}


@pytest.fixture
def ina(db):
    return factories.person("Ina")


@pytest.fixture
def jon(db):
    return factories.person("Jon")


@pytest.fixture
def poll(bob, organisation):
    return open_poll(bob, organisation, secrecy="named", slug="tram")


@pytest.fixture
def booth(poll, bob, ina, jon):
    booth = make_booth(bob, poll=poll, name="Town hall", place="Main street 1")
    for officer in (ina, jon):
        add_officer(bob, booth=booth, email=officer.email)
    return booth


def at(booth, path=""):
    return f"/en/desk/polls/{booth.poll.process.slug}/booths/{booth.pk}/{path}"


def text(response):
    return response.content.decode()


def test_a_booth_from_its_name_to_its_end(client_of, poll, bob, ina, jon, alice):
    owner, first, second = client_of(bob), client_of(ina), client_of(jon)
    listed = "/en/desk/polls/tram/booths/"
    assert "Booths will stand here" in text(owner.get(listed))
    made = owner.post(f"{listed}new/", {"name": "Town hall", "channel": "paper"})
    booth = Booth.objects.get()
    assert made.url == at(booth, "officers/")
    for officer in (ina, jon):
        owner.post(at(booth, "officers/"), {"email": officer.email})
    assert "Town hall" in text(first.get("/en/booths/"))

    page = text(first.get(at(booth)))
    assert "Let a person vote" in page
    let_in = first.post(at(booth), {"email": alice.email, "sheet": "A 1"}, follow=True)
    assert "The person may vote with sheet A 1." in text(let_in)
    assert alice.email not in text(let_in)

    form = text(first.get(at(booth, "enter/"), {"number": "A 1"}))
    assert "Which colour shall the tram have?" in form
    data = {"number": "A 1", "q.colour": "red", "q.tree": "yes"}
    once = first.post(at(booth, "enter/"), data, follow=True)
    assert "Sheet A 1 is entered once." in text(once)
    again = first.get(at(booth, "enter/"), {"number": "A 1"}, follow=True)
    assert "Another officer must enter it the second time." in text(again)
    twice = second.post(at(booth, "enter/"), data, follow=True)
    assert "It is in the ballot box." in text(twice)
    assert Ballot.objects.get().answers == {
        "colour": {"option": "red"},
        "tree": {"option": "yes"},
    }
    assert "In the ballot box" in text(second.get(at(booth)))
    ended = second.post(at(booth, "end/"), follow=True)
    assert "This booth was ended on" in text(ended)


def test_entries_that_differ_lead_to_both_side_by_side(client_of, booth, ina, jon, alice):
    check_in(ina, booth=booth, who=Identity(email=alice.email), sheet_number="1")
    enter_sheet(ina, booth=booth, number="1", answers=RED)
    browser = client_of(jon)
    page = browser.post(at(booth, "enter/"), {"number": "1", "q.colour": "blue"}, follow=True)
    shown = text(page)
    assert "The two entries of sheet 1 differ." in shown
    assert "Red" in shown
    assert "Blue" in shown
    assert shown.count("They differ") == 1
    address = page.redirect_chain[-1][0]
    refused = browser.post(address, {"right": "first", "reason": ""})
    assert refused.status_code == 400
    done = browser.post(address, {"right": "first", "reason": "It is red."}, follow=True)
    assert "Sheet 1 is in the ballot box." in text(done)
    assert Ballot.objects.get().answers == RED
    log = text(browser.get(at(booth, "log/")))
    assert "It is red." in log
    assert "Which colour shall the tram have?" in log
    assert "Blue" not in log  # before the count nobody learns what sheets say


def test_a_sheet_with_wrong_answers_keeps_what_was_typed(client_of, booth, ina, alice):
    check_in(ina, booth=booth, who=Identity(email=alice.email), sheet_number="1")
    page = client_of(ina).post(
        at(booth, "enter/"), {"number": "1", "q.colour": "pink", "q.tree": "yes"}
    )
    assert page.status_code == 400
    assert "Choose one of the answers that are offered." in text(page)
    assert 'value="yes" id="q.tree.yes" checked' in text(page)
    assert Sheet.objects.get().first is None


def test_the_second_person_does_not_see_the_first_entry(client_of, booth, ina, jon, alice):
    check_in(ina, booth=booth, who=Identity(email=alice.email), sheet_number="1")
    enter_sheet(ina, booth=booth, number="1", answers=RED)
    sheet = Sheet.objects.get()
    browser = client_of(jon)
    assert "checked" not in text(browser.get(at(booth, "enter/"), {"number": "1"}))
    assert browser.get(at(booth, f"sheets/{sheet.pk}/")).status_code == 403


def test_the_log_is_a_file_that_no_spreadsheet_runs(client_of, booth, bob, ina, jon, alice):
    check_in(ina, booth=booth, who=Identity(email=alice.email), sheet_number="=1+1")
    enter_sheet(ina, booth=booth, number="=1+1", answers=RED)
    end(booth.poll)
    run_clock()
    browser = client_of(bob)
    address = at(booth, f"sheets/{Sheet.objects.get().pk}/discard/")
    browser.post(address, {"reason": "@lost"})
    browser.post(at(booth, "end/"))
    run_clock()
    assert fresh(booth.poll).counted_at is not None
    lines = b"".join(browser.get(at(booth, "log.csv")).streaming_content).decode().splitlines()
    assert len(lines) == 3
    assert ",'=1+1," in lines[1]
    assert lines[1].endswith("Red; –,")
    assert lines[2].endswith("'@lost")


def test_a_check_in_is_taken_back(client_of, booth, ina, alice):
    browser = client_of(ina)
    browser.post(at(booth), {"email": alice.email, "sheet": "1"})
    assert browser.get(at(booth, "take-back/")).status_code == 200
    done = browser.post(at(booth, "take-back/"), {"email": alice.email}, follow=True)
    assert "The check-in is taken back." in text(done)
    assert Turnout.objects.get().withdrawn_at is not None


def test_refusals_stand_above_the_form_and_keep_what_was_typed(client_of, booth, ina):
    page = client_of(ina).post(at(booth), {"email": "who@example.org", "sheet": "1"})
    assert page.status_code == 400
    assert "Nobody who may vote here has an account with this address." in text(page)
    assert 'value="who@example.org"' in text(page)


def test_nobody_is_sent_to_sign_in_and_nothing_typed_is_kept(client, booth):
    answer = client.post(at(booth, "enter/"), {"number": "1", "q.colour": "red"})
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("path", ["", "enter/?number=1", "take-back/", "end/", "log/", "log.csv"])
def test_outsiders_see_nothing_of_a_booth(client_of, booth, charlie, olga, path):
    for person in (charlie, olga):
        assert client_of(person).get(at(booth, path)).status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [("", 200), ("log/", 200), ("enter/?number=1", 403), ("take-back/", 403), ("end/", 403)],
)
def test_people_of_the_body_look_on(client_of, booth, edith, otto, path, status):
    for person in (edith, otto):
        assert client_of(person).get(at(booth, path)).status_code == status
    assert client_of(edith).post(at(booth), {"email": "x"}).status_code == 403


def test_officers_learn_nothing_of_other_booths(client_of, poll, booth, bob, ina):
    other = make_booth(bob, poll=poll, name="Library")
    assert client_of(ina).get(at(other)).status_code == 403
    assert "Library" not in text(client_of(ina).get("/en/booths/"))
    assert client_of(ina).get("/en/desk/polls/tram/booths/").status_code == 403


def test_a_booth_of_another_poll_is_not_there(client_of, booth, bob, organisation):
    open_poll(bob, organisation, slug="other")
    address = f"/en/desk/polls/other/booths/{booth.pk}/"
    assert client_of(bob).get(address).status_code == 404
    assert client_of(bob).get(at(booth, "sheets/99999999999999999999/")).status_code == 404


def test_lists_cost_the_same_with_30_rows_as_with_3(client_of, poll, booth, bob, ina):
    def fill(numbers):
        for number in numbers:
            person = factories.person()
            check_in(ina, booth=booth, who=Identity(email=person.email), sheet_number=str(number))
            enter_sheet(ina, booth=booth, number=str(number), answers=RED)
            made = make_booth(bob, poll=poll, name=f"Booth {number}")
            add_officer(bob, booth=made, email=ina.email)

    pages = [
        (ina, at(booth)),
        (ina, at(booth, "log/")),
        (ina, "/en/booths/"),
        (bob, "/en/desk/polls/tram/booths/"),
    ]

    def counted():
        found = []
        for person, address in pages:
            browser = client_of(person)
            browser.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(address).status_code == 200
            found.append(len(captured))
        return found

    fill(range(3))
    few = counted()
    fill(range(3, 30))
    assert counted() == few
    assert max(few) <= 10
