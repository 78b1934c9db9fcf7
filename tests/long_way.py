"""Brings the database at OMS_DATABASE_URL up by the migrations that squashed ones stand for.

Run as `python -m tests.long_way`. First all of them but the last of each squashed one are applied,
as if there were no squashed ones; then `migrate` finds some sets complete and some begun, like in
an installation that is older than the short way, and goes on.
"""

import gc
import io
import re

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def main() -> None:
    """Go the whole way."""
    django.setup()
    gc.freeze()  # as `migrate` does
    call_command("migrate", plan=True, stdout=io.StringIO())  # makes the roles, applies nothing
    described = connection.settings_dict["OPTIONS"]
    described["options"] = re.sub(r"-c (role|statement_timeout)=\S+ ?", "", described["options"])
    executor = MigrationExecutor(connection)
    executor.loader.replace_migrations = False
    executor.loader.build_graph()
    executor.migrate([short.replaces[-2] for short in executor.loader.replacements.values()])
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
