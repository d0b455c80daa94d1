"""All settings, read from the environment through config.env. Secure unless told otherwise.

DEBUG is false unless KENES_DEBUG says so. Without DEBUG the process refuses to start with the
default secret. README and docs/operations.md list the variables.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import embedded, env

ROOT = Path(__file__).resolve().parent.parent
STATE = env.folder("KENES_STATE", ROOT / ".state")

# --- What kind of process is this?
DEBUG = env.flag("KENES_DEBUG")
DEFAULT_SECRET = "not-a-secret-for-development-only-0123456789abcdef"  # noqa: S105 - refused outside development
SECRET_KEY = env.text("KENES_SECRET_KEY", DEFAULT_SECRET)
DEMO = env.flag("KENES_DEMO")
if SECRET_KEY == DEFAULT_SECRET and not (DEBUG or DEMO or env.flag("KENES_TESTING")):
    raise ImproperlyConfigured(
        "Set KENES_SECRET_KEY to a long random text (or KENES_DEBUG=true on a developer's machine)."
    )
SITE_URL = env.text("KENES_SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_NAME = env.text("KENES_SITE_NAME", "Kenes")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.words("KENES_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("KENES_TRUSTED_ORIGINS", SITE_URL)

# --- Apps, from the bottom to the top (docs/architecture.md)
LOCAL_APPS = [
    "common",
    "accounts",
    "processes",
    "deliberation",
    "answers",
    "voting",
    "consultations",
    "budgets",
    "moderation",
    "notifications",
    "opendata",
    "demo",
]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_filters",
    "template_partials",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "config",
    *LOCAL_APPS,
]

MIDDLEWARE = [
    "common.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.pages.AnonymousPageCache",
    "csp.middleware.CSPMiddleware",
    "common.middleware.PlainRefusals",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "common.middleware.SlashKept",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "common.templatetags.kenes_ui",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- PostgreSQL and Valkey: named by the environment, or embedded
_embedded = embedded.addresses(STATE)
_database = env.database(env.text("DATABASE_URL", _embedded.database_url))
DATABASES = {
    "default": {
        "ENGINE": "config.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        **_database,
        # The few reads of common.prepared are planned once per connection. A pooler that hands
        # out another server connection for each transaction must support prepared statements, or
        # KENES_PREPARE=false.
        "OPTIONS": {
            "prepare_threshold": 3 if env.flag("KENES_PREPARE", True) else None,
            **_database["OPTIONS"],
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL", _embedded.redis_url)
CACHES = {
    "default": {
        "BACKEND": "common.caching.FailOpenRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "kenes",
    }
}
# Pages for readers without a session are rendered once for all. Off in tests, which look at once.
STORE_PUBLIC_PAGES = env.flag("KENES_STORE_PUBLIC_PAGES", not env.flag("KENES_TESTING"))

# --- Celery. State lives in rows; the broker only says "now".
CELERY_BROKER_URL = env.text(
    "CELERY_BROKER_URL",
    embedded.broker_url(REDIS_URL) if REDIS_URL else _embedded.broker_url,
)
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
}
# Everything that a crash may have left behind is found again by a sweep.
CELERY_BEAT_SCHEDULE = {
    "journal": {"task": "processes.tasks.deliver_entries", "schedule": 15.0},
    "letters": {"task": "notifications.tasks.sweep_deliveries", "schedule": 15.0},
    "closing-soon": {
        "task": "notifications.tasks.announce_closing_soon",
        "schedule": 600.0,
    },
    "promises": {"task": "answers.tasks.apply_promises", "schedule": 300.0},
    "late-answers": {"task": "answers.tasks.mark_late", "schedule": 600.0},
    "polls": {"task": "voting.tasks.run_clock", "schedule": 15.0},
    "exports": {"task": "voting.tasks.sweep_exports", "schedule": 30.0},
    "secret-polls": {"task": "voting.tasks.stir_secret_polls", "schedule": 3600.0},
    "late-assessments": {"task": "budgets.tasks.mark_late", "schedule": 600.0},
    "mergers": {"task": "budgets.tasks.end_mergers", "schedule": 300.0},
    "pictures": {"task": "budgets.tasks.sweep_pictures", "schedule": 86400.0},
    "subjects": {"task": "processes.tasks.check_subjects", "schedule": 86400.0},
}

# Functions (entry) -> None that read every journal entry once, after commit.
JOURNAL_CONSUMERS = [
    "notifications.consumers.announce",
]

# --- People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.EmailBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "processes:front"
LOGOUT_REDIRECT_URL = "processes:front"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
# Many people may share one address (a library, a ministry).
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "signup": "60/m/ip",
    "login_failed": "30/m/ip,10/300s/key",
}
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "common.views.csrf_failure"
# "Your argument stands" travels in a signed cookie: it costs no write of a session, and no session.
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"

# --- Headers
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS and env.flag("KENES_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]  # asked from inside, without a certificate
SECURE_HSTS_SECONDS = env.number("KENES_HSTS_SECONDS", 31536000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.flag("KENES_BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Maps are drawn from boundaries and places alone, unless a server of tiles is named.
MAP_TILES = env.tiles("KENES_MAP_TILES")
MAP_ATTRIBUTION = env.text("KENES_MAP_ATTRIBUTION")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *env.origins(MAP_TILES)],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- Languages. Pages carry theirs in the address, so that a page may be cached without a cookie.
LANGUAGE_CODE = env.text("KENES_LANGUAGE", "en")
LANGUAGES = [
    ("en", "English"),
    ("fr", "Français"),
    ("kk", "Қазақша"),
    ("ru", "Русский"),
]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("KENES_TIME_ZONE", "UTC")

# --- Files
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("KENES_STATIC_ROOT", ROOT / "staticfiles")
# What is built, and pictures; sources of style sheets and scripts are not served.
STATICFILES_DIRS: list[object] = [(name, ROOT / "static" / name) for name in ("dist", "img")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or env.flag("KENES_TESTING")
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # nothing asks for the others; half the compressing
MEDIA_ROOT = env.folder("KENES_MEDIA_ROOT", STATE / "media")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
UPLOAD_LIMIT = 10 * 1024 * 1024  # bytes of a form with a file

# --- Mail
EMAIL_BACKEND = env.text(
    "KENES_EMAIL_BACKEND",
    "django.core.mail.backends.filebased.EmailBackend"
    if DEMO or DEBUG
    else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_FILE_PATH = STATE / "mail"
EMAIL_HOST = env.text("KENES_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("KENES_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("KENES_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("KENES_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("KENES_SMTP_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("KENES_FROM_EMAIL", "Kenes <kenes@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "common.pagination.ApiCursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "common.api.ProblemSchema",
    "EXCEPTION_HANDLER": "common.api.problem_response",
    "PAGE_SIZE": 20,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Kenes API",
    "DESCRIPTION": _("Everything a page of Kenes shows or does, as data."),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PUBLIC": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_NAME_OVERRIDES": {
        "ProcessKind": "processes.kinds.ProcessKind",
        "PollKind": "voting.kinds.PollKind",
        "Channel": "voting.kinds.Channel",
        "BallotState": "voting.receipts.STATES",
        "SubjectKind": "processes.kinds.SubjectKind",
        "SectionKind": "consultations.kinds.SectionKind",
        "ProposalKind": "consultations.kinds.ProposalKind",
        "ContributionKind": "opendata.serializers.CONTRIBUTION_KINDS",
        "PositionValue": "deliberation.kinds.PositionValue",
        "State": "deliberation.serializers.STATES",
        "PhaseState": "processes.serializers.PHASE_STATES",
        "ObligationState": "answers.serializers.OBLIGATION_STATES",
        "RuleEnum": "answers.kinds.RuleKind",
        "BudgetRule": "budgets.kinds.Rule",
        "BudgetBallotKind": "budgets.kinds.BallotKind",
        "ProjectStage": "budgets.kinds.Stage",
        "ReportKind": "budgets.kinds.ReportKind",
        "AssessmentStep": "budgets.kinds.AssessmentStep",
        "AssessmentState": "budgets.serializers.assessments.STATES",
        "MergerState": "budgets.serializers.projects.MERGER_STATES",
    },
}

# --- Figures for operators: /metrics answers whoever sends this as a bearer token; nobody if empty
METRICS_TOKEN = env.text("KENES_METRICS_TOKEN")

# --- Logs
LOGGING_CONFIG = "common.logging.configure"
LOGGING = {"level": env.text("KENES_LOG_LEVEL", "INFO"), "json": not DEBUG}

# --- Limits that people meet; kept here so that an operator can change them
BODY_LIMIT = 50_000  # characters in a contribution
TITLE_LIMIT = 300  # characters in a title
