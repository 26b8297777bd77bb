"""Project configuration: settings, URL map and the entry points of the web server."""
