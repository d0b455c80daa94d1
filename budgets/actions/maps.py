"""The boundaries that the map of a budget draws."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from budgets.models import Budget
from budgets.permissions import may_edit_budget
from budgets.places import Boundaries, PlaceError, read_boundaries
from common.verdicts import Refused, no, require


def checked_boundaries(raw: bytes) -> Boundaries:
    """The boundaries in a GeoJSON file. Raises Refused (400) with a sentence that says what is wrong."""
    try:
        return read_boundaries(raw)
    except PlaceError as error:
        raise Refused(no(f"geojson_{error.code}", _sentence(error), 400)) from None


@transaction.atomic
def set_boundaries(actor: Any, *, budget: Budget, raw: bytes) -> Boundaries:
    """Draw the boundaries of a GeoJSON file on its maps. At any time: they are no part of what was
    declared."""
    require(may_edit_budget(actor, budget))
    found = checked_boundaries(raw)
    budget.boundaries, budget.map_box = found.geojson, list(found.box)
    budget.save(update_fields=["boundaries", "map_box"])
    return found


@transaction.atomic
def remove_boundaries(actor: Any, *, budget: Budget) -> None:
    """Draw no boundaries any more."""
    require(may_edit_budget(actor, budget))
    budget.boundaries = budget.map_box = None
    budget.save(update_fields=["boundaries", "map_box"])


def _sentence(error: PlaceError) -> str:
    sentences = {
        "too_large": _("The file is larger than 2 megabytes. Simplify its lines first."),
        "not_json": _("This is not a JSON file in UTF-8."),
        "not_geojson": _("This is JSON, but not GeoJSON."),
        "other_crs": _("Its coordinates are in another system. Save it in WGS 84 (degrees)."),
        "nothing_there": _("There is nothing in it that a map can draw."),
        "too_many_features": _("There are too many features in it: at most %(most)s."),
        "too_many_positions": _("Its lines have too many points: at most %(most)s. Simplify them."),
        "unknown_shape": _("GeoJSON has no shape called “%(name)s”."),
        "short_line": _("A line in it has fewer than two points."),
        "open_ring": _("A boundary in it is not closed: it must end where it begins."),
        "not_a_position": _("A point in it is not a pair of numbers."),
        "off_the_earth": _("A point in it lies nowhere on earth: longitude comes first."),
    }
    return sentences[error.code] % error.params
