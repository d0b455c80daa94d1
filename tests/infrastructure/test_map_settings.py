"""Map tiles of other servers are off until an operator names one, and then allowed from there alone."""

import pytest
from django.conf import settings

from config import env


def test_nothing_is_fetched_from_elsewhere_by_default(client, db):
    assert settings.MAP_TILES == ""
    policy = client.get("/en/")["Content-Security-Policy"]
    assert "img-src 'self' data:;" in f"{policy};"


@pytest.mark.parametrize(
    ("address", "origins"),
    [
        ("", []),
        ("/tiles/{z}/{x}/{y}.png", []),
        ("https://tiles.example.org/{z}/{x}/{y}.png?key=1", ["https://tiles.example.org"]),
        (
            "https://{s}.tiles.example.org:8443/{z}/{x}/{y}.png",
            ["https://*.tiles.example.org:8443"],
        ),
    ],
)
def test_only_the_named_server_is_allowed(address, origins, monkeypatch):
    monkeypatch.setenv("KENES_MAP_TILES", address)
    assert env.tiles("KENES_MAP_TILES") == address
    assert env.origins(address) == origins


@pytest.mark.parametrize(
    "address",
    ["tiles.example.org/{z}/{x}/{y}", "https://example.org/{z}/{x}", "//e.org/{z}/{x}/{y}", "yes"],
)
def test_what_is_no_address_of_tiles_is_refused(address, monkeypatch):
    monkeypatch.setenv("KENES_MAP_TILES", address)
    with pytest.raises(env.ImproperEnvironment, match="KENES_MAP_TILES"):
        env.tiles("KENES_MAP_TILES")
