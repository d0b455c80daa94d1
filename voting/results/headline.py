"""The results of a whole poll in words: the one sentence, turnout, channels, thresholds."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from common.texts import Localized
from voting.kinds import ThresholdBase
from voting.results import words
from voting.results.reading import Results
from voting.results.shown import Line, Row, Shown, Table, people_answered


def sentence(results: Results, questions: list[Shown]) -> str:
    """What became of it, in one or two sentences."""
    number = results.turnout["ballots"]
    if not number:
        return _("Nobody answered.")
    decided = [found.threshold for found in questions if found.threshold]
    elected = [text for found in questions if (text := winners_sentence(found))]
    if len(questions) == 1:
        own = (*decided, *elected, questions[0].sentence)
    elif len(decided) + len(elected) == 1:
        own = (*decided, *elected)
    else:
        own = (_most_telling(questions),)
    first = next((text for text in own if text), "")
    return f"{people_answered(number)} {first}".strip()


def _most_telling(questions: list[Shown]) -> str:
    """How people judge what they were asked to judge, or else what they answered first."""
    judged = [found for found in questions if found.question.satisfied_from]
    found = next((one for one in (*judged, *questions) if one.sentence and one.tables), None)
    if found is None:
        return ""
    return _("“%(question)s” %(sentence)s") % {
        "question": found.title.text,
        "sentence": found.sentence,
    }


def winners_sentence(found: Shown) -> str:
    """Who was elected by the declared method; "" where none was declared or nobody is."""
    if not found.tally or not found.tally["winners"]:
        return ""
    names = [words.answer(found.question, key).text for key in found.tally["winners"]]
    if len(names) == 1:
        return _("“%(name)s” is chosen.") % {"name": names[0]}
    return _("Chosen are: %(names)s.") % {"names": ", ".join(names)}


def threshold_sentence(result: Row | None) -> str:
    """Whether a yes/no question passed, and by how much."""
    if result is None:
        return ""
    if result["is_reached"] is None:
        return _("Whether enough people voted for it is not known: nobody said how many may vote.")
    verdict = _("It is adopted.") if result["is_reached"] else _("It is not adopted.")
    if result.get("have") is None:
        return verdict
    share = result["have"] / result["base_count"] if result["base_count"] else None
    figures = {
        "have": words.whole(result["have"]),
        "base": words.whole(result["base_count"]),
        "need": words.whole(result["need"]),
        "share": words.percent(share),
    }
    why = {
        ThresholdBase.ELIGIBLE: _(
            "%(have)s of %(base)s who may vote voted yes (%(share)s); %(need)s were needed."
        ),
    }.get(
        result["base"],
        _("%(have)s of %(base)s voted yes (%(share)s); %(need)s were needed."),
    )
    return f"{verdict} {why % figures} {_areas(result)}".strip()


def _areas(result: Row) -> str:
    if "areas_for" not in result:
        return ""
    number = len(result["areas_for"])
    total = number + len(result["areas_against"])
    return ngettext(
        "It has a majority in %(number)s of %(total)s area.",
        "It has a majority in %(number)s of %(total)s areas.",
        total,
    ) % {"number": number, "total": total}


def quorum_sentence(quorum: Row | None) -> str:
    if quorum is None:
        return ""
    if quorum["is_reached"] is None:
        return _("Whether the quorum was reached is not known: nobody said how many may vote.")
    text = (
        _("The quorum was reached: %(have)s voted, %(need)s were needed.")
        if quorum["is_reached"]
        else _("The quorum was not reached: %(have)s voted, %(need)s were needed.")
    )
    return text % {"have": words.whole(quorum["have"]), "need": words.whole(quorum["need"])}


def turnout_table(turnout: Row) -> Table:
    """How many may vote, did, by which channel, and how many ballots are void."""
    rows: list[tuple[str, int | None]] = []
    if turnout["eligible"]:
        rows.append((_("May vote"), turnout["eligible"]))
    rows.append((_("Answers that count"), turnout["ballots"]))
    labels = {row["key"]: words.group(None, row["key"]).text for row in turnout["channels"]}
    rows += [(labels[row["key"]], row["count"]) for row in turnout["channels"]]
    if turnout["void"]:
        rows.append((_("Replaced or withdrawn, so void"), turnout["void"]))
    lines = [Line(Localized(name, ""), (words.whole(number),)) for name, number in rows]
    notes = []
    if turnout["eligible"]:
        share = turnout["voters"] / turnout["eligible"]
        notes.append(_("Turnout %(share)s.") % {"share": words.percent(share)})
    if said := quorum_sentence(turnout["quorum"]):
        notes.append(said)
    number = Localized(pgettext("column", "Number"), "")
    return Table(_("Taking part"), _("What"), (number,), lines, notes)
