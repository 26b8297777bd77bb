"""Entry point for asynchronous web servers; opens the recommender session of the process, once."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_asgi_application()

from recommender.session import start

start()
