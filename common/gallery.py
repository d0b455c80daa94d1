"""The gallery: every component in all its states on one page, for those who write templates.

Wired at /<language>/gallery/ for staff and in development. Its samples name no person and no place.
"""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from common.html import render_markdown, trusted
from common.ui.contents import Entry
from common.ui.people import CommentLinks
from common.ui.timeline import Step
from common.verdicts import no

ARTICLE = (
    "The documents that a public body publishes in electronic form are made available in an open "
    "standard, easily reused, and readable by machine.\n\n"
    "The body that holds them keeps them up to date and says when "
    "they were last changed."
)
DIFF = trusted(
    "The documents that a public body publishes in electronic form are made available "
    '<del><span class="visually-hidden">removed: </span>on request</del>'
    '<ins><span class="visually-hidden">added: </span>in an open standard, easily reused, '
    "and readable by machine</ins>."
)


class SampleForm(forms.Form):
    """Each kind of field once."""

    title = forms.CharField(
        label="Title", help_text="One line that says what it is about.", max_length=120
    )
    reason = forms.CharField(label="Reason", widget=forms.Textarea, max_length=2000, required=False)
    area = forms.ChoiceField(
        label="Area", choices=[("", "Everywhere"), ("1", "The northern district")]
    )
    closes_on = forms.DateField(label="Closing day", widget=forms.DateInput(attrs={"type": "date"}))
    decision = forms.ChoiceField(
        label="Decision",
        widget=forms.RadioSelect,
        choices=[("adopted", "Adopted"), ("refused", "Refused")],
        help_text="The public sees this word first.",
    )
    tell = forms.BooleanField(label="Tell everyone who took part", required=False)


def _tree() -> list[Entry]:
    articles = [
        Entry("Article 1", "Open by default", "#1", 120, 14, 9, 31),
        Entry("Article 2", "Open standards", "#2", 88, 30, 41, 64, is_current=True),
        Entry("Article 3", "Fees", "#3", 12, 8, 60, 22, note="moved"),
        Entry("Article 4", "Entry into force", "#4"),
    ]
    return [
        Entry("Title I", "The circulation of data", "#t1", children=articles),
        Entry(
            "Title II",
            "Rights in the digital world",
            "#t2",
            children=[Entry("Article 5", "Neutrality", "#5", 3, 1, 0, 2)],
        ),
    ]


def _steps() -> list[Step]:
    now = timezone.now()
    return [
        Step("Preparation", now - timedelta(days=60), now - timedelta(days=30)),
        Step(
            "Reading and amending",
            now - timedelta(days=30),
            now + timedelta(days=3),
            "Comment, take a position, propose amendments",
        ),
        Step(
            "Answers",
            now + timedelta(days=3),
            now + timedelta(days=33),
            "Every owed contribution is answered",
        ),
        Step("The new text", now + timedelta(days=40), now + timedelta(days=50)),
    ]


def _answer(decision: str) -> SimpleNamespace:
    return SimpleNamespace(
        pk=decision,
        decision=decision,
        body_name="Ministry of the sample",
        author_name="",
        role="legal department",
        answered_at=timezone.now() - timedelta(days=2),
        reason_html=render_markdown(
            "The standard is now named in the article. The fee stays where it was, because a decree sets it."
        ),
        changes=[("#2", "Article 2")] if decision.startswith("adopted") else [],
    )


def _letter() -> SimpleNamespace:
    said = SimpleNamespace(
        kind_word="Your amendment",
        where="Article 2",
        href="#",
        text_html=render_markdown("In an open standard, and *readable by machine*."),
        position_word="",
        support=412,
    )
    position = SimpleNamespace(
        kind_word="Your position",
        where="Article 1",
        href="#",
        text_html="",
        position_word="You agree",
        support=0,
    )
    answer = SimpleNamespace(
        where="Article 2",
        href="#",
        decision="adopted_in_part",
        by="Ministry of the sample, legal department",
        reason_html=render_markdown(
            "Open standards are now required. The list of formats is left to a decree, so that it "
            "can follow the technique."
        ),
        quote="",
    )
    changed = SimpleNamespace(where="Article 2, version 2", href="#", diff_html=DIFF, text="")
    return SimpleNamespace(
        body_name="Ministry of the sample",
        place_and_date="24 November 2026",
        reference="Consultation 1 / letter 1",
        process_title="A bill on open documents",
        process_href="#",
        greeting="Dear participant,",
        opening="the consultation has closed and its results are published. "
        "You took part; this is what became of it.",
        said=[said, position],
        answers=[answer],
        changed=[changed],
        totals=[
            (21330, "people took part"),
            (8501, "contributions"),
            (88622, "positions"),
            (5, "articles changed"),
        ],
        closing="Thank you for the time you gave to this text.",
        sender_name="Ministry of the sample",
        sender_role="legal department",
        online_href="#",
    )


def _process(status: str, days: int, **more: str) -> SimpleNamespace:
    facts = {
        "summary": "What public bodies publish, how anyone may reuse it, and who answers for it.",
        "outcome": "",
    } | more
    return SimpleNamespace(
        href="#",
        title="A bill on open documents",
        language="en",
        body_name="Ministry of the sample",
        area_name="The whole country",
        kind_word="Consultation on a draft",
        status=status,
        moment=timezone.now() + timedelta(days=days),
        participant_count=21330,
        **facts,
    )


def gallery(request: WSGIRequest) -> HttpResponse:
    """Every component in all its states."""
    now = timezone.now()
    wrong = SampleForm(
        {"wrong-reason": "Typed and kept.", "wrong-closes_on": "soon", "wrong-area": "1"},
        prefix="wrong",
    )
    all_links = CommentLinks(
        support="#s", reply="#r", edit="#e", withdraw="#w", report="#p", hide="#h"
    )
    context = {
        "now": now,
        "steps": _steps(),
        "tree": _tree(),
        "crumbs": [("#", "All processes"), ("#", "A bill on open documents")],
        "form": SampleForm(),
        "wrong": wrong,
        "body": render_markdown(
            "I have used these documents for years. **Without a standard** each office sends "
            "a picture of a table."
        ),
        "law": render_markdown(ARTICLE),
        "diff": DIFF,
        "rows": [
            ("The first paragraph stays.", "The first paragraph stays.", False),
            (DIFF, DIFF, True),
        ],
        "reader_links": CommentLinks(support="#s", reply="#r", report="#p"),
        "supported": CommentLinks(unsupport="#s", reply="#r"),
        "all_links": all_links,
        "refusal": no("closed", "This phase has closed; the answers are being written.", 409),
        "yes": True,
        "soon": now + timedelta(days=3, hours=2),
        "past": now - timedelta(days=4),
        "long_ago": now - timedelta(days=400),
        "answers": [
            _answer(value) for value in ("adopted", "adopted_in_part", "already_covered", "refused")
        ],
        "letter": _letter(),
        "processes": [
            _process("open", 3),
            _process("upcoming", 20),
            _process("closed", -80, outcome="Five articles changed because of 412 amendments."),
        ],
        "tabs": [("#", "For you", 12, True), ("#", "All", 340, False), ("#", "About", None, False)],
        "figures": [
            (21330, "people took part"),
            (88622, "positions"),
            (14, "answers are late", "sun"),
        ],
        "works": [
            SimpleNamespace(
                href="#",
                title="In an open standard",
                kind_word="Amendment",
                where="Article 2",
                support=412,
                due_at=now + timedelta(days=days),
                state=state,
            )
            for state, days in (("late", -3), ("owed", 5), ("answered", -1))
        ],
    }
    return render(request, "gallery.html", context)
