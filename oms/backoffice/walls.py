"""Row-level security, built by the owner after every migration (docs/adr/0019).

Every table with an `organization_id` gets its wall from the catalogue, so that none is forgotten.
Rows of the tables named here belong to whom their parent belongs to. `oms_tenant` has no right at
all to any other table. What stands already is left alone: building twice takes no lock.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from oms.kernel.contention import retried
from oms.kernel.walls import INSIDE, OUTSIDE

ORGANIZATION = "(SELECT nullif(current_setting('oms.organization', true), '')::bigint)"

# Child table: the column that names the parent, and the parent.
PARENTS: Mapping[str, tuple[str, str]] = {
    "catalog_bundlepart": ("bundle_id", "catalog_bundle"),
    "catalog_listing": ("channel_id", "channels_app_channel"),
    "catalog_spu": ("channel_id", "channels_app_channel"),
    "events_delivery": ("endpoint_id", "events_endpoint"),
    "events_deliveryattempt": ("delivery_id", "events_delivery"),
    "events_endpointhealth": ("endpoint_id", "events_endpoint"),
    "events_endpointsecret": ("endpoint_id", "events_endpoint"),
    "events_endpointtally": ("endpoint_id", "events_endpoint"),
    "events_messagebody": ("event_id", "events_event"),
    "events_replay": ("endpoint_id", "events_endpoint"),
    "fulfillment_cancellationline": ("cancellation_id", "fulfillment_cancellationtask"),
    "fulfillment_consignment": ("parcel_id", "fulfillment_parcel"),
    "fulfillment_handoverparcel": ("handover_id", "fulfillment_handover"),
    "fulfillment_invoiceline": ("invoice_id", "fulfillment_invoice"),
    "fulfillment_manifestparcel": ("manifest_id", "fulfillment_manifest"),
    "fulfillment_parcelitem": ("parcel_id", "fulfillment_parcel"),
    "fulfillment_parcelmilestone": ("parcel_id", "fulfillment_parcel"),
    "fulfillment_picklistentry": ("picklist_id", "fulfillment_picklist"),
    "fulfillment_scenarioversion": ("scenario_id", "fulfillment_scenario"),
    "fulfillment_taskactivity": ("task_id", "fulfillment_fulfillmenttask"),
    "fulfillment_discrepancy": ("task_line_id", "fulfillment_taskline"),
    "fulfillment_taskdenial": ("task_id", "fulfillment_fulfillmenttask"),
    "fulfillment_transferline": ("transfer_id", "fulfillment_transferorder"),
    "fulfillment_taskinvoice": ("task_id", "fulfillment_fulfillmenttask"),
    "fulfillment_taskline": ("task_id", "fulfillment_fulfillmenttask"),
    "inventory_levelnews": ("level_id", "inventory_stocklevel"),
    "inventory_stockannouncement": ("listing_id", "catalog_listing"),
    "locations_carriercutoff": ("point_id", "locations_fulfillmentpoint"),
    "locations_channelpoint": ("channel_id", "channels_app_channel"),
    "locations_pointcalendar": ("point_id", "locations_fulfillmentpoint"),
    "orders_buyer": ("order_id", "orders_order"),
    "orders_cancelrequest": ("order_id", "orders_order"),
    "orders_cancelrequestline": ("request_id", "orders_cancelrequest"),
    "orders_customeraddress": ("customer_id", "orders_customer"),
    "orders_hold": ("order_id", "orders_order"),
    "orders_orderline": ("order_id", "orders_order"),
    "returns_returnunit": ("return_order_id", "returns_returnorder"),
}
# Written by the very statement that writes their parent, which no policy can see yet.
WRITTEN_WITH_PARENT = frozenset({"orders_buyer", "orders_orderline"})
# One row for everybody, reached through rows that have a wall: bytes are named by their hash.
SHARED = frozenset({"fulfillment_storedcontent"})
# People and what they do, whatever columns these tables have.
CLOSED = frozenset({"accounts_user_organizations"})


@dataclass(frozen=True, slots=True)
class Search:
    """What rows of a table are looked for by ($2), and the order of their list."""

    name: str
    kind: str
    table: str
    fits: str
    order: str


# Operators of GIN indexes may tell what they compare, so that under a policy PostgreSQL asks them
# last. These run as the owner and keep to the wall themselves. They are ordered like the list, so
# that what is common is found by the list's index.
SEARCHES = (
    Search(
        "orders_order_tagged",
        "text",
        "orders_order",
        "tags @> ARRAY[$2]::varchar[] AND NOT tags = '{}'",
        "placed_at DESC, id DESC",
    ),
    Search(
        "orders_customer_named",
        "bigint[]",
        "orders_customer",
        "name_keys && $2 AND NOT name_keys = '{}' AND channel_id IS NULL",
        "created_at DESC, id DESC",
    ),
    Search("catalog_sku_barcoded", "varchar[]", "catalog_sku", "barcodes && $2", "id"),
)


@dataclass(frozen=True, slots=True)
class Wall:
    """Which rows of a table are an organization's, and which it may write."""

    table: str
    seen: str
    written: str

    @property
    def statements(self) -> list[str]:
        """All that makes the wall, from nothing or from an older one."""
        own = f"USING ({self.seen}) WITH CHECK ({self.written})"
        on = f"ON {self.table}"
        return [
            f"ALTER TABLE {self.table} ENABLE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS oms_app_all {on}",
            f"CREATE POLICY oms_app_all {on} TO {OUTSIDE} USING (true) WITH CHECK (true)",
            f"DROP POLICY IF EXISTS oms_tenant_own {on}",
            f"CREATE POLICY oms_tenant_own {on} TO {INSIDE} {own}",
        ]

    @property
    def mark(self) -> str:
        """Kept as the policy's comment; another one means that the wall has to be built anew."""
        return hashlib.sha256("\n".join(self.statements).encode()).hexdigest()[:16]


_TABLES = """
SELECT c.relname, a.attnum IS NOT NULL,
       CASE WHEN c.relrowsecurity THEN obj_description(p.oid, 'pg_policy') END
FROM pg_class c
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
    AND NOT a.attisdropped
LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'oms_tenant_own'
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
ORDER BY c.relname
"""
# Rights on whole tables and sequences, and on columns; sequences belong with their tables.
_RIGHTS = """
SELECT x.name, x.kind, x.owner_table, x.attname, x.privilege,
       bool_or(x.grantee = 'oms_app'), bool_or(x.grantee = 'oms_tenant')
FROM (
    SELECT c.relname AS name, c.relkind AS kind, t.relname AS owner_table, NULL AS attname,
           acl.privilege_type AS privilege, pg_get_userbyid(acl.grantee) AS grantee
    FROM pg_class c
    LEFT JOIN pg_depend d ON c.relkind = 'S' AND d.objid = c.oid AND d.deptype IN ('a', 'i')
        AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
    LEFT JOIN pg_class t ON t.oid = d.refobjid
    CROSS JOIN LATERAL aclexplode(c.relacl) acl
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S')
    UNION ALL
    SELECT c.relname, c.relkind, NULL, a.attname, acl.privilege_type,
           pg_get_userbyid(acl.grantee)
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    CROSS JOIN LATERAL aclexplode(a.attacl) acl
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
) x
WHERE x.grantee IN ('oms_app', 'oms_tenant')
  AND x.privilege IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'USAGE')
GROUP BY 1, 2, 3, 4, 5
"""
# The organization, what is looked for, and how many keys at most; planned anew for each call.
_SEARCH = """
CREATE OR REPLACE FUNCTION {name}(bigint, {kind}, int) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF $1 <> {own} THEN RETURN; END IF;
    RETURN QUERY EXECUTE $q$
        SELECT id FROM {table} WHERE {fits} AND organization_id = $1 ORDER BY {order} LIMIT $3
    $q$ USING $1, $2, $3;
END $$;
REVOKE ALL ON FUNCTION {name} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {name} TO {outside}, {inside};
"""
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('oms.walls'))"


def build() -> list[str]:
    """Make walls and rights what they should be; the tables whose wall was built. Runs as owner."""
    standing = _asked(_TABLES)
    walls = [
        (wall, mark)
        for name, has_column, mark in standing
        if (wall := wall_of(name, has_column=has_column))
    ]
    built = [wall for wall, mark in walls if mark != wall.mark]
    for wall in built:
        _raise(wall)
    _align_rights(open_tables={wall.table for wall, _ in walls} | SHARED)
    _search_behind_the_wall()
    return [wall.table for wall in built]


def wall_of(table: str, *, has_column: bool) -> Wall | None:
    """The wall a table should have; closed and shared tables have none."""
    if table in CLOSED:
        return None
    if table == "accounts_organization":
        own = f"id = {ORGANIZATION}"
        return Wall(table, own, own)
    if has_column:
        own = f"organization_id = {ORGANIZATION}"
        return Wall(table, own, own)
    if table in PARENTS:
        column, parent = PARENTS[table]
        own = f"EXISTS (SELECT FROM {parent} p WHERE p.id = {table}.{column})"
        return Wall(table, own, "true" if table in WRITTEN_WITH_PARENT else own)
    return None


@retried
def _raise(wall: Wall) -> None:
    """One table at a time, so that calls are kept waiting for milliseconds only."""
    mark = f"COMMENT ON POLICY oms_tenant_own ON {wall.table} IS '{wall.mark}'"
    with transaction.atomic():
        _run(";\n".join((*wall.statements, mark)))


def _align_rights(*, open_tables: set[str]) -> None:
    """`oms_tenant` may do with open tables and their sequences what `oms_app` may."""
    with transaction.atomic():
        _run(_ONE_AT_A_TIME)
        _run(f"GRANT USAGE ON SCHEMA public TO {INSIDE}")
        granted, revoked = [], []
        for name, kind, owner_table, column, privilege, of_app, of_tenant in _asked(_RIGHTS):
            belongs = name if kind != "S" else owner_table
            is_wanted = of_app and (belongs is None or belongs in open_tables)
            noun = "SEQUENCE" if kind == "S" else "TABLE"
            right = f"{privilege} ({column})" if column else privilege
            if is_wanted and not of_tenant:
                granted.append(f"GRANT {right} ON {noun} {name} TO {INSIDE}")
            elif of_tenant and not is_wanted:
                revoked.append(f"REVOKE {right} ON {noun} {name} FROM {INSIDE}")
        # Revoking a right to a table revokes it for the columns too, so that comes first.
        if revoked or granted:
            _run(";\n".join((*revoked, *granted)))


def _search_behind_the_wall() -> None:
    """Searches whose index no policy lets a query use; they keep to the wall themselves."""
    with transaction.atomic():
        _run(_ONE_AT_A_TIME)
        # A migration to an earlier state leaves tables without these columns.
        _run("SET LOCAL check_function_bodies = off")
        for search in SEARCHES:
            _run(_SEARCH.format(own=ORGANIZATION, outside=OUTSIDE, inside=INSIDE, **asdict(search)))


def _run(statement: str) -> None:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(statement)


def _asked(query: str) -> list[Any]:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
