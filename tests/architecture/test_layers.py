"""What the import contracts cannot say by themselves."""

import ast
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = Path(settings.ROOT)
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def _contract(name: str) -> dict:
    return next(c for c in CONTRACTS["contracts"] if c["name"] == name)


def test_every_local_app_has_its_place_in_the_layers():
    layers = _contract("Apps import downwards only")["layers"]
    placed = {name.strip() for layer in layers for name in layer.split("|")}
    assert set(settings.LOCAL_APPS) | {"config"} == placed
    assert placed == set(CONTRACTS["root_packages"])


def test_every_app_with_rows_is_layered_inside():
    containers = set(_contract("Inside an app, from addresses down to rows")["containers"])
    with_rows = {app.name for app in apps.get_app_configs() if app.name in settings.LOCAL_APPS}
    assert {
        name for name in with_rows if list(apps.get_app_config(name).get_models())
    } <= containers


def test_every_pure_package_is_named_pure():
    """A package inside an app, without Django: it has no reason to be left out of the contract."""
    named = set(_contract("Pure packages know no framework and no rows")["source_modules"])
    algorithms = {
        "consultations.drafting",
        "answers.deadlines",
        "voting.questionnaire",
        "voting.secrecy",
        "voting.statistics",
        "voting.tally",
        "budgets.allocation",
        "deliberation.ranking",
        "appeals.workflow",
        "assemblies.sortition",
    }
    there = {name for name in algorithms if (ROOT / name.replace(".", "/")).exists()}
    assert there <= named


def _text_references(path: Path) -> list[tuple[int, str]]:
    """(line, target) of each foreign key in a models module whose target is a text."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in ("ForeignKey", "OneToOneField", "ManyToManyField"):
            continue
        targets = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "to")]
        for target in targets:
            if isinstance(target, ast.Constant) and isinstance(target.value, str):
                found.append((node.lineno, target.value))
    return found


@pytest.mark.parametrize("app", settings.LOCAL_APPS)
def test_no_foreign_key_crosses_apps_as_a_text(app):
    """A text would point upwards unseen. Within an app, and at oneself, it is needed."""
    modules = [*(ROOT / app).rglob("models*.py"), *(ROOT / app).rglob("models/*.py")]
    for path in modules:
        crossing = [(line, to) for line, to in _text_references(path) if "." in to]
        assert not crossing, path


def test_a_reference_as_a_text_would_be_found(tmp_path):
    module = tmp_path / "models.py"
    module.write_text(
        "a = models.ForeignKey('voting.Poll', models.PROTECT)\n"
        "b = models.OneToOneField(to='self', on_delete=models.PROTECT)\n"
        "c = models.ForeignKey(Poll, models.PROTECT)\n"
    )
    assert _text_references(module) == [(1, "voting.Poll"), (2, "self")]


def test_foreign_keys_point_downwards():
    order = {name: place for place, name in enumerate(settings.LOCAL_APPS)}
    for model in apps.get_models():
        here = model._meta.app_config.name
        if here not in order:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, (models.ForeignKey, models.ManyToManyField)):
                there = field.related_model._meta.app_config.name
                assert order.get(there, -1) <= order[here], field


def test_no_row_can_point_at_anything(settings):
    """No generic keys: a content type is only Django's own business."""
    for model in apps.get_models():
        if model._meta.app_config.name in settings.LOCAL_APPS:
            names = {getattr(f.related_model, "__name__", "") for f in model._meta.get_fields()}
            assert "ContentType" not in names, model
