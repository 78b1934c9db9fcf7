"""Every setting, stated once."""

from pathlib import Path

import django_stubs_ext

from oms.settings import env

django_stubs_ext.monkeypatch()  # lets classes of Django be subscripted, as the types want

BASE_DIR = Path(__file__).resolve().parent.parent.parent

DEBUG = False
SECRET_KEY = ""
ALLOWED_HOSTS: list[str] = env.words("OMS_ALLOWED_HOSTS")
ROOT_URLCONF = "oms.urls"
WSGI_APPLICATION = "oms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "oms.backoffice",
    "oms.backoffice.admin_config.OmsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "oms.accounts",
    "oms.events",
    "oms.inbox",
    "channels_app",
    "oms.locations",
    "catalog",
    "oms.inventory",
    "oms.orders",
    "fulfillment",
    "returns",
    "oms.api",
]

MIDDLEWARE = [
    "oms.backoffice.health.HealthChecks",
    "oms.api.base.watching.RequestWatch",
    "oms.api.base.middleware.HeaderGuard",
    "oms.api.base.middleware.MachineLane",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "oms" / "api" / "v1" / "locale"]

STATIC_URL = "/static/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["oms.api.base.permissions.HasScope"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
OMS_VERSION = "0.1.0"
SPECTACULAR_SETTINGS = {
    "TITLE": "oms",
    "VERSION": OMS_VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    # `make check` validates the document of each facade with that facade's settings.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

# Access tokens of /v1: client credentials only, nothing usable in the database.
OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.OAuthApplication"
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "oms.accounts.oauth.MachineValidator",
    "SCOPES_BACKEND_CLASS": "oms.accounts.oauth.MachineScopes",
    "ACCESS_TOKEN_GENERATOR": "oms.accounts.oauth.new_token",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 900,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["client_credentials"],
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": [],
    "PKCE_REQUIRED": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}

# Celery: see docs/adr/0003 for why each of these is as it is.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_FAILURE = True
CELERY_TASK_ACKS_ON_TIMEOUT = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ROUTES = {
    "events.deliver*": {"queue": "webhooks"},
    "events.purge*": {"queue": "default"},
    "events.*": {"queue": "events"},
    "fulfillment.allocate*": {"queue": "events"},
    "fulfillment.*label*": {"queue": "labels"},
    "fulfillment.*waybill*": {"queue": "labels"},
    "fulfillment.*paper*": {"queue": "labels"},
    "akinon.*": {"queue": "channels"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 5000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "unacked_restore_throttle": 1,
    # A request that cannot place its hint goes on at once; the sweep finds the row.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0.1,
}
CELERY_ACCEPT_CONTENT = ["json"]


def _sweep(task: str, *, seconds: float, **kwargs: object) -> dict[str, object]:
    """A look for due rows by the clock; one that waited for several rounds is dropped."""
    return {
        "task": task,
        "schedule": seconds,
        "kwargs": kwargs,
        "options": {"expires": seconds * 3 + 2},
    }


CELERY_BEAT_SCHEDULE = {
    "relay": _sweep("events.relay_due", seconds=1, is_sweep=True),
    "deliver": _sweep("events.deliver_due", seconds=2, is_sweep=True),
    "purge": _sweep("events.purge_due", seconds=60),
    "replay": _sweep("events.replay_due", seconds=10, is_sweep=True),
    "allocate": _sweep("fulfillment.allocate_due", seconds=1, is_sweep=True),
    "labels": _sweep("fulfillment.fetch_due_labels", seconds=5, is_sweep=True),
    "waybills": _sweep("fulfillment.fetch_due_waybills", seconds=5, is_sweep=True),
    "label-news": _sweep("fulfillment.follow_due_labels", seconds=10, is_sweep=True),
    "papers": _sweep("fulfillment.draw_due_papers", seconds=5, is_sweep=True),
    "announcements": _sweep("inventory.announce_due", seconds=1),
    "level-news": _sweep("inventory.tell_levels_due", seconds=1),
    "hops": _sweep("fulfillment.hop_due", seconds=15),
    "holds": _sweep("orders.release_due_holds", seconds=30),
    "completions": _sweep("orders.complete_due", seconds=60),
    "undecided": _sweep("orders.expire_cancel_requests", seconds=300),
    "inbox": _sweep("inbox.reconcile_due", seconds=5),
    "outdated-calls": _sweep("api.forget_due", seconds=300),
    "inbox-history": _sweep("inbox.forget_due", seconds=3600),
    "omnitron-pull": _sweep("akinon.pull_due", seconds=5, is_sweep=True),
    "omnitron-inbound": _sweep("akinon.receive_due", seconds=2, is_sweep=True),
    "omnitron-push": _sweep("akinon.push_due", seconds=2, is_sweep=True),
    "omnitron-copies": _sweep("akinon.copy_due", seconds=10, is_sweep=True),
    "omnitron-history": _sweep("akinon.forget_due", seconds=3600),
}


def log_lines(formatter: str) -> dict[str, object]:
    """Logging to the standard error stream, as `json` or for people (`console`)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "console": {"()": "oms.kernel.logs.ConsoleFormatter"},
            "json": {"()": "oms.kernel.logs.JsonFormatter"},
        },
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": formatter}},
        "root": {"handlers": ["stream"], "level": "INFO"},
    }


LOGGING = log_lines(env.text("OMS_LOG_FORMAT", "console"))

# Our own.
# Addresses or networks of the proxies whose `Forwarded` header is believed, comma separated.
# X-Forwarded-* is believed from nobody: see oms/api/base/middleware.py.
OMS_TRUSTED_PROXIES = env.words("OMS_TRUSTED_PROXIES")
# Where the world reaches us, such as https://oms.example.com: for addresses given to others.
OMS_PUBLIC_URL = env.text("OMS_PUBLIC_URL", "").rstrip("/")
OMS_SUBSCRIPTIONS = "oms.subscriptions.SUBSCRIPTIONS"
OMS_OMS4_CLOCK_TOLERANCE_SECONDS = env.integer("OMS_OMS4_CLOCK_TOLERANCE_SECONDS", 900)
OMS_OMS4_MIRROR_STATUS = env.boolean("OMS_OMS4_MIRROR_STATUS", default=False)
# One more path of an operation per entry: `alias=operation`, comma separated.
OMS_OMS4_PATH_ALIASES = env.words("OMS_OMS4_PATH_ALIASES")
# Numbers of states for N&H clients, as JSON: see oms/api/nandh/statuses.py.
OMS_NANDH_STATUS = env.text("OMS_NANDH_STATUS", "")
# What `discounted_price` of an N&H order is: the `price` that is left, the `amount` off, or not
# known, so that an order with one is refused (`refuse`).
OMS_NANDH_DISCOUNTED_PRICE = env.choice("OMS_NANDH_DISCOUNTED_PRICE", ("refuse", "price", "amount"))
# How long a token of Akinon's language is good that a password was traded for.
OMS_AKINON_TOKEN_HOURS = env.integer("OMS_AKINON_TOKEN_HOURS", 24)
# Calls per second of a client of Akinon's language that has no rate of its own.
OMS_AKINON_CALLS_PER_SECOND = env.integer("OMS_AKINON_CALLS_PER_SECOND", 50)
# Of Akinon's language: packages or transfers opened to find one by its buyer's name.
OMS_AKINON_NAMES_OPENED = env.integer("OMS_AKINON_NAMES_OPENED", 2_000)
# Of Akinon's language: changes of state that are counted for their list; longer ones are walked.
OMS_AKINON_CHANGES_COUNTED = env.integer("OMS_AKINON_CHANGES_COUNTED", 1_000)
# Seconds a hook of Akinon's language may take, and before it a log-in for its token.
OMS_WHISPERER_TIMEOUT_SECONDS = env.integer("OMS_WHISPERER_TIMEOUT_SECONDS", 10)
# Seconds between tries of such a hook, once its own retries are over.
OMS_WHISPERER_SWEEP_SECONDS = env.integer("OMS_WHISPERER_SWEEP_SECONDS", 3600)
# Where problems of /v1 are explained, such as https://docs.example.com; empty: by ourselves.
OMS_DOCS_URL = env.text("OMS_DOCS_URL", "")
# Worker processes that may send news at a time, over all machines.
OMS_WEBHOOK_SLOTS = env.integer("OMS_WEBHOOK_SLOTS", 2)
# While this file exists, `/readyz` says no: put it there before a planned stop.
OMS_DRAIN_FILE = env.text("OMS_DRAIN_FILE", "")
# Who may read `/metrics` from elsewhere than this machine: a bearer token. Empty: nobody.
OMS_METRICS_TOKEN = env.text("OMS_METRICS_TOKEN", "")
# The CONNECT proxy for all calls out that may not reach private networks: see oms/kernel/http.
OMS_EGRESS_PROXY = env.proxy("OMS_EGRESS_PROXY")
# Where traces go, by OpenTelemetry's own name; empty: there are none. See oms/kernel/tracing.py.
OMS_TRACES_ENDPOINT = env.text(
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", env.text("OTEL_EXPORTER_OTLP_ENDPOINT", "")
)
