"""What the other side calls a carrier: by `SHIPPING_SETTINGS`, then by what was copied."""

from channels_app.choices import RemoteKind
from channels_app.models import RemoteKey
from oms.accounts import app_settings
from oms.api.akinon.sync import words

SETTING = "SHIPPING_SETTINGS"


def code_of(carrier: str, *, organization_id: int) -> str:
    """Their code of a carrier of ours, by its name or code; one nobody knows is told as it is."""
    wanted = carrier.casefold()
    value = app_settings.value_of(organization_id=organization_id, key=SETTING)
    known = value if isinstance(value, list) else []
    copied = RemoteKey.objects.filter(
        organization_id=organization_id, kind=RemoteKind.CARGO_COMPANY
    )
    for entry in [*known, *copied.order_by("pk").values_list("data", flat=True)]:
        names = {words.text(entry.get(name), 255).casefold() for name in ("name", "erp_code")}
        code = words.text(entry.get("shipping_company"), 64)
        if code and wanted in names | {code.casefold()}:
            return code
    return carrier
