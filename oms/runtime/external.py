"""Whether what an installation needs from outside is there."""

import os
import socket
from urllib.parse import urlsplit

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from oms.runtime.home import Home
from oms.runtime.problems import StartupProblem

CONNECT_SECONDS = 5


def ensure_port_free(home: Home) -> None:
    """A StartupProblem when another program listens where the web process will."""
    family = socket.AF_INET6 if ":" in home.bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((home.bind, home.port))
        except OSError as error:
            raise StartupProblem(
                f"Cannot listen on port {home.port} of {home.bind} ({error.strerror}): "
                "stop the program that uses it, or set OMS_PORT to a free port."
            ) from error


def ensure_answers() -> None:
    """A StartupProblem when an external database or broker was named and does not answer."""
    if url := os.environ.get("OMS_DATABASE_URL"):
        _ask_database(url)
    if url := os.environ.get("OMS_REDIS_URL"):
        _ask_redis(url)


def _ask_database(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=CONNECT_SECONDS).close()
    except psycopg.Error as error:
        raise StartupProblem(_no_answer("database", "OMS_DATABASE_URL", url, error)) from error


def _ask_redis(url: str) -> None:
    try:
        with redis.Redis.from_url(
            url, socket_connect_timeout=CONNECT_SECONDS, retry=Retry(NoBackoff(), 0)
        ) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise StartupProblem(_no_answer("Redis", "OMS_REDIS_URL", url, error)) from error


def _no_answer(what: str, variable: str, url: str, error: Exception) -> str:
    """Names the place without the password in the URL, and the reason on the same line."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2] or parts.path or parts.query
    reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    return f"The {what} at {place} ({variable}) does not answer: {reason}."
