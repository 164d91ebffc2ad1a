"""Which addresses may be called: looked up once, judged, and connected to as judged."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from service.config import Settings
from service.errors import ConfigurationError

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


class AddressRefused(Exception):
    """This host may not be called from here; says why, never what it is for."""


class AddressUnknown(Exception):
    """Nobody knows this host now."""


@dataclass(frozen=True, kw_only=True)
class Guard:
    """What this installation may call.

    hosts    patterns of host names, `*.example.nl`; None: any
    private  networks that may be called although they are not public
    """

    hosts: tuple[str, ...] | None
    private: tuple[Network, ...] = ()

    def resolve(self, host: str, port: int) -> Sequence[str]:
        """The addresses behind a host, each of which may be called. Raises AddressRefused, AddressUnknown.

        Who connects must use these: a name that is looked up a second time may have moved (DNS rebinding). One
        address that is refused refuses all: else chance would decide.
        """
        host = host.rstrip(".").lower()
        if self.hosts is not None and not any(fnmatchcase(host, pattern) for pattern in self.hosts):
            raise AddressRefused("the host is not in [http] hosts")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise AddressUnknown("the host is not known") from error
        addresses = list(dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found))
        if not all(self._allowed(ip_address(one)) for one in addresses):
            raise AddressRefused("the address is private, and not in [http] private")
        return addresses

    def _allowed(self, address: Address) -> bool:
        address = _inner(address)
        if any(address.version == network.version and address in network for network in self.private):
            return True
        return address.is_global and not address.is_multicast


def _inner(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that stands for it: mapped, 6to4, Teredo, NAT64."""
    if not isinstance(address, IPv6Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


_NAT64 = IPv6Network("64:ff9b::/96")


def guard(settings: Settings, *, any_host: bool = False) -> Guard:
    """As the settings say. `any_host`: the operator named the host elsewhere, as for a webhook."""
    try:
        private = tuple(ip_network(one) for one in settings.http_private.split())
    except ValueError as error:
        raise ConfigurationError("Expected networks in [http] private, e.g. 10.20.0.0/16") from error
    hosts = tuple(one.lower() for one in settings.http_hosts.split())
    return Guard(hosts=None if any_host else hosts, private=private)
