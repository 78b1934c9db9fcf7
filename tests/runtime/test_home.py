"""Where an installation keeps what it owns."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from oms.runtime.home import PROJECT_ROOT, Home
from oms.runtime.problems import StartupProblem
from oms.runtime.sockets import LONGEST_PATH


def test_a_relative_home_starts_at_the_project(monkeypatch):
    monkeypatch.setenv("OMS_HOME", "elsewhere")
    monkeypatch.setenv("OMS_PORT", "8123")
    monkeypatch.delenv("OMS_BIND", raising=False)

    home = Home.from_env()

    assert home == Home(PROJECT_ROOT / "elsewhere", port=8123, bind="127.0.0.1")


@pytest.mark.parametrize("port", ["x", "0", "65536", "-1", "8 0"])
def test_a_port_that_is_none_is_refused(monkeypatch, port):
    monkeypatch.setenv("OMS_PORT", port)

    with pytest.raises(StartupProblem, match="OMS_PORT"):
        Home.from_env()


def test_the_sockets_of_a_deep_home_have_short_paths():
    deep = Home(Path("/srv") / ("d" * 60) / ("e" * 60))

    for socket in (deep.socket_dir / ".s.PGSQL.5432", deep.valkey_socket):
        assert len(str(socket)) <= LONGEST_PATH


def test_two_deep_homes_share_no_socket():
    one, other = (Home(Path("/srv") / ("d" * 100) / name) for name in ("one", "other"))

    assert one.socket_dir != other.socket_dir
    assert one.valkey_socket != other.valkey_socket
    assert one.socket_dir != one.valkey_socket.parent


@pytest.mark.parametrize(
    ("bind", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("192.0.2.7", "http://192.0.2.7:8000"),
        ("::1", "http://[::1]:8000"),
    ],
)
def test_a_browser_here_finds_the_web_process(bind, url):
    assert Home(Path("/srv"), bind=bind).base_url == url


def test_secrets_are_made_once_and_readable_by_their_owner_only(home):
    first = home.secrets()

    again = Home(home.path).secrets()

    file = home.path / "secrets.json"
    name, key = first["field_keys"].split(":")
    assert again == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (name, len(base64.b64decode(key))) == ("k1", 32)
    assert len(base64.b64decode(first["token_pepper"])) == 32
    assert len(first["secret_key"]) >= 50


def test_two_who_make_the_secrets_at_once_get_the_same(home):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: home.secrets()["secret_key"], range(8)))

    assert len(set(made)) == 1
    assert [path.name for path in home.path.iterdir() if path.is_file()] == ["secrets.json"]


def test_damaged_secrets_are_told_and_kept(home):
    file = home.path / "secrets.json"
    file.write_text('{"secret_key": "x"}')

    with pytest.raises(StartupProblem, match="lacks field_keys, token_pepper"):
        home.secrets()

    assert file.read_text() == '{"secret_key": "x"}'


def test_a_home_nobody_can_write_to_is_told(home):
    (home.path / "file").touch()

    with pytest.raises(StartupProblem, match="OMS_HOME"):
        Home(home.path / "file" / "home").ensure_writable()
