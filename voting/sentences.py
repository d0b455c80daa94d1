"""What is wrong with answers, rules and questionnaires, in sentences that say what to do."""

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.ui.money import money
from voting.questionnaire.problems import Problem

# What was answered.
_ANSWERS: dict[str, str | Promise] = {
    "not_answers": _("The answers could not be read. Send them as the questions ask for them."),
    "unknown_questions": _("There are answers to questions that are not asked."),
    "wrong_shape": _("This answer could not be read. Answer as the question asks for it."),
    "not_offered": _("Choose one of the answers that are offered."),
    "named_twice": _("Name each option once only."),
    "outside": _("Give a number from %(least)s to %(most)s."),
    "below": _("Give a number of %(least)s or more."),
    "equal_ranks": _("Two options have rank %(rank)s. Give each rank once."),
    "rank_left_out": _("No option has rank %(rank)s. Rank without leaving a number out."),
    "not_a_number": _("Write a number, such as 12 or 12.5."),
    "one_page_only": _("Choose one area, and answer there only."),
    "not_a_date": _("Write a day that exists, such as 2026-11-24."),
}
# What must be mended in a questionnaire.
_QUESTIONS: dict[str, str | Promise] = {
    "no_page": _("Add a page with at least one question."),
    "no_question": _("Add at least one question."),
    "page_empty": _("This page asks nothing. Add a question or remove the page."),
    "page_twice": _("Two pages have the same short name."),
    "question_twice": _("Two questions have the same short name."),
    "too_many_questions": _("Ask at most %(most)s questions."),
    "key_unfit": _(
        "The short name may hold letters without accents, digits, “-” and “_”, and must not be and, or, "
        "not, has or answered."
    ),
    "title_missing": _("Write the question."),
    "label_missing": _("Something to choose has no words."),
    "option_twice": _("Two of the things to choose have the same short name."),
    "too_many_options": _("There are too many things to choose."),
    "options_missing": _("Offer at least two options."),
    "two_others": _("Offer “other” once only."),
    "items_missing": _("Write at least one line to judge."),
    "grades_missing": _("Offer at least two grades."),
    "limits_unfit": _("The least and the most do not fit each other, or the options."),
    "scale_unfit": _("Give the scale a first and a last number, with 2 to 11 points between them."),
    "share_unfit": _(
        "Say how many points there are to share, and how many at most for one option."
    ),
    "budget_unfit": _("Say how much money there is, as a number above nought."),
    "cost_unfit": _("Say of each option what it costs, as a number above nought."),
    "currency_unfit": _("Write the currency as its three letters, such as EUR."),
    "priced_other": _("Where there is money or points to share, “other” cannot be offered."),
    "path_unfit": _("An address of an option does not lead to a page of this site."),
    "points_unfit": _("Words of a scale stand beside its numbers only."),
    "method_unfit": _("This way of counting does not suit this kind of question."),
    "seats_unfit": _("There are more seats than options."),
    "demographic_unfit": _("This kind of question cannot ask that about a person."),
    "satisfied_unfit": _("“Satisfied from” must be a point of the scale."),
    "secret_kind": _(
        "A secret ballot asks for choices only: numbers, days and words can tell who wrote them."
    ),
    "secret_other": _("A secret ballot cannot offer “other”: words can tell who wrote them."),
    "secret_demographic": _("A secret ballot cannot ask who somebody is."),
    "language_missing": _("Some words are missing in %(language)s."),
}
# Where a rule "show if" goes wrong.
_RULES: dict[str, str | Promise] = {
    "rule_too_long": _("The rule is too long."),
    "rule_too_deep": _("The rule has too many brackets in brackets."),
    "rule_character": _("The rule cannot be read at character %(at)s: “%(word)s” has no place there."),
    "rule_unexpected": _("At character %(at)s the rule needs “and” or “or” before “%(word)s”."),
    "rule_bracket_open": _("A bracket is opened and not closed before character %(at)s of the rule."),
    "rule_question_missing": _("At character %(at)s the rule needs the short name of a question."),
    "rule_sign_missing": _("At character %(at)s the rule needs a sign: =, !=, <, >, <=, >= or has."),
    "rule_value_missing": _("At character %(at)s the rule needs an answer to compare with."),
    "rule_unknown_question": _("The rule names “%(word)s”, which is not an earlier question."),
    "rule_unknown_value": _("The rule compares “%(word)s” with “%(value)s”, which cannot be answered there."),
    "rule_only_answered": _("“%(word)s” is answered in words: a rule can only ask “answered %(word)s”."),
    "rule_part_missing": _("Say which line of “%(word)s” is meant, such as “%(word)s.staff”."),
    "rule_unknown_part": _("“%(word)s” has no line “%(part)s”."),
    "rule_sign_unfit": _("“%(sign)s” cannot be asked of “%(word)s”."),
}  # fmt: skip
_SENTENCES = {**_ANSWERS, **_QUESTIONS, **_RULES}


def _too_few(params: Mapping[str, str | int]) -> str:
    number = int(params["least"])
    return ngettext("Choose at least %(number)s.", "Choose at least %(number)s.", number) % {
        "number": number
    }


def _too_many(params: Mapping[str, str | int]) -> str:
    number = int(params["most"])
    return ngettext("Choose at most %(number)s.", "Choose at most %(number)s.", number) % {
        "number": number
    }


def _not_exactly(params: Mapping[str, str | int]) -> str:
    number = int(params["number"])
    return ngettext("Choose exactly %(number)s.", "Choose exactly %(number)s.", number) % {
        "number": number
    }


def _too_long(params: Mapping[str, str | int]) -> str:
    number = int(params["most"])
    return ngettext(
        "Write at most %(number)s character.", "Write at most %(number)s characters.", number
    ) % {"number": number}


def _over_budget(params: Mapping[str, str | int]) -> str:
    currency = str(params["currency"])
    return gettext(
        "What you chose costs %(over)s more than there is (%(budget)s). Take something out."
    ) % {
        "over": money(str(params["over"]), currency),
        "budget": money(str(params["budget"]), currency),
    }


def _too_many_points(params: Mapping[str, str | int]) -> str:
    over = int(params["over"])
    return ngettext(
        "You gave %(over)s point more than the %(most)s that there are. Take some back.",
        "You gave %(over)s points more than the %(most)s that there are. Take some back.",
        over,
    ) % {"over": over, "most": params["most"]}


def _too_few_points(params: Mapping[str, str | int]) -> str:
    least = int(params["least"])
    return ngettext("Give at least %(least)s point.", "Give at least %(least)s points.", least) % {
        "least": least
    }


def _too_many_for_one(params: Mapping[str, str | int]) -> str:
    most = int(params["most"])
    return ngettext(
        "Give at most %(most)s point to one of them.",
        "Give at most %(most)s points to one of them.",
        most,
    ) % {"most": most}


_COUNTED: dict[str, Callable[[Mapping[str, str | int]], str]] = {
    "too_few": _too_few,
    "too_many": _too_many,
    "not_exactly": _not_exactly,
    "too_long": _too_long,
    "over_budget": _over_budget,
    "too_many_points": _too_many_points,
    "too_few_points": _too_few_points,
    "too_many_for_one": _too_many_for_one,
}


def sentence(problem: Problem) -> str:
    """What is wrong, in the reader's language. A code without a sentence gets a general one."""
    if problem.code in _COUNTED:
        return _COUNTED[problem.code](problem.params)
    if problem.code in _SENTENCES:
        return str(_SENTENCES[problem.code]) % problem.params
    return gettext("This needs another look.")
