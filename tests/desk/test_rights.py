"""The desk tried by every role and in every phase; see tests.architecture for people without one."""

import pytest

from accounts.actions import verify_person
from accounts.models import User
from accounts.permissions import lives_in
from answers.actions import promise
from common.verdicts import Refused
from consultations.actions import begin_version, propose_amendment, withdraw_proposal
from consultations.models import Wording
from processes.actions import close, publish_results
from tests import scenario

EDITING = ["about/", "text/write/", "phases/", "extend/", "promise/", "close/", "text/"]


def at(process, path=""):
    return f"/en/desk/consultations/{process.slug}/{path}"


@pytest.mark.parametrize("path", EDITING)
def test_an_editor_edits_and_an_answerer_does_not(path, client_of, edith, otto, world):
    assert client_of(edith).get(at(world.process, path)).status_code == 200
    refused = client_of(otto).get(at(world.process, path))
    assert refused.status_code == 403
    assert "Your role in this public body does not include this." in refused.content.decode()


def test_an_answerer_answers_and_an_editor_looks_on(client_of, edith, otto, alice, world):
    amendment = propose_amendment(alice, section_id=world.section().pk, body="Three.", reason="")
    address = at(world.process, f"queue/{amendment.subject_id}/")
    assert client_of(otto).get(address).status_code == 200
    assert client_of(edith).get(address).status_code == 403
    queue = client_of(edith).get(at(world.process, "queue/"))
    assert queue.status_code == 200
    assert 'name="subject"' not in queue.content.decode()


def test_nobody_without_a_role_learns_of_what_is_not_published(
    client_of, olga, alice, bob, organisation
):
    draft = scenario.draft_consultation(bob, organisation)
    for person in (olga, alice):
        assert client_of(person).get(at(draft.process)).status_code == 404


def test_roles_are_given_by_owners_alone(client_of, edith, otto, olga, organisation):
    for person in (edith, otto, olga):
        answer = client_of(person).get(f"/en/desk/bodies/{organisation.slug}/people/")
        assert answer.status_code == 403


def test_the_work_list_shows_each_role_its_own_work(client_of, bob, edith, otto, organisation):
    scenario.draft_consultation(bob, organisation)
    assert "Not published yet" in client_of(edith).get("/en/desk/").content.decode()
    page = client_of(otto).get("/en/desk/").content.decode()
    assert "Not published yet" not in page
    assert "New consultation" not in page


def test_before_publication(client_of, bob, organisation):
    here = scenario.draft_consultation(bob, organisation).process
    desk = client_of(bob)
    assert desk.get(at(here)).status_code == 200
    assert desk.get(at(here, "publish/")).status_code == 200
    for path in ("close/", "results/"):
        page = desk.get(at(here, path))
        assert page.status_code == 409
        assert "desk__nav" in page.content.decode()
    assert desk.get(at(here, "queue/")).status_code == 200
    assert desk.get(at(here, "extend/")).status_code == 302


def test_after_publication(client_of, bob, world):
    desk = client_of(bob)
    assert desk.get(at(world.process, "publish/")).status_code == 409
    assert desk.get(at(world.process, "results/")).status_code == 409
    assert desk.get(at(world.process, "text/discard/")).status_code == 404
    current = world.wording()
    assert desk.get(at(world.process, f"text/parts/{current.pk}/")).status_code == 404


def test_after_closing(client_of, bob, alice, world):
    amendment = propose_amendment(alice, section_id=world.section().pk, body="Three.", reason="")
    close(bob, process=world.process)
    desk = client_of(bob)
    for path in ("phases/", "extend/", "promise/", "close/"):
        assert desk.get(at(world.process, path)).status_code == 409
    assert desk.get(at(world.process, f"queue/{amendment.subject_id}/")).status_code == 200
    assert desk.get(at(world.process, "results/")).status_code == 200
    assert desk.post(at(world.process, "text/begin/")).status_code == 302


def test_after_the_results(client_of, bob, world):
    close(bob, process=world.process)
    begin_version(bob, consultation=world.consultation)
    publish_results(bob, process=world.process, summary={"en": "Done."})
    desk = client_of(bob)
    part = Wording.objects.filter(version__published_at=None).first()
    for path in ("text/write/", f"text/parts/{part.pk}/", "text/publish/", "results/"):
        assert desk.get(at(world.process, path)).status_code == 409, path
    assert desk.get(at(world.process, "text/")).status_code == 200
    assert desk.get(at(world.process)).status_code == 200


def test_what_a_signed_out_official_typed_comes_back(client_of, nobody, bob, world):
    client = client_of(nobody)
    address = at(world.process, "close/")
    sent = client.post(address, {"reason": "All is said, at length."})
    assert sent.status_code == 302
    client.force_login(bob)
    assert "All is said, at length." in client.get(address).content.decode()


def test_a_withdrawn_contribution_cannot_be_answered(client_of, otto, alice, world):
    amendment = propose_amendment(alice, section_id=world.section().pk, body="Three.", reason="")
    withdraw_proposal(alice, proposal_id=amendment.pk)
    page = client_of(otto).get(at(world.process, f"queue/{amendment.subject_id}/"))
    assert page.status_code == 409
    assert "Its author has withdrawn this." in page.content.decode()


def test_parts_of_another_consultation_are_not_found(client_of, bob, organisation, world):
    other = scenario.draft_consultation(bob, organisation, title="Other")
    part = Wording.objects.filter(version__consultation=other).first()
    assert client_of(bob).get(at(world.process, f"text/parts/{part.pk}/")).status_code == 404


def test_huge_numbers_find_nothing(client_of, bob, world):
    desk = client_of(bob)
    huge = 10**30
    for path in (f"queue/{huge}/", f"text/parts/{huge}/"):
        assert desk.get(at(world.process, path)).status_code == 404
    answer = desk.post(at(world.process, "queue/bulk/"), {"subject": [huge, "x", -1]})
    assert answer.status_code == 302


def test_the_promise_shows_whom_it_reaches_without_saving(client_of, bob, world):
    page = client_of(bob).post(
        at(world.process, "promise/"),
        {"rule": "top", "number": 3, "due_at": "", "look": "1"},
    )
    assert page.status_code == 200
    assert not hasattr(world.process, "promise")
    promise(bob, process=world.process, rule="top", number=1, due_at=world.process.closes_at)
    assert (
        "owed an answer at present"
        in client_of(bob).get(at(world.process, "promise/")).content.decode()
    )


def resident(person, area, **fields):
    return {"email": person.email, "area": area.pk, "checked": "1", **fields}


def test_an_editor_notes_where_a_person_lives(client_of, edith, alice, city, organisation):
    here = f"/en/desk/bodies/{organisation.slug}/residents/"
    unchecked = client_of(edith).post(here, resident(alice, city, checked=""))
    assert unchecked.status_code == 400
    assert client_of(edith).post(here, resident(alice, city)).status_code == 302
    assert lives_in(User.objects.get(pk=alice.pk), city.path)


def test_residents_are_those_of_the_own_area(client_of, edith, otto, alice, village, organisation):
    here = f"/en/desk/bodies/{organisation.slug}/residents/"
    assert client_of(edith).post(here, resident(alice, village)).status_code == 400
    assert client_of(otto).get(here).status_code == 403
    with pytest.raises(Refused) as refused:
        verify_person(
            edith, person=alice, level="residence", area=village, organisation=organisation
        )
    assert refused.value.verdict.code == "not_your_area"
    assert not alice.verifications.exists()


def test_nobody_but_administrators_checks_an_identity(edith, alice, organisation):
    with pytest.raises(Refused) as refused:
        verify_person(edith, person=alice, level="identity", organisation=organisation)
    assert refused.value.verdict.code == "not_an_operator"
