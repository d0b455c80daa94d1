"""Boundaries for maps, as GeoJSON (RFC 7946). Pure: no Django.

Only what a map draws is kept: geometries with two coordinates, and the name of each feature.
"""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

LARGEST = 2 * 1024 * 1024  # bytes of a file
MOST_FEATURES = 2_000
MOST_POSITIONS = 60_000
LONGEST_NAME = 200
_DECIMALS = 6  # of a degree: a hand's breadth
_WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")

Box = tuple[float, float, float, float]


class PlaceError(ValueError):
    """What is wrong with a file: `code` and what it is about."""

    def __init__(self, code: str, **params: str | int):
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Boundaries:
    """A feature collection that was checked, and its box: west, south, east, north in degrees."""

    geojson: dict[str, Any]
    box: Box

    @property
    def names(self) -> list[str]:
        """The names of its features, in order, without those that have none."""
        rows = (feature["properties"].get("name", "") for feature in self.geojson["features"])
        return [name for name in rows if name]


def read_boundaries(raw: bytes) -> Boundaries:
    """The boundaries in a GeoJSON file. Raises PlaceError."""
    if len(raw) > LARGEST:
        raise PlaceError("too_large")
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise PlaceError("not_json") from None
    if not isinstance(data, dict):
        raise PlaceError("not_geojson")
    _check_crs(data)
    reader = _Reader()
    features = [reader.feature(one) for one in _features(data)]
    features = [feature for feature in features if feature is not None]
    if not features or reader.box is None:
        raise PlaceError("nothing_there")
    return Boundaries({"type": "FeatureCollection", "features": features}, reader.box)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _check_crs(data: dict[str, Any]) -> None:
    """RFC 7946 knows WGS 84 alone; older files may name it, or another one."""
    crs = data.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not name.upper().endswith(_WGS84):
        raise PlaceError("other_crs")


def _features(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The features of a file, a geometry alone counting as one."""
    kind = data.get("type")
    if kind == "FeatureCollection":
        rows = data.get("features")
        if not isinstance(rows, list):
            raise PlaceError("not_geojson")
        if len(rows) > MOST_FEATURES:
            raise PlaceError("too_many_features", most=MOST_FEATURES)
        for row in rows:
            if not isinstance(row, dict) or row.get("type") != "Feature":
                raise PlaceError("not_geojson")
            yield row
    elif kind == "Feature":
        yield data
    elif isinstance(kind, str):
        yield {"type": "Feature", "geometry": data}
    else:
        raise PlaceError("not_geojson")


class _Reader:
    """Reads geometries, counts their positions and keeps their box."""

    def __init__(self) -> None:
        self.box: Box | None = None
        self._count = 0
        self._shapes: dict[str, Callable[[Any], list[Any]]] = {
            "Point": self._position,
            "MultiPoint": self._line_of(1),
            "LineString": self._line_of(2),
            "MultiLineString": lambda value: self._each(value, self._line_of(2)),
            "Polygon": self._polygon,
            "MultiPolygon": lambda value: self._each(value, self._polygon),
        }

    def feature(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """A feature as it is kept; None for one without a geometry."""
        geometry = row.get("geometry")
        if geometry is None:
            return None
        return {
            "type": "Feature",
            "properties": _named(row.get("properties")),
            "geometry": self._geometry(geometry, 0),
        }

    def _geometry(self, value: Any, depth: int) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise PlaceError("not_geojson")
        kind = value.get("type")
        if kind == "GeometryCollection":
            parts = value.get("geometries")
            if depth > 3 or not isinstance(parts, list):
                raise PlaceError("not_geojson")
            return {
                "type": kind,
                "geometries": [self._geometry(part, depth + 1) for part in parts],
            }
        if not isinstance(kind, str) or kind not in self._shapes:
            raise PlaceError("unknown_shape", name=str(kind)[:40])
        return {"type": kind, "coordinates": self._shapes[kind](value.get("coordinates"))}

    def _each(self, value: Any, read: Callable[[Any], list[Any]]) -> list[Any]:
        if not isinstance(value, list) or not value:
            raise PlaceError("not_geojson")
        return [read(part) for part in value]

    def _line_of(self, least: int) -> Callable[[Any], list[Any]]:
        def read(value: Any) -> list[Any]:
            found = self._each(value, self._position)
            if len(found) < least:
                raise PlaceError("short_line")
            return found

        return read

    def _polygon(self, value: Any) -> list[Any]:
        return self._each(value, self._ring)

    def _ring(self, value: Any) -> list[Any]:
        found = self._each(value, self._position)
        if len(found) < 4 or found[0] != found[-1]:
            raise PlaceError("open_ring")
        return found

    def _position(self, value: Any) -> list[float]:
        self._count += 1
        if self._count > MOST_POSITIONS:
            raise PlaceError("too_many_positions", most=MOST_POSITIONS)
        if not isinstance(value, list) or not 2 <= len(value) <= 4:
            raise PlaceError("not_a_position")
        east, north = _degrees(value[0], 180), _degrees(value[1], 90)
        west, south, right, top = self.box or (east, north, east, north)
        self.box = (min(west, east), min(south, north), max(right, east), max(top, north))
        return [east, north]


def _degrees(value: Any, most: int) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PlaceError("not_a_position")
    if not -most <= value <= most or not math.isfinite(value):
        raise PlaceError("off_the_earth")
    return round(float(value), _DECIMALS) + 0.0  # no minus before zero


def _named(properties: Any) -> dict[str, str]:
    """The name alone, as plain text."""
    found = properties if isinstance(properties, dict) else {}
    named = next((found[key] for key in ("name", "NAME", "Name", "nom") if found.get(key)), "")
    if not isinstance(named, str):
        return {}
    name = " ".join("".join(sign for sign in named if sign.isprintable()).split())[:LONGEST_NAME]
    return {"name": name} if name else {}
