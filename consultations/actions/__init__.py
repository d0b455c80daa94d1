"""Every write of this app: setting up, the text and its versions, people's proposals."""

from consultations.actions.drafts import (
    begin_version,
    insert_wording,
    take_amendment,
)
from consultations.actions.proposals import propose_amendment, propose_new_article
from consultations.actions.removals import remove_wording, restore_wording
from consultations.actions.revisions import edit_proposal, withdraw_proposal
from consultations.actions.setup import (
    create_consultation,
    edit_about,
    publish_consultation,
    set_languages,
)
from consultations.actions.text import (
    edit_wording,
    identify,
    move_wording,
    shift_wording,
    write_draft,
)
from consultations.actions.versions import discard_draft, publish_version

__all__ = [
    "begin_version",
    "create_consultation",
    "discard_draft",
    "edit_about",
    "edit_proposal",
    "edit_wording",
    "identify",
    "insert_wording",
    "move_wording",
    "propose_amendment",
    "propose_new_article",
    "publish_consultation",
    "publish_version",
    "remove_wording",
    "restore_wording",
    "set_languages",
    "shift_wording",
    "take_amendment",
    "withdraw_proposal",
    "write_draft",
]
