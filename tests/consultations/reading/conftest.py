"""A consultation that has its second version."""

import pytest

from answers.actions import answer
from consultations.actions import (
    propose_amendment,
    publish_version,
    write_draft,
)
from consultations.drafting.parse import parse_draft
from consultations.models import Proposal
from tests import scenario


@pytest.fixture
def second_version(world, alice, bob) -> Proposal:
    """The text's second version: article 2 rewritten because of Alice, 4 gone, 5 new."""
    proposal = propose_amendment(
        alice, section_id=world.section(2).pk, body="Two trees.", reason="", title="Two for one"
    )
    answer(bob, subject_id=proposal.subject_id, decision="adopted", body="Gladly.")
    text = scenario.TEXT.replace("A tree that is felled", "Each tree that is felled")
    text = text[: text.index("## Article 4")] + "## Article 5: Dogs\n\nDogs are kept on a lead.\n"
    write_draft(bob, consultation=world.consultation, draft=parse_draft(text), language="en")
    publish_version(
        bob,
        consultation=world.consultation,
        moved_by={world.section(2).pk: [proposal.subject_id]},
        notes={world.section(2).pk: "More trees."},
    )
    return proposal
