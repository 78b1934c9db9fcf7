from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "oms.backoffice"
    label = "backoffice"
    verbose_name = "Back office"
