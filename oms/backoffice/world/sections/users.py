from django.conf import settings

from oms.accounts.models import User
from oms.backoffice.world.directory import Directory
from oms.backoffice.world.places import WorldRefused
from oms.backoffice.world.plan import SECRET, Plan
from oms.backoffice.world.reading import World, refuse_repeats
from oms.backoffice.world.removal import remove
from oms.backoffice.world.shapes import Record

SECTION = "users"


def apply(world: World, directory: Directory, plan: Plan) -> None:
    """Create and update people. Passwords in files are for demonstrations only."""
    entries = world.sections.get(SECTION, [])
    if entries and not settings.OMS_DEMO:
        refusal = "people are described in world files for demonstrations only; use createsuperuser"
        raise WorldRefused(entries[0].at, refusal)
    refuse_repeats((entry.text("username"), entry) for entry in entries)
    for entry in world.present(SECTION):
        _sync(entry, directory, plan)


def _sync(entry: Record, directory: Directory, plan: Plan) -> None:
    label = f"user {entry.text('username')}"
    row = User.objects.filter(username=entry.text("username")).first()
    if row is None:
        entry.require("password", what="user")
        row = User(username=entry.text("username"))
        _set_flags(row, entry)
        row.set_password(entry.text("password"))
        row.save()
        _sync_organizations(row, entry, directory)
        plan.created(label)
        return
    changes = _set_flags(row, entry)
    password = entry.optional("password")
    if password is not None and not row.check_password(password):
        row.set_password(password)
        changes["password"] = (SECRET, SECRET)
    if changes:
        row.save(update_fields=["is_superuser", "is_staff", "password"])
    changes |= _sync_organizations(row, entry, directory)
    if changes:
        plan.changed(label, changes)


def _set_flags(row: User, entry: Record) -> dict[str, tuple[object, object]]:
    """Superusers are staff; others are when the file says so."""
    changes: dict[str, tuple[object, object]] = {}
    superuser = bool(entry.values.get("superuser", row.is_superuser))
    staff = superuser or bool(entry.values.get("staff", row.is_staff))
    if row.is_superuser != superuser:
        changes["superuser"] = (row.is_superuser, superuser)
    if row.is_staff != staff:
        changes["staff"] = (row.is_staff, staff)
    row.is_superuser, row.is_staff = superuser, staff
    return changes


def _sync_organizations(
    row: User, entry: Record, directory: Directory
) -> dict[str, tuple[object, object]]:
    if "organizations" not in entry:
        return {}
    at = entry.place("organizations")
    wanted = {code: directory.organization_named(code, at) for code in entry.texts("organizations")}
    before = sorted(row.organizations.values_list("code", flat=True))
    if before == sorted(wanted):
        return {}
    row.organizations.set(wanted.values())
    return {"organizations": (before, sorted(wanted))}


def remove_absent(world: World, directory: Directory, plan: Plan) -> None:  # noqa: ARG001 - one shape for all sections
    """Remove people."""
    for entry in world.absent(SECTION):
        name = entry.text("username")
        remove(User.objects.filter(username=name).first(), entry, f"user {name}", plan)
