"""Kept apart from `apps.py`, where Django would take it for the configuration of this app."""

from django.contrib.admin.apps import AdminConfig


class OmsAdminConfig(AdminConfig):
    """Django's admin with our site as `admin.site`."""

    default_site = "oms.backoffice.site.OmsAdminSite"
