"""What was declared for a poll, in plain words: the same before it opens and after."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from common.texts import localized
from common.ui.words import count
from voting.kinds import (
    ChangePolicy,
    Eligibility,
    OpeningPolicy,
    ResultsPolicy,
    Secrecy,
    ThresholdBase,
)
from voting.models import Poll


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that was declared. `key` is stable; `more` are further sentences, read on demand."""

    key: str
    name: str
    sentence: str
    more: tuple[str, ...] = ()


def rules_of(poll: Poll) -> list[Rule]:
    """All that was declared, in the order in which people ask. No query on a row of readable_poll."""
    rules = [
        Rule("eligibility", _("Who may answer"), _who(poll)),
        _secrecy(poll),
        Rule("results", _("When results are shown"), _results(poll)),
        Rule("changes", _("Changing your mind"), _changes(poll)),
        Rule("turnout", _("How many have answered"), _turnout(poll)),
    ]
    if poll.opening_policy == OpeningPolicy.HAND:
        sentence = _("It opens and closes by hand, by whoever is in the chair.")
        rules.append(Rule("opening", _("Opening and closing"), sentence))
    if poll.quorum:
        rules.append(Rule("quorum", _("Quorum"), _quorum(poll)))
    if poll.threshold:
        rules.append(Rule("threshold", _("What is needed to pass"), _threshold(poll)))
    if poll.asks_quotas:
        sentence = _(
            "So that the picture is true, only so many answers are taken from each kind of people. "
            "Whoever comes after that is thanked and told so."
        )
        rules.append(Rule("quotas", _("Who is still asked"), sentence))
    return rules


def percent(share: Decimal) -> str:
    """0.5 as "50%", as the language writes it."""
    number = number_format((share * 100).normalize(), use_l10n=True)
    return _("%(number)s%%") % {"number": number}


def _who(poll: Poll) -> str:
    sentences = {
        Eligibility.ANYONE: _(
            "Anyone, without an account. Your browser calculates for a moment first, so that no "
            "program can answer in great numbers."
        ),
        Eligibility.CONFIRMED: _("Anyone with an account here and a confirmed e-mail address."),
        Eligibility.VERIFIED: _("People with an account here whose identity was checked."),
        Eligibility.RESIDENTS: _(
            "People whose residence in %(area)s, or in any place in it, was checked."
        ),
        Eligibility.GROUP: _("The people of the group “%(group)s”."),
        Eligibility.INVITED: _("Whoever holds an invitation code. Each code answers once."),
    }
    names = {
        "area": localized(poll.area.name).text if poll.area else "",
        "group": poll.group.name if poll.group else "",
    }
    return sentences[Eligibility(poll.eligibility)] % names


def _secrecy(poll: Poll) -> Rule:
    name = _("Who sees what you answer")
    if poll.secrecy == Secrecy.SECRET:
        return Rule("secrecy", name, _secret_sentence(), _secret_details(poll))
    if poll.secrecy == Secrecy.NAMED:
        sentence = _("The public body sees who answered what. Everybody else sees totals.")
    else:
        sentence = _(
            "Confidential: the public body sees totals only, and no number below five. Your answer "
            "is kept beside your name for as long as needed to let you change or withdraw it."
        )
    return Rule("secrecy", name, sentence)


def _secret_sentence() -> str:
    return _(
        "Secret: nobody can tell who voted what. That you voted and what was voted are kept apart, "
        "and nothing joins them."
    )


def _secret_details(poll: Poll) -> tuple[str, ...]:
    """What is protected and what is not, as docs/adr/0011 says it."""
    return (
        _(
            "You get a receipt code before you vote. The site keeps no copy of it. When the votes are "
            "counted, all ballots are published in an order that tells nothing, and with the code "
            "you find yours among them."
        ),
        _(
            "Anybody can download the list and count again with a small program of one file. It "
            "names every ballot that was changed."
        ),
        _(
            "Whoever works for the public body, moderates or administers this site, or reads its "
            "pages, logs or backups, cannot tell who voted what. Whoever administers the database "
            "while voting goes on could watch ballots come in."
        ),
        _(
            "A receipt that lets you check your vote also lets you show it. Give it to nobody. For "
            "elections that bind by law, use a system that was certified for them."
        ),
    )


def _results(poll: Poll) -> str:
    if poll.results_policy == ResultsPolicy.LIVE:
        return _("Results so far are shown to everyone while it is open.")
    return _(
        "Nobody sees any result before the end: not the public body, and not who administers this "
        "site. Then everybody sees it at once."
    )


def _changes(poll: Poll) -> str:
    if poll.change_policy == ChangePolicy.FINAL:
        return _(
            "An answer is final: it cannot be changed. It can be withdrawn until the end, and then "
            "counts as never given."
        )
    if poll.is_secret:
        return _(
            "You can vote again until the end, or withdraw: give the receipt code of your earlier "
            "ballot. The last one counts, and everybody can see that the earlier one is void."
        )
    return _("You can change your answer until the end, or withdraw it. The last one counts.")


def _turnout(poll: Poll) -> str:
    if poll.shows_turnout:
        return _("While it is open, this page says how many have answered.")
    return _("How many have answered is told after the end only.")


def _quorum(poll: Poll) -> str:
    share = percent(poll.quorum or Decimal(0))
    if poll.eligible_count:
        return _(
            "It is valid only if at least %(share)s of the %(people)s who may vote take part."
        ) % {"share": share, "people": count(poll.eligible_count)}
    return _("It is valid only if at least %(share)s of those who may vote take part.") % {
        "share": share
    }


def _threshold(poll: Poll) -> str:
    """A threshold of one half means more than half (voting.tally.thresholds)."""
    base = ThresholdBase(poll.threshold_base)
    if poll.threshold == Decimal("0.5"):
        halves = {
            ThresholdBase.CAST: _("A question passes with more than half of the votes for or against."),
            ThresholdBase.ELIGIBLE: _("A question passes with more than half of all who may vote."),
            ThresholdBase.AREAS: _(
                "A question passes with more than half of the votes for or against, in the whole and "
                "in more than half of the areas."
            ),
        }  # fmt: skip
        return halves[base]
    sentences = {
        ThresholdBase.CAST: _("A question passes with at least %(share)s of the votes for or against."),
        ThresholdBase.ELIGIBLE: _("A question passes with at least %(share)s of all who may vote."),
        ThresholdBase.AREAS: _(
            "A question passes with at least %(share)s of the votes for or against, in the whole and "
            "in more than half of the areas."
        ),
    }  # fmt: skip
    return sentences[base] % {"share": percent(poll.threshold or Decimal(0))}
