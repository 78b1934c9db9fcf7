"""`migrate` as the owner of the tables; everything else runs under the application's roles."""

import gc
import re
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from oms.backoffice import walls

_ROLES = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'oms_app') THEN
        CREATE ROLE oms_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'oms_tenant') THEN
        CREATE ROLE oms_tenant NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT oms_app, oms_tenant TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO oms_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO oms_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO oms_app;
"""
# With one of these, `migrate` does not simply apply whatever is missing.
_NOT_EVERYTHING = ("app_label", "check_unapplied", "fake", "fake_initial", "plan")
_TOOLKIT = "oauth2_provider"


class Command(Migrate):
    """Creates the roles that are missing, migrates without them, and builds the walls."""

    help = Migrate.help

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Migrate; a user who may not create the role is told what to run once."""
        connection = connections[options["database"]]
        described = connection.settings_dict["OPTIONS"]
        before = described.get("options", "")
        connection.close()
        described["options"] = re.sub(r"-c (role|statement_timeout)=\S+ ?", "", before)
        gc.freeze()  # models are built a thousand times over; what was imported is no garbage
        try:
            self._ensure_roles(connection)
            if not any(options[name] for name in _NOT_EVERYTHING):
                _begin_with_toolkit(connection)
            answer = super().execute(*args, **options)
            if not (options.get("plan") or options.get("check_unapplied")):
                walls.build()
            return answer
        finally:
            gc.unfreeze()
            connection.close()
            described["options"] = before

    def _ensure_roles(self, connection: Any) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(_ROLES)
        except DatabaseError as exc:
            if "permission denied" not in str(exc):
                raise
            message = "The database user may not create roles; run once as a superuser:"
            raise CommandError(
                f"{message} CREATE ROLE oms_app NOLOGIN; CREATE ROLE oms_tenant NOLOGIN;"
                " GRANT oms_app, oms_tenant TO <user>;"
            ) from exc


def _begin_with_toolkit(connection: Any) -> None:
    """In a new database, make the OAuth2 toolkit's tables while there are few others.

    The toolkit has twenty migrations, and dozens of their steps make Django build each model anew
    that is related to a user: in the order of the alphabet that would be nearly all of ours.
    """
    if MigrationRecorder(connection).has_table():
        return
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    executor.migrate([leaf for leaf in leaves if leaf[0] == _TOOLKIT])
