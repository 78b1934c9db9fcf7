"""Every path at the root and under the two prefixes clients know, with and without a slash at the
end (contract 1.1). Paths the vendor prints with a blank are accepted with it.
"""

from collections.abc import Mapping

from django.urls import URLPattern, re_path

from oms.api.increff.v0 import INSTEAD
from oms.api.increff.views import cancelling, catalog, dock, packing, returning, stock
from oms.api.increff.views.base import IncreffView, UnknownPath

COMBINED = "ewms/push/usp/handover/combined"

OPERATIONS: Mapping[str, type[IncreffView]] = {
    "usp/listing/create": catalog.CreateListings,
    "usp/inventories/absolute": stock.UpdateInventory,
    "usp/order/cancel": cancelling.CancelOrder,
    "usp/picklist/create": dock.CreatePicklist,
    "usp/picklist/add-order": dock.AddToPicklist,
    "usp/order/pack": packing.Pack,
    "usp/manifest": dock.Manifest,
    "usp/handover": dock.HandOver,
    COMBINED: dock.ManifestAndHandOver,
    "usp/return": returning.ProcessReturn,
}
# Other spellings of the same: an earlier edition's, and two misprints.
ALIASES: Mapping[str, str] = {
    "cims/push/usp/handover/combined": COMBINED,
    "usp/ manifest": "usp/manifest",
    "usp/ handover": "usp/handover",
}
_MOUNTED = "(?:assure-magic2/|assuremagic2/)?"
_OURS = "(?:(?:assure-magic2|assuremagic2)(?:/.*)?|(?:usp|ewms|cims|sellfast)/.*)"


def _paths() -> list[URLPattern]:
    views = {path: view.as_view() for path, view in OPERATIONS.items()}
    views |= {alias: views[path] for alias, path in ALIASES.items() if path in views}
    gone = [
        re_path(f"^{_MOUNTED}{path}/?$", UnknownPath.as_view(instead=instead))
        for path, instead in INSTEAD.items()
    ]
    served = [re_path(f"^{_MOUNTED}{path}/?$", view) for path, view in views.items()]
    return [*served, *gone, re_path(f"^{_OURS}$", UnknownPath.as_view(), name="unknown")]


app_name = "increff"
urlpatterns = _paths()
