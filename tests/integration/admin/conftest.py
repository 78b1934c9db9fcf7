from collections.abc import Callable

import pytest
from django.test import Client

from oms.accounts.models import User
from tests import backoffice_builders as build


@pytest.fixture
def signed_in(db) -> Callable[[User], Client]:
    """A browser of a person."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def root(signed_in) -> Client:
    """A superuser's browser."""
    return signed_in(build.make_superuser())
