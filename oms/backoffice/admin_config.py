"""Kept apart from `apps.py`, where Django would take it for the configuration of this app."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.db.models import Model


class OmsAdminConfig(AdminConfig):
    """Django's admin with our site as `admin.site`."""

    default_site = "oms.backoffice.site.OmsAdminSite"

    def ready(self) -> None:
        """Leave out the tables of django-oauth-toolkit: credentials are kept with their client."""
        super().ready()
        site = admin.site
        for model in [model for model in site._registry if is_of_toolkit(model)]:  # noqa: SLF001 - there is no public way
            site.unregister(model)


def is_of_toolkit(model: type[Model]) -> bool:
    """Whether the toolkit made this model, or we did for it."""
    return model._meta.app_label == "oauth2_provider" or model.__name__ == "OAuthApplication"
