"""A newcomer signs up in a browser, by a mail that lies in a folder, on a real server."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from config.site import Site

PASSWORD = "three plain words"


def link_in_mail(folder: Path) -> str:
    (message,) = folder.iterdir()
    return re.search(r"http://\S+", message.read_text()).group()


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_newcomer_signs_up_and_finds_the_way_back(
    scripts: bool, live_web: Callable[..., Site], chromium_path: str, short_path: Path
):
    site = live_web(KENES_DEMO="true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        page = browser.new_context(java_script_enabled=scripts, locale="fr-FR").new_page()
        page.goto(f"{site.url}/fr/account/")
        page.get_by_role("main").locator("a[href*=signup]").click()
        page.fill("[name=email]", "dana@example.org")
        page.fill("[name=password1]", PASSWORD)
        page.fill("[name=name]", "Dana")
        assert page.input_value("[name=language]") == "fr"
        page.locator("main form button").click()
        assert page.url.endswith("/fr/accounts/confirm-email/")
        page.goto(link_in_mail(short_path / "site-1" / "mail"))
        page.locator("main form button").click()
        assert page.url == f"{site.url}/fr/account/"
        assert page.input_value("[name=name]") == "Dana"
        page.locator("header form button").click()
        page.goto(f"{site.url}/fr/account/")
        page.fill("[name=login]", "dana@example.org")
        page.fill("[name=password]", PASSWORD)
        page.locator("main form button").click()
        assert page.url == f"{site.url}/fr/account/"
        browser.close()
