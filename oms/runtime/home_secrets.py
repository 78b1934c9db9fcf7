"""The secrets of an installation: made once, readable by its owner only."""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import TypedDict, cast

from oms.runtime.problems import StartupProblem


class Secrets(TypedDict):
    """What `make run` needs and production must be told."""

    secret_key: str
    field_keys: str
    token_pepper: str


def load_or_make(path: Path) -> Secrets:
    """The secrets in `path`, made at the first call.

    Two processes that call at the same moment get the same secrets. A damaged file is never
    replaced, because the encrypted columns could not be read any more.
    """
    if not path.exists():
        _make(path)
    try:
        stored = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StartupProblem(f"Cannot read the secrets in {path}: {error}.") from error
    missing = Secrets.__required_keys__ - set(stored)
    if missing:
        raise StartupProblem(f"{path} lacks {', '.join(sorted(missing))}.")
    return cast("Secrets", stored)


def _make(path: Path) -> None:
    fresh = Secrets(
        secret_key=secrets.token_urlsafe(50),
        field_keys=f"k1:{_random_base64()}",
        token_pepper=_random_base64(),
    )
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(fresh, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        # Unlike a rename, a link never replaces what another process made first.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _random_base64() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
