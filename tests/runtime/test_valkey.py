"""The embedded Valkey."""

import os
import signal

import psutil
import pytest
import redis

from oms.runtime.valkey import EmbeddedValkey


@pytest.fixture
def valkey(home):
    server = EmbeddedValkey(home)
    server.start()
    return server


@pytest.fixture
def client(home, valkey):
    with redis.Redis.from_url(home.redis_url, decode_responses=True) as client:
        yield client


def test_starts_once_and_stops_completely(valkey, client):
    server = psutil.Process(client.info("server")["process_id"])

    assert valkey.start() is False
    assert os.getsid(server.pid) == server.pid
    valkey.stop()
    assert valkey.is_running() is False
    assert server.is_running() is False


def test_is_durable_and_refuses_rather_than_forgets(client):
    told = client.config_get("append*", "maxmemory-policy", "port")

    assert (told["appendonly"], told["appendfsync"]) == ("yes", "everysec")
    assert (told["maxmemory-policy"], told["port"]) == ("noeviction", "0")


def test_keeps_its_messages_when_it_is_killed(home, valkey, client):
    client.rpush("queue", "message")
    os.kill(client.info("server")["process_id"], signal.SIGKILL)
    client.close()

    heir = EmbeddedValkey(home)
    while heir.is_running():
        pass
    heir.start()

    assert client.lrange("queue", 0, -1) == ["message"]
