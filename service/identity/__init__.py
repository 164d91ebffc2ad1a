"""Who is calling: sessions for browsers, providers elsewhere, Basic credentials for programs."""

from __future__ import annotations

from service.identity.basic import actor_basic
from service.identity.bearer import actor_bearer, exchange
from service.identity.browser import actor_of, give_code, sign_in, sign_out, surer
from service.identity.providers import Provider, Providers

__all__ = [
    "Provider",
    "Providers",
    "actor_basic",
    "actor_bearer",
    "actor_of",
    "exchange",
    "give_code",
    "sign_in",
    "sign_out",
    "surer",
]
