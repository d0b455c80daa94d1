"""What a result letter says of a poll: the turnout, one line for each question, where to read more.

Everybody gets the same lines: nothing here knows what the reader of the letter answered.
"""

from django.utils.translation import gettext as _
from django.utils.translation import override

from common.texts import Localized, Phrase
from common.ui.tongues import phrase
from processes.kinds import PROCESS_TYPES, ProcessKind
from processes.models import Process
from voting.models import Poll
from voting.results import headline
from voting.results.reading import results_of
from voting.results.shown import people_answered


def results(process: Process, language: str) -> list[tuple[Phrase | Localized, str]]:
    """(sentence, path without language prefix or ""), [] before the votes were counted. Two queries."""
    poll = Poll.objects.filter(process=process, counted_at__isnull=False).order_by("pk").first()
    if poll is None:
        return []
    poll.process = process
    found = results_of(poll)
    path = PROCESS_TYPES[ProcessKind.POLL].path(process.slug)
    with override(language):
        lines: list[tuple[Phrase | Localized, str]] = [
            (Localized(people_answered(found.turnout["ballots"]), language), "")
        ]
        if said := headline.quorum_sentence(found.turnout["quorum"]):
            lines.append((Localized(said, language), ""))
        for question in found.questions():
            outcome = headline.threshold_sentence(found.threshold(question.question.key))
            sentence = outcome or headline.winners_sentence(question) or question.sentence
            words = _("%(question)s – %(sentence)s")
            if sentence:
                lines.append((phrase(words, question=question.title, sentence=sentence), ""))
        lines.append((Localized(_("Read all results"), language), f"{path}results/"))
        if poll.is_secret:
            find = _("Find your ballot with your receipt code")
            lines.append((Localized(find, language), f"{path}receipt/"))
    return lines


def register() -> None:
    """Tell the frame below what a letter says of a poll."""
    PROCESS_TYPES[ProcessKind.POLL].results = results
