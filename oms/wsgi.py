"""What a WSGI server runs."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from oms.kernel import collector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings.local")

application = get_wsgi_application()

# Now, and not while somebody waits for the first answer.
import_module(settings.ROOT_URLCONF)
collector.leave_out_what_is_here()
