"""The cast.

Alice takes part. Bob belongs to the organisation (its owner), Otto answers for it officially.
Charlie is an outsider, Olga an official of another body. Mona moderates. Nobody is nobody.
"""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone, translation
from hypothesis import settings as properties
from rest_framework.test import APIClient

from accounts.actions import create_token, grant_role, verify_person
from accounts.kinds import Role, VerificationLevel
from accounts.models import Area, Organisation, User
from tests import factories, scenario
from tests.plugins import prepared

# A property is not a stopwatch: a busy machine fails no example.
properties.register_profile("kenes", deadline=None)
properties.load_profile("kenes")


@pytest.fixture(scope="session")
def django_db_keepdb(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> bool:
    """Workers of one run copy one migrated database instead of migrating one each."""
    name = connection.creation._get_test_db_name()
    return prepared.copy_database(name) or bool(request.config.getvalue("reuse_db"))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Tests begin in English; a request leaves its own language behind."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Rate limits and stored pages of one test are not those of the next."""
    cache.clear()
    yield


@pytest.fixture
def country(db: None) -> Area:
    return factories.area("country")


@pytest.fixture
def city(country: Area) -> Area:
    """A city in the country."""
    return factories.area("city", parent=country)


@pytest.fixture
def village(country: Area) -> Area:
    """A village in the same country, not in the city."""
    return factories.area("village", parent=country)


@pytest.fixture
def organisation(city: Area) -> Organisation:
    """The public body that most tests are about."""
    return factories.organisation("city-council", area=city)


@pytest.fixture
def other_organisation(village: Area) -> Organisation:
    return factories.organisation("village-council", area=village)


@pytest.fixture
def nobody() -> AnonymousUser:
    return AnonymousUser()


@pytest.fixture
def alice(db: None) -> User:
    """Takes part."""
    return factories.person("Alice")


@pytest.fixture
def charlie(db: None) -> User:
    """Another citizen."""
    return factories.person("Charlie")


@pytest.fixture
def bob(organisation: Organisation) -> User:
    """Owner of the public body."""
    bob = factories.person("Bob")
    grant_role(None, person=bob, organisation=organisation, role=Role.OWNER)
    return bob


@pytest.fixture
def otto(organisation: Organisation) -> User:
    """Answers for the public body."""
    otto = factories.person("Otto")
    grant_role(None, person=otto, organisation=organisation, role=Role.ANSWERER)
    return otto


@pytest.fixture
def edith(organisation: Organisation) -> User:
    """Edits for the public body."""
    edith = factories.person("Edith")
    grant_role(None, person=edith, organisation=organisation, role=Role.EDITOR)
    return edith


@pytest.fixture
def olga(other_organisation: Organisation) -> User:
    """Owner of another public body."""
    olga = factories.person("Olga")
    grant_role(None, person=olga, organisation=other_organisation, role=Role.OWNER)
    return olga


@pytest.fixture
def mona(db: None) -> User:
    """A moderator."""
    return factories.person("Mona", moderates_at=timezone.now())


@pytest.fixture
def resident(alice: User, city: Area) -> User:
    """Alice, whose residence in the city was checked."""
    verify_person(None, person=alice, level=VerificationLevel.RESIDENCE, area=city)
    return alice


@pytest.fixture
def client_of() -> Callable[[User | AnonymousUser], Client]:
    """A browser in which that person is signed in."""

    def make(person: User | AnonymousUser) -> Client:
        client = Client()
        if isinstance(person, User):
            client.force_login(person)
        return client

    return make


@pytest.fixture
def api_of() -> Callable[[User | AnonymousUser], APIClient]:
    """A program that acts for that person, by a token."""

    def make(person: User | AnonymousUser) -> APIClient:
        client = APIClient()
        if isinstance(person, User):
            _token, plain = create_token(person, name="test")
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
        return client

    return make


@pytest.fixture
def world(bob: User, organisation: Organisation) -> scenario.World:
    """An open consultation of Bob's public body (see tests.scenario)."""
    return scenario.open_consultation(bob, organisation)
