"""Weighted results as a page shows them, beside the plain ones. Makes no query."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from common.texts import Localized, localized
from voting.questionnaire.definition import Question, Questionnaire
from voting.results import words
from voting.results.shown import Line, Table

Row = dict[str, Any]


def weighted_tables(question: Question, result: Row) -> list[Table]:
    """One table, or one for each line of a matrix."""
    if "parts" in result:
        return [
            _table(question, part, words.part(question, part["key"]).text)
            for part in result["parts"]
            if part["rows"]
        ]
    return [_table(question, result, _("Weighted to the population"))]


def _table(question: Question, result: Row, caption: str) -> Table:
    head = (
        Localized(pgettext("column", "Weighted share"), ""),
        Localized(pgettext("column", "95% interval"), ""),
    )
    lines = [
        Line(
            words.answer(question, row["key"]),
            (words.percent(row["share"]), words.interval(row["low"], row["high"]) or "–"),
        )
        for row in result["rows"]
    ]
    notes = []
    if result.get("mean") is not None:
        notes.append(_("Weighted mean %(mean)s.") % {"mean": words.decimal(result["mean"])})
    if result.get("satisfied") is not None:
        share = words.percent(result["satisfied"])
        notes.append(_("Satisfied, weighted: %(share)s.") % {"share": share})
    return Table(caption, pgettext("column", "Answer"), head, lines, notes)


def weights_sentences(asked: Questionnaire, said: Mapping[str, Any] | None) -> list[str]:
    """How results were weighted, how far that carries, or why it was not possible."""
    if said is None:
        return [_("The answers are not weighted.")]
    names = ", ".join(f"“{localized(asked.question(key).title).text}”" for key in said["margins"])
    if "problem" in said:
        return [_problem(asked, said)]
    sentences = [
        _("Weighted results make up the answers as the population is by %(questions)s (raking).")
        % {"questions": names},
        _(
            "Weights go from %(least)s to %(most)s. The %(number)s weighted answers carry as far as "
            "%(size)s unweighted ones (Kish’s effective size)."
        )
        % {
            "least": words.decimal(said["least"]),
            "most": words.decimal(said["most"]),
            "number": words.whole(said["respondents"]),
            "size": words.decimal(said["effective_size"], 0),
        },
    ]
    if said["left_out"]:
        sentences.append(
            ngettext(
                "%(count)s person did not say what weighting needs and is left out of it.",
                "%(count)s people did not say what weighting needs and are left out of it.",
                said["left_out"],
            )
            % {"count": words.whole(said["left_out"])}
        )
    if not said["has_converged"]:
        sentences.append(_("The weights meet the known shares only nearly."))
    return sentences


def _problem(asked: Questionnaire, said: Mapping[str, Any]) -> str:
    if said["problem"] != "no_respondents":
        return _("The answers could not be weighted to the known shares of the population.")
    question = asked.question(said["question"])
    return _(
        "The answers could not be weighted: nobody of the group “%(group)s” (%(question)s) answered."
    ) % {
        "group": words.answer(question, said["category"]).text,
        "question": localized(question.title).text,
    }
