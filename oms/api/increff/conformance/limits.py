"""1.8: the rate. The last check, because it leaves the login without calls for a minute."""

import time

from .kit import HANDOVER, INVENTORY, Kit
from .verdicts import Broken, Chapter, NotApplicable, expect
from .wire import TOO_MANY

CHAPTER: Chapter[Kit] = Chapter()
_MOST = 200
_WINDOW = 60.0


@CHAPTER.check(
    "7", "the 201st request in a minute, over all URLs together: 429 with Retry-After (6.15)"
)
def rate(kit: Kit) -> None:
    if kit.options.is_quick:
        raise NotApplicable("left out by --quick")
    begun = time.monotonic()
    for place in range(1, _MOST + 2):
        method, path = (("PUT", INVENTORY), ("POST", HANDOVER))[place % 2]
        reply = kit.efs.immediate(method, path, b"{}")
        if reply.status == TOO_MANY:
            reply.refused(TOO_MANY, "TOO_MANY_REQUESTS")
            wait = int(reply.headers.get("retry-after", "0"))
            expect(0 < wait <= _WINDOW, f"Retry-After is {wait}")
            return
        reply.refused()
    took = time.monotonic() - begun
    if took > _WINDOW:
        raise NotApplicable(f"{_MOST + 1} calls took {took:.0f} seconds")
    raise Broken(f"{_MOST + 1} calls within {took:.0f} seconds were answered")
