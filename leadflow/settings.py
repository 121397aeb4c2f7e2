"""Django settings. Every value that differs between machines comes from the environment."""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from csp.constants import NONCE, SELF

from leadflow import places

django_stubs_ext.monkeypatch()

BASE_DIR = places.BASE
VAR = places.var_folder()


def _flag(name: str, default: str = "") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


def _secret_key() -> str:
    """SECRET_KEY, or one made once for this machine's embedded servers. A server must bring its own."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    if "DATABASE_URL" in os.environ and not _flag("LEADFLOW_TEST"):
        raise RuntimeError("SECRET_KEY is missing: with DATABASE_URL set, LeadFlow makes up no secret of its own.")
    file = VAR / "secret_key"
    if not file.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()


DEBUG = _flag("DEBUG")
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]
HTTPS = _flag("HTTPS")  # behind a proxy that speaks TLS

INSTALLED_APPS = [
    "leadflow",
    "core",
    "accounts",
    "leads",
    "scoring",
    "sla",
    "notifications",
    "reports",
    "api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "lucide",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "api.middleware.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "api.middleware.PagesMiddleware",
    "accounts.middleware.DenyByDefaultMiddleware",
    "core.middleware.DomainErrorMiddleware",
]
PAGES_MIDDLEWARE = [  # not for calls of the API without a cookie; only what has no hook but the call itself
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "leadflow.urls"
WSGI_APPLICATION = "leadflow.wsgi.application"
ASGI_APPLICATION = "leadflow.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "csp.context_processors.nonce",
                "accounts.context.shell",
            ],
            "builtins": [
                "django.templatetags.cache",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "core.templatetags.ui",
                "core.templatetags.ui_blocks",
                "core.templatetags.figures",
                "lucide.templatetags.lucide",
            ],
        },
    }
]
FORM_RENDERER = "core.form_controls.Controls"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- database -----------------------------------------------------------------------------------
# A page gives up long before its user does; a worker may take a minute; commands have no limit.
PROCESS = os.environ.get("LEADFLOW_PROCESS", "command")
STATEMENT_TIMEOUT = {"web": "5s", "worker": "60s", "beat": "60s"}.get(PROCESS, "0")
LOCK_TIMEOUT = {"web": "2s", "migrate": "2s"}.get(PROCESS, "0")
IDLE_TIMEOUT = {"web": "10s", "worker": "60s"}.get(PROCESS, "0")

DATABASES = {
    "default": {
        **dj_database_url.parse(places.database_url(), conn_max_age=60, conn_health_checks=True),
        "OPTIONS": {
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT} -c lock_timeout={LOCK_TIMEOUT}"
            f" -c idle_in_transaction_session_timeout={IDLE_TIMEOUT}",
            "application_name": f"leadflow-{PROCESS}",
            "connect_timeout": 5,
        },
    }
}

# Statements that run all day are planned once per session; a pooler that lends sessions by transaction forbids it.
PREPARE_STATEMENTS = not _flag("DATABASE_POOLED")

# --- cache, sessions ----------------------------------------------------------------------------
# The cache may vanish at any moment (it holds rate limits and heartbeats only), so its errors are
# swallowed; sessions live in PostgreSQL and survive it, and so does what guards the entrance. Pieces of pages that
# are the same for a whole role are drawn once in each process; whoever edits templates sees them at once.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "accounts.guards.Guarded",
        "LOCATION": places.redis_url(0),
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.3, "SOCKET_TIMEOUT": 0.3, "IGNORE_EXCEPTIONS": True},
    },
    "entrance": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "entrance_guard",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "drawn": {
        "BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if DEBUG else 'locmem.LocMemCache'}",
        "LOCATION": "drawn",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-leadflow" if HTTPS else "leadflow"
CSRF_FAILURE_VIEW = "core.failures.stale"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

# --- people -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "LeadFlow"
MFA_FORMS = {"authenticate": "accounts.two_step.CodeForm", "reauthenticate": "accounts.two_step.CodeAgainForm"}
MFA_TOTP_TOLERANCE = 1  # codes of the half minute before and after count: phones' clocks go wrong
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the administrator gave the address
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

# --- language, time -----------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["leadflow.formats"]

# --- files --------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or _flag("LEADFLOW_TEST")
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# In development and tests files are served from where they lie; elsewhere collectstatic gathers them first.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG or _flag("LEADFLOW_TEST")
MEDIA_ROOT = VAR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- mail ---------------------------------------------------------------------------------------
# Without a mail server the messages land as files in var/mail, readable and harmless.
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "LeadFlow <no-reply@leadflow.example>")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS", "1")
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
BASE_URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/")

# --- API ----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.DenyByDefault"],
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.errors.problem_response",
    "UNAUTHENTICATED_USER": None,
}
API_REQUESTS_PER_MINUTE = int(os.environ.get("API_REQUESTS_PER_MINUTE", "60000"))  # per key or person
SPECTACULAR_SETTINGS = {
    "TITLE": "LeadFlow",
    "VERSION": "1",
    "DESCRIPTION": "Leads in, scores and reports out. Errors are RFC 9457 problem documents.",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "LeadStatus": "leads.enums.Status",
        "HandoffOutcome": "leads.enums.Outcome",
        "CallOutcome": "leads.enums.CallOutcome",
        "HandoffReason": "leads.enums.Reason",
        "Decision": ["accept", "recycle", "discard"],
        "LeadOutcome": ["created", "matched", "rejected", "queued"],
        "Acknowledgement": ["created", "matched", "queued"],
        "EventOutcome": ["recorded", "known", "rejected"],
        "CallerKind": ["key", "user"],
        "HandoffKind": "leads.enums.HandoffKind",
        "RuleKind": "scoring.enums.RuleKind",
        "ModelState": "scoring.enums.ModelState",
        "JobState": "scoring.enums.JobState",
        "SlaState": ["ok", "warning", "breached"],
        "AgreementState": "sla.enums.AgreementState",
        "Answers": "sla.enums.Answers",
        "BonusKind": "sla.enums.BonusKind",
        "ClockState": "sla.enums.State",
        "DisputeState": "sla.enums.DisputeState",
        "PauseReason": "sla.enums.PauseReason",
        "Promise": "sla.enums.Promise",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.openapi.lesser_parts",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- logs: no personal data, one line each --------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # e-mail is unique without regard to case, by a constraint the check does not know
    "security.W005",  # whether sub-domains speak TLS is their owner's decision
    "security.W008",  # the proxy redirects; the health check speaks plain HTTP on the machine itself
    "security.W021",  # see W005
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if _flag("LEADFLOW_TEST")
    else ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
LOCALE_PATHS: list[Path] = []  # each room carries its own locale folder
