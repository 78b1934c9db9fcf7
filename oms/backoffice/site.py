"""The back office: Django's admin under our roof."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

# How staff think of their work, not how the code is cut. What is named nowhere comes last.
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Inbox", ("Entry",)),
    ("Orders", ("Order", "Customer", "CancelRequest", "Hold")),
    (
        "Fulfillment",
        (
            "FulfillmentTask",
            "Picklist",
            "Parcel",
            "Document",
            "Invoice",
            "Manifest",
            "Handover",
            "CancellationTask",
            "TransferOrder",
            "Discrepancy",
        ),
    ),
    ("Returns", ("ReturnOrder",)),
    ("Stock", ("StockLevel",)),
    ("Catalogue", ("Sku", "Bundle", "Listing", "Spu")),
    ("News", ("Endpoint", "Delivery")),
    ("Integrations", ("SyncMark", "HeldOrder", "RemoteUpdate", "InboundMessage")),
    (
        "Configuration",
        (
            "Organization",
            "Channel",
            "FulfillmentPoint",
            "Scenario",
            "TransitionRule",
            "DenialReason",
            "ShelfPlace",
            "Seller",
            "ApiClient",
            "PaperSettings",
            "DocumentTemplate",
        ),
    ),
    ("People", ("User", "Group")),
    ("Audit", ("Event",)),
)
_NAMES = {
    "Entry": "Stuck",
    "StockLevel": "Stock",
    "FulfillmentTask": "Tasks",
    "CancellationTask": "Cancellations",
    "ReturnOrder": "Returns",
    "Sku": "SKUs",
    "Spu": "Products",
    "User": "Staff",
    "Group": "Roles",
    "ApiClient": "API clients",
    "SyncMark": "Reading",
    "HeldOrder": "Orders not taken in",
    "RemoteUpdate": "Told to Omnitron",
    "InboundMessage": "Heard of Omnitron",
    "TransferOrder": "Transfers",
    "TransitionRule": "Transitions",
}


class OmsAdminSite(AdminSite):
    """Sections by area of work, and a start page that says what needs a person."""

    site_title = "oms"
    site_header = "oms"
    index_title = "Today"
    index_template = "admin/backoffice/dashboard.html"
    site_url = None
    enable_nav_sidebar = True

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Django's list of models, cut into our sections."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None or not self.has_permission(request):
            return apps
        models = {model["object_name"]: model for app in apps for model in app["models"]}
        named = {name for _, names in SECTIONS for name in names}
        rest = tuple(name for name in models if name not in named)
        sections = [
            self._section(title, [models[name] for name in names if name in models])
            for title, names in (*SECTIONS, ("Other", rest))
        ]
        sections.insert(1, self._section("Desks", self._desks(request)))
        for section in sections:
            if section["name"] == "Integrations":
                section["models"] = [*self._pages(request), *section["models"]]
        return [section for section in sections if section["models"]]

    def get_urls(self) -> list[Any]:
        """The desks' pages, and those of connections, before the models'."""
        from oms.backoffice.connecting import urls as connecting  # noqa: PLC0415 - as below
        from oms.backoffice.desk import urls as desk  # noqa: PLC0415 - needs the models, as above

        own = [*desk.urls(self.admin_view), *connecting.urls(self.admin_view)]
        return [*own, *super().get_urls()]

    def _desks(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Places to work at, as far as the person may."""
        from oms.backoffice.desk.pages import DESKS  # noqa: PLC0415 - needs the models, as above

        return [
            {"name": desk.title, "object_name": desk.name, "admin_url": desk.url, "add_url": None}
            for desk in DESKS
            if request.user.has_perm(desk.permission)
        ]

    def _pages(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Pages that show no single model, as far as the person may."""
        from oms.backoffice.pages import PAGES  # noqa: PLC0415 - needs the models, as above

        return [
            {"name": page.title, "object_name": page.name, "admin_url": page.url, "add_url": None}
            for page in PAGES
            if request.user.has_perm(page.permission)
        ]

    def _section(self, title: str, models: Iterable[dict[str, Any]]) -> dict[str, Any]:
        renamed = [
            model | {"name": _NAMES.get(model["object_name"], model["name"])} for model in models
        ]
        return {
            "name": title,
            "app_label": title.lower(),
            "app_url": reverse("admin:index") + f"#{title.lower()}",
            "has_module_perms": True,
            "models": renamed,
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The start page."""
        from oms.backoffice import dashboard  # noqa: PLC0415 - needs the models, this is read before

        board = dashboard.load(request) if self.has_permission(request) else None
        return super().index(request, {**(extra_context or {}), "board": board})
