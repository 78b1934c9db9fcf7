"""The test suite: servers of its own, fast password hashing, everything else as it is."""

import base64
import tempfile
from pathlib import Path

from oms.settings import env
from oms.settings.base import *

SECRET_KEY = "only-for-tests"  # noqa: S105
OMS_FIELD_KEYS = "k1:" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
OMS_TOKEN_PEPPER = base64.b64encode(b"pepper-for-tests-pepper-for-test").decode()
OMS_DEMO = True
ALLOWED_HOSTS = ["*"]
DATABASES = {
    "default": env.database(env.text("OMS_DATABASE_URL", "postgresql://oms_owner@localhost/oms"))
}
OMS_REDIS_URL = env.text("OMS_REDIS_URL", "redis://localhost:6379/0")
CELERY_BROKER_URL = env.text("OMS_BROKER_URL", OMS_REDIS_URL)
_home = Path(env.text("OMS_HOME", tempfile.gettempdir()))
MEDIA_ROOT = _home / "documents"
STATIC_ROOT = _home / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
