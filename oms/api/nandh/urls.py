"""The paths of contract 2.4 that the core can serve, and a last one for all others."""

from django.urls import include, path, re_path

from oms.api.nandh import statuses
from oms.api.nandh.views.base import UnknownPath
from oms.api.nandh.views.configuration import Stores, Vendors
from oms.api.nandh.views.orders import CreateOrder, OrderDetail
from oms.api.nandh.views.products import CreateProduct, ProductDetail, ProductList
from oms.api.nandh.views.returns import CreateReturn
from oms.api.nandh.views.shipments import Inbound, ShipmentDetail, ShipmentLabel, ShipmentsOfOrder

PREFIX = "api/v1/public/"

statuses.configured()  # nonsense in the setting keeps the server from starting

OPERATIONS = [
    path("orders/create", CreateOrder.as_view()),
    path("orders/detail/<str:tracking_code>", OrderDetail.as_view()),
    path("products/inventory/list", ProductList.as_view()),
    path("products/inventory/detail/<str:id_product_inventory>", ProductDetail.as_view()),
    path("products/inventory/create", CreateProduct.as_view()),
    path("shipments/detail/<str:tracking_code>", ShipmentDetail.as_view()),
    path("shipments/list-shipment-of-order", ShipmentsOfOrder.as_view()),
    path("shipments/label/<str:tracking_code>", ShipmentLabel.as_view()),
    path("shipments/inbound/detail/<str:inbound_code>", Inbound.as_view()),
    path("shipments/inbound/detail/<str:inbound_id>/items", Inbound.as_view()),
    path("return-orders/create", CreateReturn.as_view()),
    path("vendors/list", Vendors.as_view()),
    path("stores/list", Stores.as_view()),
]

app_name = "nandh"
urlpatterns = [
    path(PREFIX, include(OPERATIONS)),
    re_path(r"^api/v1/public(/.*)?$", UnknownPath.as_view(), name="unknown"),
]
