"""Documents as answers hand them over: by address, as base64, or both."""

import base64
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document that is ready: its address, its bytes, each only if the client wants it."""

    url: str | None
    content: bytes | None

    def members(self, *, url: str, content: str) -> dict[str, Any]:
        """Its two members by these names; what the client does not want is null."""
        encoded = None if self.content is None else base64.b64encode(self.content).decode()
        return {url: self.url, content: encoded}
