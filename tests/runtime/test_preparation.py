"""When a start may leave the preparation out."""

import os

import pytest

from oms.runtime import preparation


@pytest.fixture
def prepared(home, monkeypatch):
    for name in [name for name in os.environ if name.startswith("OMS_")]:
        monkeypatch.delenv(name)
    world = home.path / "world.yaml"
    world.write_text("organizations: []")
    monkeypatch.setenv("OMS_WORLD", str(world))
    home.postgres_data.mkdir(parents=True)
    (home.postgres_data / "PG_VERSION").write_text("18")
    preparation.remember(home)
    return home


def test_a_new_home_is_not_current(home):
    assert preparation.is_current(home) is False


def test_a_home_nothing_happened_to_is_current(prepared):
    assert preparation.is_current(prepared) is True


def test_another_world_is_applied(prepared):
    (prepared.path / "world.yaml").write_text("sellers: []")

    assert preparation.is_current(prepared) is False


def test_a_lost_database_is_made_again(prepared):
    (prepared.postgres_data / "PG_VERSION").unlink()

    assert preparation.is_current(prepared) is False


def test_an_external_database_is_always_looked_at(prepared, monkeypatch):
    preparation.remember(prepared)
    monkeypatch.setenv("OMS_DATABASE_URL", "postgresql://elsewhere/oms")
    preparation.remember(prepared)

    assert preparation.is_current(prepared) is False
