"""Where the browser of the browser tests is; says loudly what does not run when there is none."""

import pytest

from scripts.browser import find


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of the system's Chromium, for playwright's executable_path."""
    path = find()
    assert path, "browser tests are deselected without Chromium"
    return path


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser, leave its tests out; the summary counts them as deselected."""
    if find():
        return
    left_out = [item for item in items if item.get_closest_marker("e2e")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("e2e")]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Last before the closing line, where nobody can miss it."""
    if not find():
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line("There is no Chromium. Install it, or name one in KENES_CHROMIUM.")
