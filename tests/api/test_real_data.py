"""The consultation of 2015 as a program reads it: every figure is the one that was published."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command

from tests import shared

API = "/api/v1"


def every_row(client, path: str) -> list[dict]:
    """All pages of a list."""
    rows, address = [], f"{API}/{path}"
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        page = answer.json()
        rows += page["results"]
        address = page["next"]
    return rows


def positions(rows: list[dict]) -> tuple[int, int, int]:
    return tuple(
        sum(row[f"{value}_count"] for row in rows) for value in ("agree", "mixed", "disagree")
    )


@pytest.mark.shared_data
@pytest.mark.django_db
def test_a_program_reads_the_whole_consultation_of_2015(client):
    folder = shared.folder("republique-numerique-2015")
    call_command("import_consultation", folder, stdout=StringIO(), stderr=StringIO())
    (process,) = every_row(client, "processes/?kind=consultation")
    at = f"consultations/{process['slug']}/"
    whole = client.get(f"{API}/{at}").json()
    assert whole["participant_count"] == process["participant_count"] == 21_330
    assert whole["position_count"] == 88_622 + 12_851
    assert whole["contribution_count"] == 666 + 109 + 3_994 + 326

    sections = every_row(client, f"{at}sections/")
    kinds = Counter(row["kind"] for row in sections)
    assert (kinds["article"], kinds["section"]) == (30, 18)
    assert len({row["id"] for row in sections}) == len(sections)
    assert [row["order"] for row in sections] == sorted(row["order"] for row in sections)
    articles = [row for row in sections if row["kind"] == "article"]
    assert positions(articles) == (18_915, 2_450, 3_522)
    assert sum(row["amendment_count"] for row in articles) == 109
    assert sum(row["comment_count"] for row in articles) == 1_096
    assert sum(bool(row["law_changes"]) for row in sections) == 28

    proposed = every_row(client, f"{at}proposals/?kind=new_article&page_size=100")
    amendments = every_row(client, f"{at}proposals/?kind=amendment&page_size=100")
    for rows, number in ((proposed, 666), (amendments, 109)):
        assert len({row["id"] for row in rows}) == len(rows) == number
    assert positions(proposed) == (53_025, 3_497, 7_213)
    assert positions(amendments) == (8_926, 500, 3_425)
    (amended,) = {row["section"] for row in amendments}
    ninth = next(row for row in articles if row["id"] == amended)
    assert ninth["amendment_count"] == 109
    under = every_row(client, f"{at}proposals/?section={amended}&page_size=100")
    assert {row["id"] for row in under} >= {row["id"] for row in amendments}

    most = max(articles, key=lambda row: row["comment_count"])
    for ordering in ("newest", "oldest", "support"):
        path = f"subjects/{most['subject']}/comments/?page_size=100&ordering={ordering}"
        assert len({row["id"] for row in every_row(client, path)}) == most["comment_count"]
    sources = sum(len(every_row(client, f"subjects/{row['subject']}/sources/")) for row in articles)
    assert sources == 94
    found = every_row(client, f"{at}proposals/?q=logiciels+libres&page_size=100")
    assert 10 < len(found) < 666
