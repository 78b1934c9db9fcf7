"""The account that runs PostgreSQL, which refuses to be root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from oms.runtime.problems import StartupProblem

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class ServerUser:
    """Ourselves, or the unprivileged account a root launcher hands the server to."""

    uid: int
    gid: int
    is_other: bool

    @classmethod
    def choose(cls, data: Path) -> "ServerUser":
        """Ourselves; as root the owner of existing data, else a well-known unprivileged account."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), is_other=False)
        if data.is_dir() and data.stat().st_uid != 0:
            return cls(data.stat().st_uid, data.stat().st_gid, is_other=True)
        for name in CANDIDATES:
            try:
                account = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(account.pw_uid, account.pw_gid, is_other=True)
        raise StartupProblem(
            "PostgreSQL refuses to run as root and this machine has neither a user `postgres` "
            "nor `nobody`: start as another user."
        )

    def may_enter(self, directory: Path) -> bool:
        """Whether every directory on the way to `directory` lets this user through."""
        if not self.is_other:
            return True
        absolute = directory.resolve()
        existing = [path for path in (absolute, *absolute.parents) if path.exists()]
        return all(self._may_pass(path) for path in existing)

    def _may_pass(self, directory: Path) -> bool:
        found = directory.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)
