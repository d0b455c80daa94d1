"""Reading the environment. Every setting an operator may change passes through here."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class ImproperEnvironment(Exception):
    """A variable is missing or cannot be understood; the message names it."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if not value:
        return default
    raise ImproperEnvironment(f"{name} must be true or false, not {value!r}")


def number(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperEnvironment(f"{name} must be a whole number, not {value!r}") from None


def words(name: str, default: str = "") -> list[str]:
    """A list written with commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    value = text(name)
    return Path(value).expanduser().resolve() if value else default


def tiles(name: str) -> str:
    """The address of map tiles with {z}, {x} and {y} in it, of this site or another; "" for none."""
    value = text(name)
    known = value.startswith(("https://", "http://", "/")) and not value.startswith("//")
    if value and not (known and all(part in value for part in ("{z}", "{x}", "{y}"))):
        raise ImproperEnvironment(f"{name} must be an address that holds {{z}}, {{x}} and {{y}}")
    return value


def origins(address: str) -> list[str]:
    """Where a browser must be allowed to fetch from for this address: [] if it is on this site.

    {s} stands for one of several servers, as map libraries write it.
    """
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"] if parts.netloc else []


def database(url: str) -> dict[str, Any]:
    """Django's database settings from postgresql://user:password@host:port/name?option=value.

    A socket folder may stand in ?host=/path. Raises ImproperEnvironment for another scheme.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperEnvironment("DATABASE_URL must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
    }
