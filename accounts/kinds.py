"""The fixed words of this app, and the registries that apps above fill."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


class Role(models.TextChoices):
    """What a member may do for the public body: an owner everything, an editor publish, an
    answerer answer."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    ANSWERER = "answerer", _("Answerer")


class VerificationLevel(models.TextChoices):
    IDENTITY = "identity", _("Identity checked")
    RESIDENCE = "residence", _("Residence checked")


# Name of an attribute of `request.user` -> a function that gives the expression for it. Computed
# in the one query that loads the person (see accounts.backends), for example "unread_count".
USER_ANNOTATIONS: dict[str, Callable[[], Any]] = {}

# Name of a section -> a function (person) -> data that JSON can hold: what an export contains.
EXPORT_SECTIONS: dict[str, Callable[["User"], Any]] = {}
