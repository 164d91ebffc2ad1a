"""How gunicorn serves Sluitend: settings come from config/sluitend.toml and SLUITEND_*, not from here."""

from __future__ import annotations

from service import config as _config
from service.operations import board as _board
from service.operations import logs as _logs

_settings = _config.load()

wsgi_app = "service.app:create_app()"
bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_workers
worker_class = "gthread"
threads = _settings.web_threads
preload_app = False  # each worker opens its own database connections
timeout = 30
graceful_timeout = 20
keepalive = 30
max_requests = 20_000  # a worker is renewed now and then, staggered
max_requests_jitter = 2_000
limit_request_line = 8190
accesslog = None  # requests are logged by the application, without query strings
errorlog = "-"
loglevel = _settings.log_level.lower()
if _settings.log_format == "json":  # gunicorn's own lines in the same form
    logconfig_dict = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": _logs.JsonLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": loglevel.upper(), "handlers": []},
        "loggers": {
            "gunicorn.error": {"level": loglevel.upper(), "handlers": ["stderr"], "propagate": False}
        },
    }
control_socket_disable = True  # nothing listens but the site itself
forwarded_allow_ips = "127.0.0.1"


_slots: dict[int, int] = {}  # of the running web processes, by age: where each counts its requests
_board.share(workers)


def pre_fork(server: object, worker: object) -> None:
    """In the arbiter, before a web process is forked: find it a slot that no other has."""
    running = {one.age for one in server.WORKERS.values()}
    for age in set(_slots) - running:
        del _slots[age]
    _slots[worker.age] = _board.free(_slots)


def post_fork(_server: object, worker: object) -> None:
    """In the new web process: count there."""
    _board.board().take(_slots[worker.age])
