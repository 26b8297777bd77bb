"""Gunicorn's settings: `gunicorn -c config/gunicorn.py config.wsgi`."""

import os

# One arithmetic thread per worker: the products of a request are tiny, and BLAS
# would otherwise start a pool per worker. It must be set before NumPy is loaded.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

from config.environment import read_whole_number

bind = f"127.0.0.1:{read_whole_number('PORT', default=8000, lowest=1, highest=65535)}"
workers = read_whole_number("WEB_WORKERS", default=2, lowest=1, highest=64)
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 8
keepalive = 5
# Not preloaded: each worker opens its own recommender session, and a library
# that has started threads before a fork can hang in the children.
preload_app = False
accesslog = None
loglevel = "warning"
