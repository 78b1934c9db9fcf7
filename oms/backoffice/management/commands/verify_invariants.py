"""`manage.py verify_invariants`: proves what must always hold, over the whole database."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from oms.backoffice.invariants import INVARIANTS, Result, verify


class Command(BaseCommand):
    """One line per statement with the time it took; exit code 1 when one does not hold."""

    help = "Verify what must always hold; shows the rows that offend."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *_args: Any, **options: Any) -> None:
        results = []
        for invariant in INVARIANTS:
            result = verify(invariant)
            results.append(result)
            if not options["json"]:
                self._print(result)
        if options["json"]:
            self.stdout.write(json.dumps([_document(result) for result in results], default=str))
        if broken := [result.invariant.code for result in results if not result.holds]:
            raise CommandError(f"Does not hold: {', '.join(broken)}")

    def _print(self, result: Result) -> None:
        self.stdout.write(_line(result))
        for row in result.rows:
            values = ", ".join(f"{name}={value}" for name, value in row.items())
            self.stdout.write(f"       {values}")
        if result.count > len(result.rows):
            self.stdout.write(f"       ... and {result.count - len(result.rows)} more")


def _line(result: Result) -> str:
    invariant = result.invariant
    if not result.is_checked:
        return f"{invariant.code:<7}not yet present: {invariant.title}"
    word = "holds" if result.holds else f"BROKEN ({result.count})"
    return f"{invariant.code:<7}{word}: {invariant.title} ({result.seconds:.2f} s)"


def _document(result: Result) -> dict[str, object]:
    return {
        "code": result.invariant.code,
        "title": result.invariant.title,
        "checked": result.is_checked,
        "holds": result.holds if result.is_checked else None,
        "count": result.count,
        "rows": result.rows,
        "seconds": round(result.seconds, 3),
    }
