"""A new database takes the squashed migrations only; it is like one that took every step."""

import difflib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from oms.runtime import postgres_files
from oms.runtime.home import PROJECT_ROOT, Home
from oms.runtime.server_user import ServerUser
from tests import servers

LONG, SHORT = "oms_long_way", "oms_short_way"


@pytest.fixture
def databases():
    """Two databases with nothing in them, by their URLs."""
    url = os.environ["OMS_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as session:
        for name in (LONG, SHORT):
            session.execute(f"CREATE DATABASE {name}")
        yield {name: urlsplit(url)._replace(path=f"/{name}").geturl() for name in (LONG, SHORT)}
        for name in (LONG, SHORT):
            session.execute(f"DROP DATABASE {name} WITH (FORCE)")


def started(*arguments, url):
    """Python with these arguments, on this database."""
    settings = {"OMS_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "oms.settings.test"}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=PROJECT_ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(process):
    """Its exit code and, after a failure, what it said."""
    said, _ = process.communicate()
    return process.returncode, said if process.returncode else ""


def dump(url):
    """The schema and the rows as lines of SQL, without what migrations were recorded."""
    home = Home(Path(os.environ[servers.HOME]))
    programs = postgres_files.programs(ServerUser.choose(home.postgres_data))
    options = ["--exclude-table-data=django_migrations", "--inserts", f"--dbname={url}"]
    dumped = subprocess.run(
        [programs / "pg_dump", *options], check=True, capture_output=True, text=True
    )
    # Each dump has a key of its own in these two lines.
    return [
        line
        for line in dumped.stdout.splitlines()
        if not line.startswith(("\\restrict", "\\unrestrict"))
    ]


def test_a_new_database_is_like_one_that_took_every_step(databases):
    ways = [
        started("-m", "tests.long_way", url=databases[LONG]),
        started("manage.py", "migrate", "--verbosity=0", url=databases[SHORT]),
    ]

    ends = [ended(way) for way in ways]

    assert ends == [(0, ""), (0, "")]
    long, short = dump(databases[LONG]), dump(databases[SHORT])
    assert "CREATE TABLE public.orders_order (" in short
    assert list(difflib.unified_diff(long, short, LONG, SHORT, n=0, lineterm="")) == []
