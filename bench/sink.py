"""A helper that takes webhooks and counts them. Every job is answered with where and how many."""

import asyncio
import threading
from dataclasses import dataclass, field

from bench.helpers import Result, serve
from demo import receiving


@dataclass(slots=True)
class Sink:
    """A server in a thread of its own; the main thread talks to whoever measures."""

    received: int = 0
    port: int = 0
    _is_ready: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Return once it listens."""
        threading.Thread(target=lambda: asyncio.run(self._listen()), daemon=True).start()
        self._is_ready.wait()

    def told(self) -> Result:
        return {"port": self.port, "received": self.received}

    async def _listen(self) -> None:
        server = await receiving.listen(self._count)
        self.port = receiving.port_of(server)
        self._is_ready.set()
        await server.serve_forever()

    def _count(self, _head: bytes, _body: bytes) -> float:
        self.received += 1
        return 0


def main() -> None:
    sink = Sink()
    sink.start()
    serve(lambda _job: sink.told)


if __name__ == "__main__":
    main()
