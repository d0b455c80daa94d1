"""What no browser sends to the desk of polls: refused with a word, never broken."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture.authorisation import routes
from tests.voting.polls import COLOURS, RANKED, TREE, draft_poll
from voting.actions.groups import create_group
from voting.actions.questions import add_page, build_questionnaire
from voting.kinds import Eligibility

pytestmark = pytest.mark.django_db

ODD = ("\x00", "a\x00b", "9" * 60, "-1", "NaN", "[" * 3000, "x" * 3000, "\u202e١٢", "")
FIELDS = (
    "kind", "page", "so_far", "look", "next", "back", "key", "title_en", "help_en", "options_en",
    "items_en", "points_en", "least", "most", "seats", "method", "show_if", "demographic",
    "satisfied_from", "on_page", "languages", "eligibility", "secrecy", "area", "group", "quorum",
    "threshold", "eligible_count", "opens_at", "closes_at", "reason", "number", "batch", "name",
    "emails", "organisation", "topics", "consent_en", "q.colour", "q.order.north", "t.colour",
)  # fmt: skip
KINDS = ("single", "matrix", "scale")


def test_hostile_fields_at_every_address_break_nothing(bob, organisation):
    poll = draft_poll(
        bob, organisation, questions=[COLOURS, TREE, RANKED], eligibility=Eligibility.INVITED
    )
    page = add_page(bob, poll=poll, title={}, intro={})
    group = create_group(bob, organisation=organisation, name="Panel")
    before = build_questionnaire(poll)
    holes = {
        "polldesk:groups": {"slug": organisation.slug},
        "polldesk:group": {"slug": organisation.slug, "pk": group.pk},
        "polldesk:leave-group": {"slug": organisation.slug, "pk": group.pk, "user_id": 2**62},
    }
    client = Client(raise_request_exception=False)
    client.force_login(bob)
    tried = 0
    for route in routes():
        if not route.name.startswith("polldesk:") or "remove" in route.name:
            continue
        names = holes.get(route.name) or {"slug": poll.process.slug}
        if "<int:pk>" in route.pattern and "pk" not in names:
            pk = page.pk if "page" in route.name else poll.questions.get(key="colour").pk
            names = {**names, "pk": pk}
        if "<slug:where>" in route.pattern:
            names = {**names, "where": "sideways"}
        address = reverse(route.name, kwargs=names if "<" in route.pattern else None)
        for odd in ODD:
            for kind in KINDS:
                sent = dict.fromkeys(FIELDS, odd) | {"kind": kind, "page": "p1"}
                answer = client.post(address, sent)
                assert answer.status_code < 500, (route.name, kind, odd[:20])
                if "kind" not in route.name and kind != KINDS[0] and "question" not in route.name:
                    break
            answer = client.get(address, {"page": odd, "kind": odd, "moved": odd, "by": odd})
            assert answer.status_code < 500, (route.name, odd[:20])
            tried += 1
    assert tried > 150
    assert len(list(build_questionnaire(poll).questions())) >= len(list(before.questions()))
