"""Boundaries in GeoJSON: what is kept, what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.fields import plain_amount
from budgets.places import LARGEST, MOST_FEATURES, MOST_POSITIONS, PlaceError, read_boundaries

RING = [[7.0, 43.0], [8.0, 43.0], [8.0, 44.5], [7.0, 43.0]]


def read(data):
    return read_boundaries(json.dumps(data).encode())


def collection(*geometries, **properties):
    features = [
        {"type": "Feature", "properties": properties, "geometry": one, "id": 5}
        for one in geometries
    ]
    return {"type": "FeatureCollection", "features": features, "foreign": "member"}


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("Point", [7, 43]),
        ("MultiPoint", [[7, 43], [8, 44]]),
        ("LineString", [[7, 43], [8, 44]]),
        ("MultiLineString", [[[7, 43], [8, 44]]]),
        ("Polygon", [RING]),
        ("MultiPolygon", [[RING]]),
    ],
)
def test_every_shape_is_read_alone_as_a_feature_and_in_a_collection(kind, coordinates):
    shape = {"type": kind, "coordinates": coordinates}
    for data in (shape, {"type": "Feature", "geometry": shape}, collection(shape)):
        found = read(data)
        assert found.geojson["features"][0]["geometry"] == shape
        assert found.box[:2] == (7.0, 43.0)


def test_a_collection_of_geometries_is_read():
    shape = {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]}
    assert read(shape).box == (1.0, 2.0, 1.0, 2.0)


def test_names_alone_are_kept_of_all_data():
    found = read(collection({"type": "Point", "coordinates": [7, 43, 120.5]}, name=" Old\n town ",
                            onclick="alert(1)", description="<script>"))  # fmt: skip
    assert found.geojson == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": "Old town"},
                "geometry": {"type": "Point", "coordinates": [7.0, 43.0]},
            }
        ],
    }
    assert found.names == ["Old town"]


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("not_geojson", []),
        ("not_geojson", {"no": "type"}),
        ("unknown_shape", {"type": "Circle", "coordinates": [1, 2]}),
        ("not_geojson", {"type": "FeatureCollection", "features": [{"type": "Point"}]}),
        ("not_geojson", {"type": "FeatureCollection", "features": {}}),
        ("nothing_there", {"type": "FeatureCollection", "features": []}),
        ("nothing_there", {"type": "Feature", "geometry": None}),
        ("nothing_there", {"type": "GeometryCollection", "geometries": []}),
        ("open_ring", {"type": "Polygon", "coordinates": [RING[:3]]}),
        ("open_ring", {"type": "Polygon", "coordinates": [[*RING, [9, 9]]]}),
        ("short_line", {"type": "LineString", "coordinates": [[1, 2]]}),
        ("not_a_position", {"type": "Point", "coordinates": [1]}),
        ("not_a_position", {"type": "Point", "coordinates": ["1", "2"]}),
        ("not_a_position", {"type": "Point", "coordinates": [True, 2]}),
        ("not_a_position", {"type": "Point", "coordinates": None}),
        ("off_the_earth", {"type": "Point", "coordinates": [181, 2]}),
        ("off_the_earth", {"type": "Point", "coordinates": [1, -90.1]}),
        ("off_the_earth", {"type": "Point", "coordinates": [10**400, 1]}),
        (
            "other_crs",
            {"type": "Point", "coordinates": [1, 2], "crs": {"properties": {"name": "EPSG:2154"}}},
        ),
        ("other_crs", {"type": "Point", "coordinates": [1, 2], "crs": "x"}),
    ],
)
def test_what_is_wrong_is_named(code, data):
    with pytest.raises(PlaceError) as error:
        read(data)
    assert error.value.code == code


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe", b'{"type": NaN}', b"[" * 200_000, b"<svg onload=alert(1)>"]
)
def test_what_is_no_json_is_refused(raw):
    with pytest.raises(PlaceError, match="not_json"):
        read_boundaries(raw)


def test_large_files_are_refused():
    with pytest.raises(PlaceError, match="too_large"):
        read_boundaries(b" " * (LARGEST + 1))
    point = {"type": "Point", "coordinates": [1, 2]}
    with pytest.raises(PlaceError, match="too_many_features"):
        read(collection(*[point] * (MOST_FEATURES + 1)))
    with pytest.raises(PlaceError, match="too_many_positions"):
        read({"type": "MultiPoint", "coordinates": [[1, 2]] * (MOST_POSITIONS + 1)})


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "geometry", "features", "geometries", "crs"]),
            inside | st.sampled_from(["Point", "Polygon", "Feature", "FeatureCollection"]),
            max_size=4,
        )
    ),
)


@given(_JSON)
def test_any_json_is_read_or_refused_with_a_code(data):
    try:
        found = read(data)
    except PlaceError as error:
        assert error.code
    else:
        west, south, east, north = found.box
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("125000", "125000"),
        ("125,000.50", "125000.50"),
        ("125 000,50", "125000.50"),
        ("125\u202f000\u00a0", "125000"),
        ("1.250", "1250"),
        ("1.250,5", "1250.5"),
        ("1'250'000", "1250000"),
        ("12,5", "12.5"),
        ("0.50", "0.50"),
        ("0.125", "0.125"),
        ("1,25,0", "1,25,0"),
        ("-5", "-5"),
        ("twelve", "twelve"),
    ],
)
def test_amounts_are_read_as_people_write_them(typed, plain):
    assert plain_amount(typed) == plain
