"""`make run` and the command line of a developer: everything comes from `OMS_HOME`."""

from oms.runtime.home import Home
from oms.settings import env
from oms.settings.base import *

_home = Home.from_env()
_secrets = _home.secrets()

DEBUG = env.boolean("OMS_DEBUG", default=False)
ALLOWED_HOSTS = env.words("OMS_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
SECRET_KEY = env.text("OMS_SECRET_KEY", _secrets["secret_key"])
OMS_FIELD_KEYS = env.text("OMS_FIELD_KEYS", _secrets["field_keys"])
OMS_TOKEN_PEPPER = env.text("OMS_TOKEN_PEPPER", _secrets["token_pepper"])
OMS_DEMO = True

DATABASES = {"default": env.database(env.text("OMS_DATABASE_URL", _home.database_url))}
OMS_REDIS_URL = env.text("OMS_REDIS_URL", _home.redis_url)
_broker_url = OMS_REDIS_URL if env.text("OMS_REDIS_URL", "") else _home.broker_url
CELERY_BROKER_URL = env.text("OMS_BROKER_URL", _broker_url)
MEDIA_ROOT = _home.documents
STATIC_ROOT = _home.path / "static"
