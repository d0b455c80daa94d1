"""Made-up files of the shape and size of the consultation of 2015, for where the real ones are not."""

import csv
import json
import random
from pathlib import Path
from typing import Any

from consultations.importing.files import AMENDMENTS, ORIGINAL, PROPOSITIONS, VOTES

PARTS = 18
ARTICLES = 30
PROPOSED = 666
ARGUMENTS = 3994
AUTHORS = 1200
VOTERS = 5635
VOTES_CAST = 12_851
AMENDED_BY = 109
_WORDS = (
    "administration",
    "article",
    "public",
    "données",
    "personne",
    "service",
    "droit",
    "communication",
    "numérique",
    "accès",
    "autorité",
    "condition",
    "décret",
    "information",
    "document",
    "usage",
    "loi",
    "principe",
    "ouverture",
    "réseau",
    "contrat",
    "collectivité",
    "mission",
    "délai",
    "demande",
    "règle",
    "code",
    "publication",
    "auteur",
    "recherche",
)
_DAY = "2015-10-{:02}T12:{:02}:00+0200"


def write(folder: Path) -> Path:
    """Write the three files, the same each time. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random("kenes benchmark")
    shares = [dice.paretovariate(1.2) for _ in range(ARTICLES + PROPOSED)]
    items = [_item(dice, number, share / sum(shares)) for number, share in enumerate(shares, 1)]
    rows = [_amendment(dice, number) for number in range(1, AMENDED_BY + 1)]
    votes = _votes(dice)
    for vote in votes:
        totals = rows[vote[0] - 1]["stats"]["votes"]
        totals[{"1": "pour", "0": "neutre", "-1": "contre"}[vote[3]]] += 1
    _lines(folder / PROPOSITIONS, items)
    _lines(folder / AMENDMENTS, rows)
    with (folder / VOTES).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["amendment", "author", "voter", "vote"])
        writer.writerows(votes)
    return folder


def _lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def _text(dice: random.Random, characters: int) -> str:
    """Paragraphs of nonsense, about so long."""
    paragraphs, length = [], 0
    while length < characters:
        words = dice.choices(_WORDS, k=dice.randint(20, 60))
        paragraphs.append(" ".join(words).capitalize() + ".")
        length += len(paragraphs[-1])
    return "\n\n".join(paragraphs)


def _day(dice: random.Random) -> str:
    return _DAY.format(dice.randint(1, 17), dice.randint(0, 59))


def _item(dice: random.Random, number: int, share: float) -> dict[str, Any]:
    is_official = number <= ARTICLES
    part = (number - 1) * PARTS // ARTICLES + 1 if is_official else dice.randint(1, PARTS)
    before, after = _text(dice, 900), _text(dice, 900)
    total = min(3500, 2 + int(88_000 * share))
    agree, mixed = round(total * 0.8), round(total * 0.07)
    return {
        "id": number,
        "section": f"Section {part}",
        "section_subtitle": f"Des {dice.choice(_WORDS)}s",
        "section_id": part,
        "title": f"Article {number} - {_title(dice)}" if is_official else _title(dice),
        "body": _text(dice, 2000 if is_official else 900),
        "appendices": [{"type": "Explication", "body": _text(dice, 700)}] if is_official else [],
        "law_comparisons": [{"title": "Article 7", "before": before, "after": after}]
        if is_official
        else [],
        "author": {"id": "p-gov", "kind": "government"} if is_official else _author(dice),
        "created_at": _day(dice) if not is_official else "2015-09-26T02:27:54+0200",
        "is_trashed": False,
        "votes": {"agree": agree, "mixed": mixed, "disagree": total - agree - mixed},
        "arguments": _arguments(dice, number, share),
        "sources": _sources(dice, number),
    }


def _title(dice: random.Random) -> str:
    return " ".join(dice.choices(_WORDS, k=7)).capitalize()


def _author(dice: random.Random) -> dict[str, str]:
    return {"id": f"p-{dice.randint(1, AUTHORS)}", "kind": "participant"}


def _arguments(dice: random.Random, item: int, share: float) -> list[dict[str, Any]]:
    number = max(4 if item <= ARTICLES else 0, min(150, round(ARGUMENTS * share)))
    return [
        {
            "id": item * 1000 + index,
            "side": dice.choice(["for", "for", "against"]),
            "body": _text(dice, 400),
            "votes": min(40, int(dice.paretovariate(1.0))),
            "created_at": _day(dice),
            "author": _author(dice),
        }
        for index in range(number)
    ]


def _sources(dice: random.Random, item: int) -> list[dict[str, Any]]:
    if dice.random() > 0.4:
        return []
    return [
        {
            "id": item,
            "title": _title(dice),
            "link": f"https://example.org/{item}",
            "category": "Rapport / Étude",
            "body": "",
            "created_at": _day(dice),
            "author": _author(dice),
        }
    ]


def _amendment(dice: random.Random, number: int) -> dict[str, Any]:
    return {
        "amendment": number,
        "slug": ORIGINAL if number == AMENDED_BY else _title(dice).lower().replace(" ", "-"),
        "title": "Code",
        "author": None if number == AMENDED_BY else dice.randint(1, VOTERS),
        "date": {"created_at": _day(dice)},
        "stats": {"votes": {"pour": 0, "neutre": 0, "contre": 0}},
        "before": "",
        "after": None if number == AMENDED_BY else _text(dice, 2000),
        "justification": _text(dice, 300),
    }


def _votes(dice: random.Random) -> list[tuple[int, str, int, str]]:
    """(amendment, author, voter, vote), no voter twice on one amendment; everyone votes once at least."""
    pairs = {(dice.randint(1, AMENDED_BY), voter): None for voter in range(1, VOTERS + 1)}
    while len(pairs) < VOTES_CAST:
        pairs.setdefault((dice.randint(1, AMENDED_BY), dice.randint(1, VOTERS)))
    return [
        (amendment, "", voter, dice.choice(["1", "1", "1", "0", "-1"]))
        for amendment, voter in sorted(pairs)
    ]
