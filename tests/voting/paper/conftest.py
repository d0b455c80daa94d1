"""Two officers, their polls and booths."""

import pytest

from accounts.models import User
from tests import factories
from tests.voting.paper.helpers import booth_in
from tests.voting.polls import open_poll
from voting.models import Booth, Poll


@pytest.fixture
def ina(db: None) -> User:
    """An officer, of no public body."""
    return factories.person("Ina")


@pytest.fixture
def jon(db: None) -> User:
    """The other officer."""
    return factories.person("Jon")


@pytest.fixture
def poll(bob, organisation) -> Poll:
    return open_poll(bob, organisation, secrecy="confidential")


@pytest.fixture
def secret(bob, organisation) -> Poll:
    return open_poll(bob, organisation, secrecy="secret")


@pytest.fixture
def booth(poll, bob, ina, jon) -> Booth:
    return booth_in(poll, bob, ina, jon)


@pytest.fixture
def urn(secret, bob, ina, jon) -> Booth:
    return booth_in(secret, bob, ina, jon)
