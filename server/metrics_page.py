"""The page of Prometheus figures, on a port of its own.

As `prometheus_client.start_http_server`, but it ends within a tenth of a second: that one looks
twice a second only whether it is to end, and a drain waits for it.
"""

import socket
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

from billcore.core.errors import SettingsInvalid

LOOK_SECONDS = 0.1


class Page(ThreadingMixIn, WSGIServer):
    """A thread for each request."""

    daemon_threads = True


class _PageOf6(Page):
    address_family = socket.AF_INET6


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Logs nothing."""


def served(registry: CollectorRegistry, host: str, port: int) -> Page:
    """The page, in a thread of its own until `shutdown`. Raises SettingsInvalid."""
    kind = _PageOf6 if ":" in host else Page
    try:
        page = make_server(host, port, make_wsgi_app(registry), kind, _Silent)
    except OSError as error:
        why = f"cannot listen on {host}:{port}: {error}."
        raise SettingsInvalid("metrics_port", why) from None
    Thread(target=page.serve_forever, args=(LOOK_SECONDS,), name="metrics", daemon=True).start()
    return page
