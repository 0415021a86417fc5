"""Settings, all from the environment, with defaults that are safe to expose.

Everything that the process writes goes under ANJIAN_VAR (the ignored folder `var/`).
"""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from moderation.keys import ledger_key, personal_keys, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env.str("ANJIAN_VAR", default=str(BASE_DIR / "var")))

DEBUG = env.bool("DEBUG", default=False)
# Demo accounts have published passwords: the marker is written by `manage.py demo`,
# and script/server then listens on this machine alone.
DEMO = env.bool("DEMO", default=(VAR_DIR / "demo").exists())
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key(VAR_DIR)
PERSONAL_KEYS = env.list("PERSONAL_KEYS", default=[]) or personal_keys(VAR_DIR)
# What was sealed of the ledger: outside the database, and best on another machine.
LEDGER_KEY = env.str("LEDGER_KEY", default="") or ledger_key(VAR_DIR)
LEDGER_WITNESS = Path(env.str("LEDGER_WITNESS", default=str(VAR_DIR / "checkpoints")))
# What was written since then is all that can be rewritten unseen.
LEDGER_SEAL_EVERY = timedelta(minutes=env.int("LEDGER_SEAL_MINUTES", default=60))
# The dotted path of an evidence.timestamps.TimestampAuthority; "" asks nobody.
TIMESTAMP_AUTHORITY = env.str("TIMESTAMP_AUTHORITY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "evidence",
    "cases",
    "reports",
    "moderation",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "moderation.middleware.private_responses",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "moderation.middleware.known_actor",
    "moderation.uploads.bounded_uploads",
    "moderation.middleware.told_errors",
]

ROOT_URLCONF = "moderation.urls"
WSGI_APPLICATION = "moderation.wsgi.application"

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
                "moderation.context.site",
            ],
        },
    }
]

DATABASES = {
    "default": env.db_url(
        "DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'anjian.sqlite3'}"
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Tests and benches may trade durability for speed; nothing else may.
    synchronous = env.str("SQLITE_SYNCHRONOUS", default="FULL")
    DATABASES["default"]["OPTIONS"] = {
        # Readers would otherwise upgrade to writers mid-way and fail as "locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;"
            f"PRAGMA synchronous={synchronous};"
            "PRAGMA foreign_keys=ON;"
            # Lookups of fingerprints touch pages all over the file.
            "PRAGMA mmap_size=268435456;"
        ),
    }
    # A file, because the tests of concurrency open it from several processes.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Django keeps no plans unless it is told so. Only what asks for one gets one
    # (evidence/prepared.py); off behind a pool that does not know them.
    if env.bool("KEEP_PLANS", default=True):
        options = DATABASES["default"].setdefault("OPTIONS", {})
        options["prepare_threshold"] = 2**31
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {
    "default": {
        "BACKEND": env.str(
            "TASK_BACKEND", default="django_tasks_db.backend.DatabaseBackend"
        )
    }
}

MEDIA_ROOT = VAR_DIR / "media"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("STATIC_HASHED", default=True)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not env.bool("STATIC_HASHED", default=True)

AUTH_USER_MODEL = "moderation.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "after_login"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env.str("ACCOUNT_EMAIL_VERIFICATION", default="optional")
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail://")
vars().update(EMAIL_CONFIG)
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="anjian@localhost")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英语"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
HTTPS = env.bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
# How many proxies of our own stand before the site: so many entries of
# X-Forwarded-For are believed, counted from the right, and none where there is none.
PROXIES = env.int("PROXIES", default=0)
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Forms may hold 300 items.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=100 * 1024 * 1024)
# One form may bring several files.
UPLOAD_REQUEST_BYTES = env.int("UPLOAD_REQUEST_BYTES", default=3 * UPLOAD_MAX_BYTES)
UPLOAD_DAY_FILES = env.int("UPLOAD_DAY_FILES", default=500)
UPLOAD_DAY_BYTES = env.int("UPLOAD_DAY_BYTES", default=2 * 1024 * 1024 * 1024)
FILE_UPLOAD_HANDLERS = ["moderation.uploads.StagingUpload"]
# clamd's socket: a path or HOST:PORT. Without one nothing is scanned. Its own limits
# (StreamMaxLength, MaxFileSize, MaxScanSize) must not be below UPLOAD_MAX_BYTES, and
# "AlertExceedsMax yes" keeps it from passing what it has looked at in part.
CLAMD = env.str("CLAMD", default="")
# What the sweep of the stored bytes reads at each tick: 64 MB take half a second.
SWEEP_BYTES = env.int("SWEEP_BYTES", default=64 * 1024 * 1024)

# Who runs the marketplace: printed on every letter and report.
OPERATOR = {
    "site_name": env.str("SITE_NAME", default="案鉴"),
    "name": env.str("OPERATOR_NAME", default=""),
    "address": env.str("OPERATOR_ADDRESS", default=""),
    "email": env.str("OPERATOR_EMAIL", default=""),
    "phone": env.str("OPERATOR_PHONE", default=""),
    "filing": env.str("OPERATOR_FILING", default=""),
}
# Whether letters are e-mailed as well. The inbox on the site stays the system that
# was designated for them: an e-mail counts as no arrival.
LETTERS_BY_EMAIL = env.bool("LETTERS_BY_EMAIL", default=False)
# The clock profiles that a moderator may freeze into a case (cases/profiles.py),
# options included. Counsel chooses: there is no default outside the demo.
CLOCK_PROFILES = env.list("CLOCK_PROFILES", default=["civil"] if DEMO else [])

# The adapter to the marketplace (moderation/marketplace.py).
MARKETPLACE = env.str(
    "MARKETPLACE", default="moderation.marketplace.InProcessMarketplace"
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
