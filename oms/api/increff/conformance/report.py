"""The table."""

from collections.abc import Iterable, Sequence

from .verdicts import Line, Verdict


def write(lines: Iterable[Line]) -> list[Line]:
    """Print each line as soon as its check was made, then the summary; returns all of them."""
    made = []
    for line in lines:
        reason = f"  ({line.reason})" if line.reason else ""
        print(f"{line.section:<6} {line.verdict:<8} {line.what}{reason}", flush=True)
        made.append(line)
    print(summary(made))
    return made


def summary(lines: Sequence[Line]) -> str:
    """How many checks ended in which way."""
    counts = [f"{sum(line.verdict is verdict for line in lines)} {verdict}" for verdict in Verdict]
    return f"{len(lines)} checks: {', '.join(counts)}"
