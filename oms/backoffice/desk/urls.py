"""Addresses of the desks, below those of the admin."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from oms.backoffice.desk import bench_views, dock_views, returns_views
from oms.backoffice.desk.pages import BENCH, DOCK, RETURNS, chooser


def urls(wrap: Callable[[Any], Any]) -> list[URLPattern]:
    """`wrap` is the admin site's own guard: it asks for a person of the staff."""
    views: tuple[tuple[str, Any, str], ...] = (
        ("bench/", chooser(BENCH), "bench"),
        ("bench/commands.pdf", bench_views.commands, "bench_commands"),
        ("bench/<int:point_id>/", bench_views.point, "bench_point"),
        ("bench/<int:point_id>/<int:session_id>/", bench_views.session, "bench_session"),
        (
            "bench/<int:point_id>/papers/<int:parcel_id>.pdf",
            bench_views.print_papers,
            "bench_papers",
        ),
        ("dock/", chooser(DOCK), "dock"),
        ("dock/<int:point_id>/", dock_views.point, "dock_point"),
        ("dock/<int:point_id>/handover/", dock_views.handover, "dock_handover"),
        ("dock/<int:point_id>/signed/<int:handover_id>/", dock_views.sign, "dock_sign"),
        (
            "dock/<int:point_id>/manifest/<int:manifest_id>.pdf",
            dock_views.manifest_paper,
            "dock_manifest",
        ),
        (
            "dock/<int:point_id>/handover/<int:handover_id>.pdf",
            dock_views.handover_paper,
            "dock_handover_paper",
        ),
        (
            "dock/<int:point_id>/signed/<int:handover_id>/file/",
            dock_views.signed_paper,
            "dock_signed",
        ),
        ("returns-desk/", chooser(RETURNS), "returns_desk"),
        ("returns-desk/<int:point_id>/", returns_views.point, "returns_desk_point"),
        ("returns-desk/<int:point_id>/<uuid:public_id>/", returns_views.one, "returns_desk_return"),
    )
    return [path(route, wrap(view), name=name) for route, view, name in views]
