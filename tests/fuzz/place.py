"""The installation that is tried: as `make run` has it, with a key of a client that may all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo import installation
from demo.newsproof import place

WORLD = Path(__file__).with_name("world.yaml")


@dataclass(frozen=True, slots=True)
class Target:
    """Where /v1 answers, and what lets a call in."""

    base_url: str
    api_key: str
    client_id: str
    client_secret: str


@contextmanager
def running(*, keep: bool) -> Iterator[Target]:
    """A server with workers, for as long as the block runs. Raises StartupProblem."""
    installation.forget_other_installations()
    os.environ["OMS_WORLD"] = str(WORLD)
    # News of the fuzzer's endpoints goes nowhere, whatever addresses it makes up.
    os.environ["OMS_EGRESS_PROXY"] = f"http://127.0.0.1:{installation.free_port()}"
    with place.made(keep=keep) as here:
        api_key, client_id, client_secret = _issued()
        with here.working():
            yield Target(here.home.base_url, api_key, client_id, client_secret)


def _issued() -> tuple[str, str, str]:
    """What the one client proves itself with, both ways."""
    from django.utils import timezone

    from oms.accounts import services
    from oms.accounts.choices import CredentialKind
    from oms.accounts.models import ApiClient
    from oms.kernel.actors import SYSTEM

    client = ApiClient.objects.get(name="fuzzer")
    now = timezone.now()
    _row, key = services.issue_credential(
        client=client, kind=CredentialKind.API_KEY, actor=SYSTEM, now=now
    )
    row, secret = services.issue_credential(
        client=client, kind=CredentialKind.OAUTH2, actor=SYSTEM, now=now
    )
    return key, row.identifier, secret
