"""What the command does where nothing is loaded."""

import io

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from accounts.models import User
from demo import accounts


def test_only_the_accounts_are_printed_on_demand(settings: LazySettings, db: None) -> None:
    settings.DEMO = True
    out = io.StringIO()
    call_command("load_demo", "--accounts", stdout=out)
    assert out.getvalue().splitlines() == [str(account) for account in accounts()]
    assert not User.objects.exists()


def test_it_is_refused_where_it_is_not_a_demonstration(settings: LazySettings, db: None) -> None:
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="KENES_DEMO"):
        call_command("load_demo")
    assert not User.objects.exists()
