"""Who really asks, when a proxy of our own stands before us: its headers are believed, those of anybody else are not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from service.errors import ConfigurationError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUEST_ID = "sluitend.request_id"
_PLAIN = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Proxied:
    """Puts the address, scheme and request id that a trusted proxy tells where the application looks for them.

    networks  of the proxies, separated by spaces; X-Forwarded-For is read from the right, past every one of them
    """

    def __init__(self, application: WSGIApplication, networks: str) -> None:
        self._application = application
        try:
            self._networks: tuple[IPv4Network | IPv6Network, ...] = tuple(map(ip_network, networks.split()))
        except ValueError as error:
            raise ConfigurationError(
                "Expected trusted_proxies to be networks, e.g. '10.20.0.5/32'"
            ) from error

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self._trusts(environ.get("REMOTE_ADDR", "")):
            self._believe(environ)
        return self._application(environ, start_response)

    def _believe(self, environ: WSGIEnvironment) -> None:
        told = [one.strip() for one in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        asks = next((one for one in reversed(told) if not self._trusts(one)), "")
        if _is_address(asks):
            environ["REMOTE_ADDR"] = asks
        if environ.get("HTTP_X_FORWARDED_PROTO", "") in {"http", "https"}:
            environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        if _PLAIN.fullmatch(environ.get("HTTP_X_REQUEST_ID", "")):
            environ[REQUEST_ID] = environ["HTTP_X_REQUEST_ID"]

    def _trusts(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self._networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
