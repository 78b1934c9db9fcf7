"""Addresses of the pages about connections, below those of the admin."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from oms.backoffice.connecting import settings_views, setup_views


def urls(wrap: Callable[[Any], Any]) -> list[URLPattern]:
    """`wrap` is the admin site's own guard: it asks for a person of the staff."""
    views: tuple[tuple[str, Any, str], ...] = (
        ("settings/", settings_views.choose, "app_settings"),
        ("settings/<int:organization_id>/", settings_views.listed, "app_settings_of"),
        ("settings/<int:organization_id>/<str:key>/", settings_views.edit, "app_settings_edit"),
        (
            "settings/<int:organization_id>/<str:key>/unset/",
            settings_views.remove,
            "app_settings_remove",
        ),
        (
            "settings/<int:organization_id>/<str:key>/<int:version>/",
            settings_views.version_page,
            "app_settings_version",
        ),
        ("setup/", setup_views.choose, "remote_setup"),
        ("setup/<int:organization_id>/", setup_views.overview, "remote_setup_of"),
        ("setup/<int:organization_id>/<slug:name>/", setup_views.act, "remote_setup_act"),
    )
    return [path(route, wrap(view), name=name) for route, view, name in views]
