"""What a provider tells about itself: its addresses, and the keys with which it signs."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from service.errors import ConfigurationError, ProviderUnavailable
from service.identity.providers import Provider, secure_address

TIMEOUT_SECONDS = 5.0
KEPT_SECONDS = 3600.0
KEYS_ASKED_AGAIN_SECONDS = 30.0  # a provider that changed its keys; a forger cannot make us ask more often
_LARGEST = 512_000
# Asymmetric only: a token signed with a shared secret, or not at all, proves nothing about its maker.
_TRUSTED = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """The part of a provider's own description that we use."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    algorithms: frozenset[str] = field(default_factory=lambda: frozenset({"RS256"}))
    names_itself: bool = False  # says `iss` in its answers (RFC 9207)
    secret_in_body: bool = False  # does not take the client's secret as a header


_metadata: dict[str, tuple[float, Metadata]] = {}
_keys: dict[str, tuple[float, KeySet]] = {}


def metadata(provider: Provider) -> Metadata:
    """The provider's description, at most an hour old. Raises ProviderUnavailable."""
    until, known = _metadata.get(provider.issuer, (0.0, None))
    if known is not None and until > time.monotonic():
        return known
    told = get_json(provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    try:
        found = _read(provider, told)
    except (KeyError, TypeError, ConfigurationError) as error:
        raise ProviderUnavailable(f"The description of provider {provider.key} cannot be used") from error
    _metadata[provider.issuer] = (time.monotonic() + KEPT_SECONDS, found)
    return found


def keys(provider: Provider, *, fresh: bool = False) -> KeySet:
    """The provider's keys; `fresh` asks again when they are older than half a minute."""
    address = metadata(provider).jwks_uri
    asked, known = _keys.get(address, (0.0, None))
    age = time.monotonic() - asked
    if known is not None and age < (KEYS_ASKED_AGAIN_SECONDS if fresh else KEPT_SECONDS):
        return known
    try:
        found = KeySet.import_key_set(get_json(address))  # type: ignore[arg-type]  # what it is not, it refuses
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise ProviderUnavailable(f"The keys of provider {provider.key} cannot be read") from error
    _keys[address] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Ask everything again; for tests."""
    _metadata.clear()
    _keys.clear()


def get_json(address: str, token: str = "") -> Mapping[str, Any]:
    """A JSON object from a provider: no redirects, no waiting, no endless answers. Raises ProviderUnavailable."""
    try:
        # Without its `expires_in`: Authlib would refuse a token that lives a minute, and it is used at once.
        bearer = {"access_token": token, "token_type": "bearer"}
        with OAuth2Session(token=bearer) as session:
            answer = session.get(
                address,
                withhold_token=not token,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
                stream=True,
            )
            body = answer.raw.read(_LARGEST + 1, decode_content=True)
            found = json.loads(body) if answer.status_code == 200 and len(body) <= _LARGEST else None
    except (requests.RequestException, OSError, ValueError) as error:
        raise ProviderUnavailable("The provider did not answer as it should") from error
    if not isinstance(found, dict):
        raise ProviderUnavailable("The provider did not answer with an object")
    return found


def _read(provider: Provider, told: Mapping[str, Any]) -> Metadata:
    if told["issuer"] != provider.issuer:
        raise ConfigurationError("Expected the issuer that was configured, but another answered")
    ways = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    said = told.get("id_token_signing_alg_values_supported", ["RS256"])
    return Metadata(
        authorization_endpoint=secure_address(told["authorization_endpoint"], provider.key),
        token_endpoint=secure_address(told["token_endpoint"], provider.key),
        jwks_uri=secure_address(told["jwks_uri"], provider.key),
        userinfo_endpoint=_maybe(provider, told, "userinfo_endpoint"),
        end_session_endpoint=_maybe(provider, told, "end_session_endpoint"),
        algorithms=_TRUSTED & set(said),
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
        secret_in_body="client_secret_basic" not in ways,
    )


def _maybe(provider: Provider, told: Mapping[str, Any], name: str) -> str:
    return secure_address(told[name], provider.key) if told.get(name) else ""
