"""Django settings, driven by environment variables alone.

Every variable is described in docs/configuration.md; without any the shop runs
on SQLite under ``var/`` and answers on the local machine.
"""

from pathlib import Path

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

# --- Where the shop runs ---------------------------------------------------
DEBUG = environment.read_flag("DEBUG", default=False)
SECRET_KEY = environment.read_secret_key("SECRET_KEY", stored_in=VAR_DIR / "secret_key")
ALLOWED_HOSTS = environment.read_list("ALLOWED_HOSTS", default="localhost,127.0.0.1")
PORT = environment.read_whole_number("PORT", default=8000, lowest=1, highest=65535)
WEB_WORKERS = environment.read_whole_number("WEB_WORKERS", default=2, lowest=1, highest=64)
HTTPS = environment.read_flag("HTTPS", default=False)
# How many proxies in front append to X-Forwarded-For; shop.accounts.throttle believes so many of its hops.
TRUSTED_PROXIES = environment.read_whole_number("TRUSTED_PROXIES", default=int(HTTPS), lowest=0, highest=9)
SITE_URL = environment.read_web_address("SITE_URL", default=f"{'https' if HTTPS else 'http'}://localhost:{PORT}")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Rooms ------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "shop.mail",
    "shop.accounts",
    "shop.catalogue",
    "shop.actions",
    "shop.search",
    "shop.cart",
    "shop.orders",
    "shop.reviews",
    "shop.privacy",
    "shop.importing",
    "shop.demo",
    "shop.storefront",
    "recommender",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.PageCompressionMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "config.middleware.NulMiddleware",
    "shop.storefront.moving.MovedCategoryMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shop.accounts.middleware.VisitorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shop.storefront.context_processors.shop",
            ],
        },
    },
]

# --- Data -------------------------------------------------------------------
DATABASES = {"default": environment.read_database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'shop.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL lets readers go on while one process writes; IMMEDIATE takes the write
    # lock at the start, so a transaction waits for it instead of failing midway.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
        ),
    }
    if DATABASES["default"]["NAME"] != ":memory:":
        Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = environment.read_redis("REDIS_URL")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "vitrine"}
    )
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- Accounts ---------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["shop.accounts.backends.ShopperBackend"]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "storefront:home"
LOGOUT_REDIRECT_URL = "storefront:home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Whether visitors are recorded until they say no ("assumed") or only once they say yes ("ask"); docs/privacy.md.
CONSENT = environment.read_choice("CONSENT", default="assumed", choices=("assumed", "ask"))
# How long the links in letters about passwords and addresses work.
PASSWORD_RESET_TIMEOUT = 60 * 60
EMAIL_LINK_SECONDS = 3 * 24 * 60 * 60
for name, value in environment.read_email("EMAIL_URL", default="consolemail://").items():
    globals()[name] = value
DEFAULT_FROM_EMAIL = environment.read_text("EMAIL_FROM", "Vitrine <shop@localhost>")
# Whoever takes letters to the mail server must not wait for each of its answers for longer.
EMAIL_TIMEOUT = 10
# Letters leave by a thread of the process once the page is answered, or while the page waits; docs/letters.md.
MAIL_DELIVERY = environment.read_choice("MAIL_DELIVERY", default="after_answer", choices=("after_answer", "in_request"))

# --- Words and numbers --------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "shop" / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
CURRENCY = environment.read_currency("CURRENCY", default="EUR")

# --- Files ------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = environment.read_folder("STATIC_ROOT", default=VAR_DIR / "static")
MEDIA_URL = "/media/"
MEDIA_ROOT = environment.read_folder("MEDIA_ROOT", default=BASE_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "config.static_files.BundledStaticFilesStorage"
        )
    },
}
# Pictures larger than this many bytes or pixels are refused before they are decoded.
PICTURE_MAX_BYTES = 20 * 1024 * 1024
PICTURE_MAX_PIXELS = 50_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = PICTURE_MAX_BYTES

# --- The recommender ----------------------------------------------------------
RECOMMENDER_HOME = environment.read_folder("RECOMMENDER_HOME", default=VAR_DIR / "bundles")
IMAGE_ENCODER = environment.read_text("IMAGE_ENCODER", "own")
IMAGE_WEIGHTS = environment.read_text("IMAGE_WEIGHTS", "imagenet")
IMAGE_DIMS = environment.read_whole_number("IMAGE_DIMS", default=256, lowest=0, highest=4096)
POSTER_ENDPOINT = environment.read_web_address("POSTER_ENDPOINT", default="")
POSTER_CACHE = VAR_DIR / "posters"
# Shares of a shelf, given as percentages: how much relevance is given up for variety, how much one category may fill,
# and how many slots go to what hardly anybody has seen; see docs/serving.md.
DIVERSITY = environment.read_whole_number("DIVERSITY", default=0, lowest=0, highest=100) / 100
CATEGORY_CAP = environment.read_whole_number("CATEGORY_CAP", default=50, lowest=1, highest=100) / 100
EXPLORATION = environment.read_whole_number("EXPLORATION", default=0, lowest=0, highest=50) / 100

# --- Clicks -------------------------------------------------------------------
# Seconds between two writes of the click buffer; 0 leaves the writing to whoever calls flush().
ACTION_FLUSH_SECONDS = 0.5

# --- Payment ------------------------------------------------------------------
PAYMENT_PROVIDER = environment.read_provider("PAYMENT_PROVIDER", default="none", choices=("none", "dummy"))

# --- Delivery, tax, returns -----------------------------------------------------
# The usual way first; amounts in CURRENCY, times in days. From SHIPPING_FREE_FROM the usual way costs nothing; 0: never.
SHIPPING_PRICES = {
    "standard": environment.read_amount("SHIPPING_STANDARD_PRICE", default="4.90"),
    "express": environment.read_amount("SHIPPING_EXPRESS_PRICE", default="9.90"),
}
SHIPPING_DAYS = {
    "standard": environment.read_span("SHIPPING_STANDARD_DAYS", default="2-4"),
    "express": environment.read_span("SHIPPING_EXPRESS_DAYS", default="1-2"),
}
SHIPPING_FREE_FROM = environment.read_amount("SHIPPING_FREE_FROM", default="50")
# Percent; prices hold it already. 0: no tax is told.
TAX_RATE = environment.read_amount("TAX_RATE", default="19", highest=100)
# Days after delivery within which a shopper may ask to send things back; 0: never.
RETURN_DAYS = environment.read_whole_number("RETURN_DAYS", default=30, lowest=0, highest=3650)

# --- Safety -------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Log ----------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "shop": {"level": "INFO"},
        "recommender": {"level": "INFO"},
    },
}
