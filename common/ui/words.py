"""The words that recur on every page, translated once per language."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext

POSITIONS = ("agree", "mixed", "disagree")


@lru_cache(maxsize=4096)
def _count(number: int, language: str) -> str:
    return number_format(number, force_grouping=True)


def count(number: int | None) -> str:
    """A whole number with the reader's thousands separator: 71,940."""
    return _count(number or 0, get_language() or "")


@dataclass(frozen=True, slots=True)
class PositionWords:
    """How the three positions are named: on a button and as one's own choice."""

    button: str
    mine: str


@lru_cache(maxsize=32)
def _positions(language: str) -> dict[str, PositionWords]:
    return {
        "agree": PositionWords(gettext("Agree"), gettext("You agree")),
        "mixed": PositionWords(gettext("Mixed"), gettext("You are of two minds")),
        "disagree": PositionWords(gettext("Disagree"), gettext("You disagree")),
    }


def positions() -> dict[str, PositionWords]:
    """The words of the three positions in the active language."""
    return _positions(get_language() or "")


def beside(value: str, number: int) -> str:
    """A position's word beside the number of people who took it: 64 "agree"."""
    return {
        "agree": npgettext("beside a number", "agrees", "agree", number),
        "mixed": npgettext("beside a number", "mixed", "mixed", number),
        "disagree": npgettext("beside a number", "disagrees", "disagree", number),
    }[value]


@lru_cache(maxsize=32)
def _stances(language: str) -> dict[str, str]:
    return {
        "for": pgettext("stance", "For"),
        "against": pgettext("stance", "Against"),
        "neutral": "",
    }


def stance(value: str) -> str:
    """The word of a comment's stance; neutral has none."""
    return _stances(get_language() or "").get(value, "")


@lru_cache(maxsize=32)
def _decisions(language: str) -> dict[str, str]:
    return {
        "adopted": gettext("Adopted"),
        "adopted_in_part": gettext("Adopted in part"),
        "already_covered": gettext("Already covered"),
        "refused": gettext("Refused"),
    }


def decision(value: str) -> str:
    """The word of an official decision."""
    return _decisions(get_language() or "").get(value, value)


def people(number: int) -> str:
    """ "1 person", "5,635 people"."""
    return ngettext("%(count)s person", "%(count)s people", number) % {"count": count(number)}
