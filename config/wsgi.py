"""Entry point of the web server; every worker process opens its recommender session here, once."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from recommender.session import start

start()
