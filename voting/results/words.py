"""Keys of outcomes in the reader's words: options, points, groups, classes, shares, tests."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from common.texts import Localized, localized
from common.ui import moments
from voting.kinds import Channel
from voting.questionnaire.conditions import NOT_APPLICABLE
from voting.questionnaire.definition import Item, Option, Question, QuestionKind
from voting.results.gathering import CHANNEL, NOT_SAID

# Cramér's V from which an association is called weak, medium, strong (J. Cohen, 1988, for 2 by k).
_STRENGTHS = (0.1, 0.3, 0.5)


def percent(share: float | None, digits: int = 1) -> str:
    """0.515 as "51.5%", as the language writes it; a dash for what is hidden."""
    if share is None:
        return "–"
    return _("%(number)s%%") % {"number": decimal(share * 100, digits)}


def decimal(number: float | None, digits: int = 2) -> str:
    """A number with so many decimals, halves away from zero, as the language writes it; a dash for None."""
    if number is None:
        return "–"
    cut = Decimal(repr(number)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return number_format(cut if cut else abs(cut), digits, force_grouping=True)


def whole(number: int | None) -> str:
    return "–" if number is None else number_format(number, force_grouping=True)


def interval(low: float | None, high: float | None, *, is_share: bool = True) -> str:
    """ "47.5–55.5%", or "" where there is none."""
    if low is None or high is None:
        return ""
    if not is_share:
        return _("%(low)s to %(high)s") % {"low": decimal(low), "high": decimal(high)}
    return _("%(low)s to %(high)s") % {
        "low": decimal(low * 100, 1),
        "high": percent(high),
    }


def answer(question: Question, key: str, part: str = "") -> Localized:
    """The label of an answer's key: an option, a grade, a point, a class of numbers or dates."""
    if key == NOT_APPLICABLE:
        return _here(_("Does not apply"))
    if question.kind is QuestionKind.YES_NO:
        return _here(_yes_no(key))
    if question.kind in (QuestionKind.SCALE, QuestionKind.MATRIX):
        return _point(question, key)
    if question.kind is QuestionKind.GRADES and part:
        return _named(question.points, key)
    if question.kind is QuestionKind.NUMBER:
        return _here(_ages(key) if question.demographic == "age" else _span(key))
    if question.kind is QuestionKind.DATE:
        return _here(_days(key))
    return _named(question.options, key)


def part(question: Question, key: str) -> Localized:
    """The label of an item of a matrix or of an option that is scored or graded."""
    named = question.items if question.kind is QuestionKind.MATRIX else question.options
    return _named(named, key)


def group(question: Question | None, key: str) -> Localized:
    """The label of a group of a question about the person; None: of a channel."""
    if question is None:
        labels = {str(value): str(label) for value, label in Channel.choices}
        return _here(labels.get(key, key))
    if key == NOT_SAID:
        return _here(_("Did not say"))
    return answer(question, key)


def grouping(question: Question | None, demographic: str) -> Localized:
    """What tells groups apart, in words: "Channel", "Age", …"""
    names = {
        CHANNEL: pgettext("grouping", "Channel"),
        "sex": pgettext("grouping", "Sex"),
        "age": pgettext("grouping", "Age"),
        "area": pgettext("grouping", "Area"),
    }
    if question is None or demographic in names:
        return _here(names.get(demographic, demographic))
    return localized(question.title)


def test_sentences(test: Mapping[str, Any] | None) -> list[str]:
    """What a chi-square says, first in words and then in figures."""
    if test is None:
        return [_("There are too few groups to test whether they differ.")]
    differ = test["p"] < 0.05
    if not differ:
        first = _("The groups do not differ by more than chance would make them.")
    else:
        first = {
            0: _("The groups differ by more than chance, but hardly."),
            1: _("The groups differ by more than chance; how they answered depends on it weakly."),
            2: _("The groups differ by more than chance; how they answered clearly depends on it."),
            3: _(
                "The groups differ by more than chance; how they answered depends on it strongly."
            ),
        }[sum(test["cramers_v"] >= least for least in _STRENGTHS)]
    figures = _(
        "Chi-square %(statistic)s, degrees of freedom %(degrees)s, %(p)s, Cramér’s V %(v)s, "
        "without a correction."
    ) % {
        "statistic": decimal(test["statistic"]),
        "degrees": test["degrees"],
        "p": _p(test["p"]),
        "v": decimal(test["cramers_v"]),
    }
    sentences = [first, figures]
    if yates := test.get("yates"):
        sentences.append(
            _("With Yates’ correction: chi-square %(statistic)s, %(p)s.")
            % {"statistic": decimal(yates["statistic"]), "p": _p(yates["p"])}
        )
    if not test["is_reliable"]:
        sentences.append(_("Some groups are small, so take this test with caution."))
    return sentences


def _p(p: float) -> str:
    if p < 0.001:
        return _("p below %(number)s") % {"number": decimal(0.001, 3)}
    return _("p %(number)s") % {"number": decimal(p, 3)}


def _here(text: str) -> Localized:
    return Localized(text, get_language() or "")


def _yes_no(key: str) -> str:
    return {
        "yes": pgettext("vote", "Yes"),
        "no": pgettext("vote", "No"),
        "abstain": pgettext("vote", "I abstain"),
    }.get(key, key)


def _named(named: tuple[Option, ...] | tuple[Item, ...], key: str) -> Localized:
    for one in named:
        if one.key == key:
            return localized(one.label)
    return _here(key)


def _point(question: Question, key: str) -> Localized:
    """ "5 – very good" where the point has a word, else the number."""
    word = next((localized(point.label) for point in question.points if point.key == key), None)
    if not word or word.text == key:
        return _here(key)
    return Localized(f"{key} – {word.text}", word.language)


def _span(key: str) -> str:
    low, dots, high = key.partition("..")
    if not dots:
        return _number(key)
    return _("%(low)s to under %(high)s") % {"low": _number(low), "high": _number(high)}


def _number(text: str) -> str:
    return number_format(text, force_grouping=True)


def _ages(key: str) -> str:
    """A span of ages: "18–29"."""
    if key.endswith("+"):
        return _("%(age)s and older") % {"age": key[:-1]}
    if key.startswith("0-"):
        return _("under %(age)s") % {"age": int(key[2:]) + 1}
    return key.replace("-", "–")


def _days(key: str) -> str:
    if key.endswith("s"):
        return f"{key[:4]}–{int(key[:4]) + 9}"
    if len(key) == 7:
        return date_format(date.fromisoformat(f"{key}-01"), "F Y")
    return moments.day(date.fromisoformat(key)) if len(key) == 10 else key
