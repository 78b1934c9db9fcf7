"""Optimistic locking: who changes a row may say which version of it they have seen."""

from oms.kernel import errors


class VersionConflict(errors.Conflict):
    """Somebody changed it since. Nothing was done."""

    code = "version_conflict"


def check_version(*, expected: int | None, actual: int) -> None:
    """Raise VersionConflict unless the version is the one expected; None expects nothing.

    Call it under the row's lock, so that nobody changes it in between.
    """
    if expected is not None and expected != actual:
        raise VersionConflict("It was changed meanwhile", version=actual)
