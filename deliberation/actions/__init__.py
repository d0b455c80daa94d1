"""What a participant can do to a subject. Every function is one transaction or joins the caller's."""

from deliberation.actions.comments import (
    edit_comment,
    end_support,
    post_comment,
    support_comment,
    withdraw_comment,
)
from deliberation.actions.positions import (
    Standing,
    reset_positions,
    take_position,
    withdraw_position,
)
from deliberation.actions.sources import add_source, withdraw_source

__all__ = [
    "Standing",
    "add_source",
    "edit_comment",
    "end_support",
    "post_comment",
    "reset_positions",
    "support_comment",
    "take_position",
    "withdraw_comment",
    "withdraw_position",
    "withdraw_source",
]
