"""From a refusal to the answer of a facade, by its place in the family tree."""

from collections.abc import Mapping
from typing import NamedTuple

from oms.kernel.errors import DomainError


class Answer(NamedTuple):
    """HTTP status and the code the facade's error body carries."""

    status: int
    code: str


ErrorTable = Mapping[type[DomainError], Answer]


def answer_for(table: ErrorTable, refusal: DomainError) -> Answer:
    """The entry of the nearest ancestor. Tables list the kernel classes, so one always fits."""
    return next(table[cls] for cls in type(refusal).__mro__ if cls in table)
