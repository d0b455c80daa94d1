"""A park that awaits its assessment, and somebody from elsewhere who may assess it."""

import pytest

from accounts.models import User
from budgets.models import Assessor, Budget, Project
from tests import factories
from tests.budgets import scenario


@pytest.fixture
def park(costing: Budget, alice: User) -> Project:
    return scenario.project(costing, alice, "A park")


@pytest.fixture
def pool(costing: Budget, charlie: User) -> Project:
    return scenario.project(costing, charlie, "A pool")


@pytest.fixture
def ida(costing: Budget) -> User:
    """An engineer from elsewhere, named as an assessor."""
    ida = factories.person("Ida")
    Assessor.objects.create(budget=costing, user=ida)
    return ida
