"""A consultation held elsewhere is loaded: every figure is the files'."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from common.verdicts import Refused
from consultations.models import Consultation, Proposal, Section, Wording
from deliberation.actions import take_position
from deliberation.models import Comment, Position, Source, Support
from opendata import recount
from processes.models import Entry, Process, Subject
from tests import shared

SLUG = "republique-numerique"


def _item(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "section": "Section 1",
        "section_subtitle": "Ouverture",
        "section_id": 86,
        "title": f"Article {number} - Titre {number}",
        "body": f"Texte de l’article {number}.",
        "appendices": [{"type": "Explication de l'article", "body": "Parce que."}],
        "law_comparisons": [],
        "author": {"id": "p-gov", "kind": "government"},
        "created_at": "2015-09-26T02:27:54+0200",
        "is_trashed": False,
        "votes": {"agree": 3, "mixed": 1, "disagree": 2, "total": 6},
        "arguments": [],
        "sources": [],
    } | changes


def _argument(number: int, side: str, votes: int) -> dict[str, Any]:
    return {
        "id": number,
        "side": side,
        "body": "Un argument.",
        "votes": votes,
        "created_at": f"2015-10-01T10:00:{number:02}+0200",
        "is_trashed": False,
        "author": {"id": "p-one", "kind": "participant"},
    }


def _amendment(
    number: int, slug: str, votes: tuple[int, int, int], **changes: Any
) -> dict[str, Any]:
    return {
        "amendment": number,
        "slug": slug,
        "title": "Code de la recherche",
        "author": number,
        "date": {"created_at": "2015-10-03T19:29:29+0200"},
        "stats": {"votes": dict(zip(("pour", "neutre", "contre"), votes, strict=True))},
        "before": "",
        "after": "Texte de l’article neuf.",
        "justification": "Douze mois suffisent.",
    } | changes


ITEMS = [
    _item(
        1,
        law_comparisons=[{"title": "Article 7", "before": "Vieux mots.", "after": "Mots neufs."}],
        arguments=[_argument(1, "for", 2), _argument(2, "against", 0)],
        sources=[
            {
                "id": 5,
                "title": "Étude",
                "link": "https://example.org/etude",
                "body": "Elle montre.",
                "category": "Rapport / Étude",
                "created_at": "2015-10-02T10:00:00+0200",
                "author": {"id": "p-two", "kind": "participant"},
            }
        ],
    ),
    _item(9, section_id=91, section="Section 2", section_subtitle="Recherche"),
    _item(70, title="Un nouvel article", author={"id": "p-two", "kind": "participant"}),
    _item(71, title="Des licornes", author={"id": "p-one", "kind": "participant"}, is_trashed=True),
]
AMENDMENTS = [
    _amendment(1, "l-etat-d-abord", (2, 0, 1)),
    _amendment(2, "original", (1, 1, 0), author=None, after=None, title=None),
]
# Voter 7 stands on amendment 1 twice; "9" is what the file calls the article itself.
VOTES = [(1, 1, 7, 1), (1, 1, 7, 1), (1, 1, 8, -1), (9, "", 8, 1), (9, "", 9, 0)]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A small folder in the form of the published one."""
    for name, rows in (("propositions", ITEMS), ("article9_amendments", AMENDMENTS)):
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(text + "\n")
    with (tmp_path / "article9_votes.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["amendment", "author", "voter", "vote"])
        writer.writerows(VOTES)
    return tmp_path


def run(folder: Path, *arguments: str) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("import_consultation", str(folder), *arguments, stdout=out)
    return out.getvalue()


def numbers() -> list[int]:
    rows = (User, Process, Section, Wording, Proposal, Subject, Comment, Source, Position, Support)
    return [model.objects.count() for model in (*rows, Entry)]


def test_every_article_has_the_totals_of_the_files(files: Path, db: None) -> None:
    printed = run(files)
    assert "NO" not in printed
    assert "/fr/consultations/republique-numerique/" in printed
    for subject in Subject.objects.filter(kind__in=["section", "new_article"]):
        counts = (subject.agree_count, subject.mixed_count, subject.disagree_count)
        assert counts == (3, 1, 2)
        assert Position.objects.filter(subject=subject).count() == 6
    first = Subject.objects.get(section__key="article-1")
    assert (first.for_count, first.against_count, first.source_count) == (1, 1, 1)
    assert recount.check().is_clean


def test_texts_are_read_as_they_stand(files: Path, db: None) -> None:
    run(files)
    wording = Wording.objects.get(section__key="article-1")
    assert (wording.label, wording.number, wording.heading) == ("Article 1", "1", "Titre 1")
    assert wording.explanation == "Parce que."
    assert wording.law_changes[0]["before"] == "Vieux mots."
    assert "<ins>" in wording.law_changes[0]["diff_html"]
    assert wording.parent.key == "part-86"
    amendment = Proposal.objects.get(key="amendment-1")
    assert amendment.subject.title == "L’etat d’abord"
    assert "<ins>neuf</ins>" in amendment.diff_html
    assert amendment.subject.parent.section.key == "article-9"
    assert (
        Comment.objects.earliest("created_at").created_at.isoformat() == "2015-10-01T08:00:01+00:00"
    )
    locked = Subject.objects.exclude(locked_at=None)
    assert [subject.title for subject in locked] == ["Des licornes"]


def test_a_vote_that_stands_twice_is_counted_for_another_voter(files: Path, db: None) -> None:
    run(files)
    amendment = Proposal.objects.get(key="amendment-1").subject
    assert (amendment.agree_count, amendment.disagree_count) == (2, 1)
    original = Proposal.objects.get(key="amendment-2").subject
    assert (original.agree_count, original.mixed_count) == (1, 1)
    voters = Position.objects.filter(subject__kind="amendment").values("user").distinct()
    assert voters.count() == 3


def test_importing_twice_doubles_nothing(files: Path, db: None) -> None:
    run(files)
    before = numbers()
    assert "NO" not in run(files)
    assert numbers() == before
    assert recount.check().is_clean


def test_the_people_are_marked_as_generated_and_cannot_be_reached(files: Path, db: None) -> None:
    run(files)
    for person in User.objects.all():
        assert person.generated_at is not None
        assert person.email.endswith(".invalid")
        assert not person.has_usable_password()


def test_it_is_over_unless_it_is_opened(files: Path, alice: User) -> None:
    run(files)
    article = Subject.objects.get(section__key="article-1")
    with pytest.raises(Refused) as refused:
        take_position(alice, subject_id=article.pk, value="agree")
    assert refused.value.verdict.code == "not_open_any_more"
    run(files, "--open")
    assert take_position(alice, subject_id=article.pk, value="agree").counts.agree == 4
    assert "NO" not in run(files), "what people add later is not counted as loaded"
    assert recount.check().is_clean


def test_a_difference_is_shown_and_ends_with_one(files: Path, db: None) -> None:
    run(files)
    Support.objects.filter(pk=Support.objects.first().pk).update(ended_at="2015-10-18T00:00:00Z")
    with pytest.raises(CommandError) as failure:
        run(files)
    assert failure.value.returncode == 1


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("propositions.jsonl", '{"id": 1}', "propositions.jsonl, line 1"),
        ("propositions.jsonl", "not json", "propositions.jsonl, line 1"),
        (
            "article9_votes.csv",
            "amendment,author,voter,vote\n1,1,7,2\n",
            "article9_votes.csv, line 2",
        ),
        ("article9_votes.csv", "amendment,author,voter,vote\n5,1,7,1\n", "no amendment 5"),
    ],
)
def test_what_cannot_be_understood_is_named_and_nothing_is_kept(
    files: Path, db: None, name: str, text: str, place: str
) -> None:
    (files / name).write_text(text)
    with pytest.raises(CommandError, match=place) as failure:
        run(files)
    assert failure.value.returncode == 2
    assert not any(numbers())


def test_a_missing_folder_is_named(tmp_path: Path, db: None) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        run(tmp_path / "nowhere")


@pytest.mark.shared_data
def test_the_consultation_of_2015_is_loaded_as_it_was(db: None) -> None:
    """Figures as published by the organisers."""
    printed = run(shared.folder("republique-numerique-2015"))
    assert "NO" not in printed
    process = Process.objects.get(slug=SLUG)
    sections = Section.objects.filter(consultation__process=process)
    assert sections.filter(kind="section").count() == 18
    articles = Subject.objects.filter(section__in=sections, kind="section")
    proposed = Subject.objects.filter(process=process, kind="new_article")
    amendments = Subject.objects.filter(process=process, kind="amendment")
    assert (articles.count(), proposed.count(), amendments.count()) == (30, 666, 109)
    assert _totals(articles) == (18_915, 2_450, 3_522)
    assert _totals(proposed) == (53_025, 3_497, 7_213)
    assert _totals(amendments) == (8_926, 500, 3_425)
    votes = Position.objects.filter(subject__in=amendments)
    assert votes.values("user").distinct().count() == 5_635
    assert votes.values("subject").distinct().count() == 105
    assert Comment.objects.filter(subject__in=articles).count() == 1_096
    assert Comment.objects.filter(subject__in=proposed).count() == 2_898
    assert Source.objects.filter(subject__in=articles).count() == 94
    assert Source.objects.filter(subject__in=proposed).count() == 232
    changing = Wording.objects.filter(section__in=sections).exclude(law_changes=[])
    assert changing.count() == 28
    assert process.participant_count == 21_330
    assert process.position_count == 88_622 + 12_851
    assert process.contribution_count == 666 + 109 + 3_994 + 326
    assert Consultation.objects.get(process=process).current.number == 1
    assert recount.check(process.pk).is_clean


def _totals(subjects: Any) -> tuple[int, int, int]:
    rows = list(subjects.values_list("agree_count", "mixed_count", "disagree_count"))
    agree, mixed, disagree = (sum(numbers) for numbers in zip(*rows, strict=True))
    return agree, mixed, disagree
