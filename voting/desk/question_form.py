"""The form of one question: only the fields of its kind, what can be chosen as lines of text."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from common.forms import LongText
from common.html import clean_text
from processes.fields import ByLanguage, spread
from voting.questionnaire.definition import Item, Option, Question, QuestionKind
from voting.questionnaire.validation import (
    DEMOGRAPHIC_KINDS,
    METHODS_OF,
    MOST_OPTIONS,
    validate_question,
)
from voting.sentences import sentence

K = QuestionKind
OTHER_KEY = "other"
LONGEST_LINE = 300

# What a kind has beside its words: the lines it takes, and its other fields.
LINES = {
    K.SINGLE: ("options",), K.MULTIPLE: ("options",), K.RANKING: ("options",),
    K.SCORE: ("options",), K.GRADES: ("options", "points"), K.SCALE: ("points",),
    K.MATRIX: ("items", "points"),
}  # fmt: skip
FIELDS = {
    K.SINGLE: ("has_other", "is_shuffled", "demographic", "method"),
    K.MULTIPLE: ("least", "most", "has_other", "is_shuffled", "method", "seats"),
    K.YES_NO: ("method",),
    K.SCALE: ("least", "most", "does_not_apply", "satisfied_from"),
    K.RANKING: ("least", "most", "is_shuffled", "method", "seats"),
    K.SCORE: ("least", "most", "is_shuffled", "method", "seats"),
    K.GRADES: ("is_shuffled", "method", "seats"),
    K.NUMBER: ("least", "most", "demographic"),
    K.MATRIX: ("least", "most", "does_not_apply", "satisfied_from", "is_shuffled"),
}
KIND_NAMES = {
    K.SINGLE: gettext_lazy("One choice"),
    K.MULTIPLE: gettext_lazy("Several choices"),
    K.YES_NO: gettext_lazy("Yes, no or abstain"),
    K.SCALE: gettext_lazy("A scale"),
    K.MATRIX: gettext_lazy("Several things on one scale"),
    K.RANKING: gettext_lazy("A ranking"),
    K.SCORE: gettext_lazy("Points for each option"),
    K.GRADES: gettext_lazy("A grade for each option"),
    K.NUMBER: gettext_lazy("A number"),
    K.DATE: gettext_lazy("A day"),
    K.SHORT_TEXT: gettext_lazy("A few words"),
    K.LONG_TEXT: gettext_lazy("A text"),
}
KIND_HELP = {
    K.SINGLE: gettext_lazy("One of two or more options, with “other: …” if you like."),
    K.MULTIPLE: gettext_lazy("Some of the options: at least, at most, or exactly so many."),
    K.YES_NO: gettext_lazy("For or against a proposal. Thresholds count here."),
    K.SCALE: gettext_lazy("From very poor to very good, say, in five points."),
    K.MATRIX: gettext_lazy("Staff, access, cost …: each line is judged on the same points."),
    K.RANKING: gettext_lazy("Options by preference, all or the first few. For elections too."),
    K.SCORE: gettext_lazy("From 0 to 10, say; the highest sum leads."),
    K.GRADES: gettext_lazy("Majority judgement: excellent, good, fair, poor …"),
    K.NUMBER: gettext_lazy("An age, a distance, a number of visits."),
    K.DATE: gettext_lazy("When something was, or should be."),
    K.SHORT_TEXT: gettext_lazy("One line of text."),
    K.LONG_TEXT: gettext_lazy("Reasons and proposals in people’s own words."),
}
METHOD_NAMES = {
    "plurality": gettext_lazy("Most votes win"),
    "approval": gettext_lazy("Approval: whoever is ticked most wins"),
    "score": gettext_lazy("Score: the highest sum wins"),
    "majority-judgement": gettext_lazy("Majority judgement: the best median grade wins"),
    "borda": gettext_lazy("Borda count"),
    "irv": gettext_lazy("Instant run-off"),
    "stv-scottish": gettext_lazy("Single transferable vote, Scottish rules"),
    "stv-meek": gettext_lazy("Single transferable vote, Meek’s method"),
    "schulze": gettext_lazy("Schulze method"),
    "ranked-pairs": gettext_lazy("Ranked pairs"),
}
_LINE_LABELS = {
    "options": gettext_lazy("Options, one a line"),
    "items": gettext_lazy("What is judged, one a line"),
    "points": gettext_lazy("Words of the scale, one a line"),
}
_SCALE_HELP = gettext_lazy(
    "From the first to the last point; or two lines for the two ends; or none."
)
_GRADES_HELP = gettext_lazy("From the best to the worst.")
# The field at which a problem is shown; others stand on top.
_AT = {
    "title_missing": "title", "options_missing": "options", "option_twice": "options",
    "too_many_options": "options", "items_missing": "items", "grades_missing": "points",
    "label_missing": "options", "limits_unfit": "most", "scale_unfit": "most", "points_unfit": "points",
    "method_unfit": "method", "seats_unfit": "seats", "satisfied_unfit": "satisfied_from",
    "demographic_unfit": "demographic", "key_unfit": "key",
}  # fmt: skip


class QuestionForm(ByLanguage):
    """A question of one kind. `earlier` are the questions before it, which its rule may name."""

    texts = {
        "title": lambda: LongText(label=_("Question"), rows=2, max_length=1000, required=False),
        "help": lambda: LongText(
            label=_("Explanation under it"), rows=2, max_length=2000, required=False
        ),
    }

    def __init__(
        self,
        *args: Any,
        kind: QuestionKind,
        languages: Sequence[str],
        earlier: Mapping[str, Question],
        former: Question | None = None,
        **kwargs: Any,
    ):
        self.kind, self.earlier, self.former = kind, earlier, former
        self.lines = LINES.get(kind, ())
        self.texts = {
            **QuestionForm.texts,
            **{name: self._lines_field(name) for name in self.lines},
        }
        super().__init__(*args, languages=languages, **kwargs)
        for name in FIELDS.get(kind, ()):
            self.fields[name] = self._field(name)
        self.fields["show_if"] = forms.CharField(
            label=_("Show only if"),
            required=False,
            max_length=2000,
            help_text=_("A rule about earlier questions, such as: trust = no"),
            widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
        )
        self.fields["key"] = forms.CharField(
            label=_("Short name"),
            required=False,
            max_length=40,
            help_text=_("Rules and tables call the question by it. Left empty, it gets a number."),
            widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
        )

    def _lines_field(self, name: str) -> Any:
        label, rows = _LINE_LABELS[name], 6
        help_text: Any = ""
        if name == "points":
            is_grades = self.kind is K.GRADES
            label = _("Grades, one a line") if is_grades else label
            help_text = _GRADES_HELP if is_grades else _SCALE_HELP
            rows = 5
        return lambda: forms.CharField(
            label=label,
            required=False,
            help_text=help_text,
            widget=forms.Textarea(attrs={"rows": rows}),
        )

    def _field(self, name: str) -> forms.Field:
        return _MAKERS[name](self.kind)

    @property
    def range_fields(self) -> list[forms.BoundField]:
        """The least and the most."""
        return [self[name] for name in ("least", "most") if name in self.fields]

    @property
    def tick_fields(self) -> list[forms.BoundField]:
        names = ("has_other", "is_shuffled", "does_not_apply")
        return [self[name] for name in names if name in self.fields]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """What many never need."""
        names = ("method", "seats", "satisfied_from", "demographic", "show_if", "key")
        return [self[name] for name in names if name in self.fields]

    @property
    def is_more_used(self) -> bool:
        """Whether the rarer fields hold something, or something that is wrong."""
        if any(field.errors for field in self.more_fields):
            return True
        names = ("method", "satisfied_from", "demographic", "show_if")
        return any(self[name].value() for name in names if name in self.fields)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in self.lines:
            self._check_lines(name)
        if self.errors:
            return data
        for problem in validate_question(self.question(), self.earlier):
            field = "show_if" if problem.code.startswith("rule_") else _AT.get(problem.code)
            if field in self.texts:
                field = f"{field}_{self.codes[0]}"
            self.add_error(field if field in self.fields else None, sentence(problem))
        return data

    def _check_lines(self, name: str) -> None:
        """Each language has as many lines as the first that has any; none is too long."""
        by_language = {code: self._sent_lines(name, code) for code in self.codes}
        filled = {code: rows for code, rows in by_language.items() if rows}
        count = len(next(iter(filled.values()), ()))
        for code, rows in filled.items():
            field = f"{name}_{code}"
            if len(rows) > MOST_OPTIONS:
                self.add_error(field, _("There are too many things to choose."))
            elif any(len(row) > LONGEST_LINE for row in rows):
                message = _("A line has at most %(most)s characters.")
                self.add_error(field, message % {"most": LONGEST_LINE})
            elif len(rows) != count:
                message = _(
                    "Write as many lines in each language: here are %(here)s, there %(there)s."
                )
                self.add_error(field, message % {"here": len(rows), "there": count})
        if name == "points" and self.kind is not K.GRADES and count not in (0, 2, self._width()):
            message = _("Write two lines for the ends, or one for each of the %(width)s points.")
            field = f"points_{next(iter(filled))}"
            self.add_error(field, message % {"width": self._width()})

    def _sent_lines(self, name: str, code: str) -> list[str]:
        text = clean_text(self.cleaned_data.get(f"{name}_{code}") or "")
        return [" ".join(line.split()) for line in text.split("\n") if line.strip()]

    def _labels(self, name: str) -> list[dict[str, str]]:
        """One {language: words} for each line."""
        by_language = {code: self._sent_lines(name, code) for code in self.codes}
        count = max((len(rows) for rows in by_language.values()), default=0)
        return [
            {code: rows[n] for code, rows in by_language.items() if n < len(rows)}
            for n in range(min(count, MOST_OPTIONS))
        ]

    def _width(self) -> int:
        least, most = self._number("least", 0), self._number("most", None)
        return 0 if most is None else most - (least or 0) + 1

    def _number(self, name: str, default: int | None) -> int | None:
        value = self.cleaned_data.get(name)
        return default if value is None else int(value)

    def question(self) -> Question:
        """The question as it was filled in, whatever is wrong with it."""
        data = self.cleaned_data
        former = self.former
        options = (
            _keyed(self._labels("options"), former.options if former else ())
            if ("options" in self.lines)
            else ()
        )
        if data.get("has_other"):
            options = (*options, Option(OTHER_KEY, _other(self.codes), True))
        items = _keyed(self._labels("items"), former.items if former else ())
        return Question(
            key=data.get("key") or (former.key if former else "q"),
            kind=self.kind,
            title=self.by_language("title"),
            help=self.by_language("help"),
            options=options,
            items=tuple(Item(item.key, item.label) for item in items),
            points=self._points(),
            least=self._number("least", 0) or 0,
            most=self._number("most", None),
            does_not_apply=bool(data.get("does_not_apply")),
            is_shuffled=bool(data.get("is_shuffled")),
            show_if=data.get("show_if") or "",
            demographic=data.get("demographic") or "",
            satisfied_from=self._number("satisfied_from", 0) or 0,
            method=data.get("method") or "",
            seats=self._number("seats", 1) or 1,
        )

    def _points(self) -> tuple[Option, ...]:
        labels = self._labels("points") if "points" in self.lines else []
        if self.kind is K.GRADES:
            return _keyed(labels, self.former.points if self.former else ())
        least = self._number("least", 0) or 0
        places = range(least, least + len(labels))
        if len(labels) == 2 and self._width() > 2:
            places = range(least, least + self._width(), self._width() - 1)
        return tuple(
            Option(str(place), label) for place, label in zip(places, labels, strict=False)
        )


def initial_of(question: Question, languages: Sequence[str]) -> dict[str, Any]:
    """What the form of a question that exists begins with."""
    options = [option for option in question.options if not option.is_other]
    found: dict[str, Any] = {
        **spread(title=dict(question.title), help=dict(question.help)),
        "has_other": len(options) < len(question.options),
    }
    for name, rows in (
        ("options", options),
        ("items", question.items),
        ("points", question.points),
    ):
        for code in languages:
            lines = [row.label.get(code, "") for row in rows]
            found[f"{name}_{code}"] = "\n".join(lines) if all(lines) else ""
    names = ("key", "least", "most", "is_shuffled", "does_not_apply", "show_if", "demographic",
             "satisfied_from", "method", "seats")  # fmt: skip
    found.update({name: getattr(question, name) for name in names})
    found["satisfied_from"] = found["satisfied_from"] or None
    return found


def _keyed(labels: list[dict[str, str]], former: Sequence[Option | Item]) -> tuple[Option, ...]:
    """Options with keys: those of the same words, then of the same place, before; else from the words."""
    by_words = {tuple(row.label.items()): row.key for row in former}
    keys: list[str] = [by_words.get(tuple(label.items()), "") for label in labels]
    spare = [row.key for row in former if row.key != OTHER_KEY]
    if len(spare) == len(labels):
        keys = [
            key or (was if was not in keys else "") for key, was in zip(keys, spare, strict=True)
        ]
    taken = set(keys) | {OTHER_KEY}
    for place, label in enumerate(labels):
        if not keys[place]:
            keys[place] = _key_from(next(iter(label.values()), ""), place, taken)
            taken.add(keys[place])
    return tuple(Option(key, label) for key, label in zip(keys, labels, strict=True))


def _key_from(words: str, place: int, taken: set[str]) -> str:
    stem = slugify(words)[:24].strip("-_") or f"o{place + 1}"
    if stem not in taken:
        return stem
    return next(key for n in range(2, len(taken) + 3) if (key := f"{stem}-{n}") not in taken)


def _other(codes: Sequence[str]) -> dict[str, str]:
    found = {}
    for code in codes:
        with override(code):
            found[code] = _("Other")
    return found


def _whole(label: Any, initial: int | None = None, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        initial=initial,
        min_value=-1_000_000,
        max_value=1_000_000_000,
        help_text=help_text,
    )


def _least(kind: QuestionKind) -> forms.Field:
    if kind in (K.SCALE, K.MATRIX):
        return _whole(_("First point"), 1)
    if kind is K.MULTIPLE:
        return _whole(_("At least"), 0, _("How many must be chosen by whoever answers."))
    if kind is K.RANKING:
        return _whole(
            _("At least"),
            0,
            _("How many must be ranked by whoever answers. All of them: a full ranking."),
        )
    return _whole(_("From"), 0)


def _most(kind: QuestionKind) -> forms.Field:
    if kind in (K.SCALE, K.MATRIX):
        return _whole(_("Last point"), 5)
    if kind in (K.MULTIPLE, K.RANKING):
        return _whole(_("At most"), None, _("Empty: as many as there are."))
    return _whole(_("To"), 10 if kind is K.SCORE else None)


def _demographic(kind: QuestionKind) -> forms.Field:
    choices = [
        ("", _("Nothing: an ordinary question")),
        ("sex", _("Sex")),
        ("age", _("Age")),
        ("area", _("Area")),
        ("category", _("Category, such as occupation")),
    ]
    return forms.ChoiceField(
        label=_("What it says about the person"),
        choices=choices if kind in DEMOGRAPHIC_KINDS else choices[:1],
        required=False,
        help_text=_(
            "Results are shown by it, quotas count by it, and people may reuse the answer."
        ),
    )


def _method(kind: QuestionKind) -> forms.Field:
    names = sorted(METHODS_OF[kind], key=list(METHOD_NAMES).index)
    return forms.ChoiceField(
        label=_("How a winner is found"),
        choices=[
            ("", _("None: only how often each was chosen")),
            *((n, METHOD_NAMES[n]) for n in names),
        ],
        required=False,
    )


def _tick(label: Any, help_text: Any = "") -> Any:
    return lambda kind: forms.BooleanField(label=label, required=False, help_text=help_text)


_MAKERS: dict[str, Any] = {
    "least": _least,
    "most": _most,
    "has_other": _tick(gettext_lazy("Offer “other”, with a line to say what")),
    "is_shuffled": _tick(gettext_lazy("Show in random order, another for each person")),
    "does_not_apply": _tick(gettext_lazy("Offer “does not apply”")),
    "satisfied_from": lambda kind: _whole(
        _("Satisfied from point"), None, _("Results then say which share is satisfied.")
    ),
    "demographic": _demographic,
    "method": _method,
    "seats": lambda kind: _whole(_("How many win"), 1),
}
