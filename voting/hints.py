"""What the limits of a question mean, as a sentence below it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.ui.money import money
from voting.questionnaire.amounts import amount_of
from voting.questionnaire.definition import Question, QuestionKind

K = QuestionKind


def hint_of(question: Question) -> str:
    """What the limits of a question mean, as a sentence; "" where there are none."""
    least, most = question.least, question.most
    if question.kind is K.NUMBER and most is not None:
        return _("From %(least)s to %(most)s.") % {"least": least, "most": most}
    if question.kind is K.SCORE:
        return _("From %(least)s to %(most)s; the higher, the better.") % {
            "least": least,
            "most": most,
        }
    if question.kind is K.RANKING:
        return _ranking_hint(least, most, len(question.options))
    if question.kind is K.MULTIPLE:
        if question.is_priced and least < 2 and most in (None, len(question.options)):
            return _("Tick every project that you want.")
        return _choosing_hint(least, most, len(question.options))
    if question.kind is K.KNAPSACK:
        budget = money(amount_of(question.budget), question.currency)
        return _("Tick projects that cost no more than %(budget)s together.") % {"budget": budget}
    return _sharing_hint(question) if question.kind is K.SHARE else ""


def _sharing_hint(question: Question) -> str:
    most = question.most or 0
    first = ngettext(
        "You have %(most)s point to give.", "You have %(most)s points to share.", most
    ) % {"most": most}
    if question.each is None or question.each >= most:
        return first
    second = ngettext(
        "One project can get at most %(each)s point.",
        "One project can get at most %(each)s points.",
        question.each,
    ) % {"each": question.each}
    return f"{first} {second}"


def _choosing_hint(least: int, most: int | None, count: int) -> str:
    most = count if most is None else most
    if least == most:
        return ngettext("Choose exactly %(most)s.", "Choose exactly %(most)s.", most) % {
            "most": most
        }
    if least > 1:
        return _("Choose from %(least)s to %(most)s.") % {"least": least, "most": most}
    if most < count:
        return ngettext("Choose at most %(most)s.", "Choose at most %(most)s.", most) % {
            "most": most
        }
    return _("Choose all that apply.")


def _ranking_hint(least: int, most: int | None, count: int) -> str:
    if least == count:
        return _("Give every option a rank. 1 is what you prefer.")
    if most is not None and most < count:
        return ngettext(
            "1 is what you prefer. Rank at most %(most)s option.",
            "1 is what you prefer. Rank at most %(most)s options.",
            most,
        ) % {"most": most}
    return _("1 is what you prefer. Leave out what you do not want to rank.")
