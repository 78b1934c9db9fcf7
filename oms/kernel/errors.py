"""The family tree of refusals. Concrete errors live beside the code that raises them."""


class DomainError(Exception):
    """A business rule said no. Anticipated, so it is answered, not logged as a fault."""

    code = "domain_error"

    def __init__(self, message: str = "", **details: object) -> None:
        super().__init__(message or self.code)
        self.details = details


class InvalidInput(DomainError):
    """The request cannot be meant this way."""

    code = "invalid_input"


class NotFound(DomainError):
    """It does not exist, or not for this actor: the two are never told apart."""

    code = "not_found"


class Forbidden(DomainError):
    """The actor may not do this at all."""

    code = "forbidden"


class Conflict(DomainError):
    """The request is well formed but the current state does not allow it."""

    code = "conflict"
