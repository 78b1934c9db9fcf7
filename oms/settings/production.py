"""Production: no default for a secret; start-up is refused with the variable's name."""

from oms.settings import env
from oms.settings.base import *

SECRET_KEY = env.text("OMS_SECRET_KEY")
OMS_FIELD_KEYS = env.text("OMS_FIELD_KEYS")
OMS_TOKEN_PEPPER = env.text("OMS_TOKEN_PEPPER")
OMS_DEMO = False
env.text("OMS_ALLOWED_HOSTS")
ALLOWED_HOSTS = env.words("OMS_ALLOWED_HOSTS")
DATABASES = {"default": env.database(env.text("OMS_DATABASE_URL"))}
OMS_REDIS_URL = env.text("OMS_REDIS_URL")
CELERY_BROKER_URL = env.text("OMS_BROKER_URL", OMS_REDIS_URL)
MEDIA_ROOT = env.text("OMS_DOCUMENTS", "/var/lib/oms/documents")
STATIC_ROOT = env.text("OMS_STATIC", "/var/lib/oms/static")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

LOGGING = log_lines(env.text("OMS_LOG_FORMAT", "json"))
