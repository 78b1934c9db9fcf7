"""Production's settings with one view that says what the application sees of a request."""

from oms.settings.production import *  # noqa: F403

ROOT_URLCONF = "tests.api.oms4.echo_urls"
SECURE_SSL_REDIRECT = False
