#!/usr/bin/env python
"""Command-line entry point: ``.venv/bin/python manage.py help`` lists what the shop can do."""

import os
import sys


def main() -> None:
    """Run one management command; a misconfigured environment gives one line instead of a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
