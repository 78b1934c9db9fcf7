"""How asking another system can fail. Whoever asks owns the schedule: nothing is repeated here.

Messages are for staff: they name the endpoint and the status, never a URL, a credential or what
was said.
"""


class ConnectorError(Exception):
    """The other side did not do it. `temporary`: asking again later may help."""

    temporary = False

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class RemoteUnavailable(ConnectorError):
    """It cannot be reached, is in trouble (499 and up), or asks for patience (408, 429)."""

    temporary = True


class RemoteRefused(ConnectorError):
    """It understood and said no (other 3xx and 4xx), or its answer makes no sense.

    `members` are the names of the fields it complained about, not its words.
    """

    def __init__(
        self, message: str, *, status: int | None = None, members: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, status=status)
        self.members = members


class AuthorisationNeeded(ConnectorError):
    """It does not accept our account or token. Somebody has to put that right; then it goes on."""

    temporary = True
