"""What a page ships: style sheets and scripts, as a browser that takes compression gets them."""

import re
import urllib.request
from html import unescape

from benchmarks.report import rule, say

LIMIT = 60.0  # kilobytes of compressed CSS and JavaScript beside fonts
_ASSET = re.compile(r"""<(?:link|script)\b[^>]*?(?:href|src)="([^"]+\.(?:css|js))\"""")


def report(site: str, path: str) -> None:
    """Fetch the page and what it asks for; print the sizes."""
    page, _encoding = _get(site + path)
    rows, total = [], 0
    for address in dict.fromkeys(map(unescape, _ASSET.findall(page.decode()))):
        body, encoding = _get(site + address)
        total += len(body)
        rows.append([address, encoding or "plain", f"{len(body) / 1000:.1f}"])
    verdict = "" if total <= LIMIT * 1000 else " MISSED"
    say("\n## What a page ships\n")
    rule(rows, ("file", "encoding", "kB"))
    say(f"\nTogether {total / 1000:.1f} kB of CSS and JavaScript (≤ {LIMIT:g} kB{verdict}).")


def _get(url: str) -> tuple[bytes, str]:
    headers = {"Accept-Encoding": "br, gzip"} if "/static/" in url else {}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        return answer.read(), answer.headers.get("Content-Encoding", "")
