from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """A statement about the whole database.

    `query` returns one row per violation, its columns for people to read. Without a query the
    tables it speaks of do not exist in this release.
    """

    code: str
    title: str
    query: str = ""
    params: dict[str, object] = field(default_factory=dict)
