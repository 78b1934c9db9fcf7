"""Paths of v0, which is not served, and what took their place (contract 1.1)."""

INSTEAD = {
    "push/skuListing": "POST /usp/listing/create",
    "sellfast/inventories/absolute-update": "PUT /usp/inventories/absolute",
    "inventories/incremental-update": "PUT /usp/inventories/absolute",
    "sellfast/inventories/incremental-update": "PUT /usp/inventories/absolute",
    "sellfast/order/cancel-line-items": "PUT /usp/order/cancel",
    "sellfast/picklist/release": "POST /usp/picklist/create",
    "sellfast/picklist/add-orders/[^/]+": "POST /usp/picklist/add-order",
    "sellfast/pack/combined/[^/]+": "POST /usp/order/pack",
    "sellfast/handover": "POST /usp/handover",
    "sellfast/manifest/combined": "POST /ewms/push/usp/handover/combined",
}
