"""Whether a token of a provider is genuine, ours, fresh and of the right kind. Any doubt is SignInRefused."""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError

from service.errors import SignInRefused
from service.identity import discovery
from service.identity.providers import Provider

LEEWAY_SECONDS = 60  # between the provider's clock and ours
_LONGEST = 20_000
_LOGOUT_LIVES = timedelta(minutes=10)
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What we asked for, and so what an id token must answer."""

    nonce: str
    access_token: str = ""
    max_age_seconds: int | None = None


@dataclass(frozen=True, kw_only=True)
class Logout:
    """Whose session the provider ended; one of subject and sid may be empty."""

    token_id: str
    subject: str
    sid: str
    until: datetime


def id_token(provider: Provider, token: str, expected: Expected, now: datetime) -> Mapping[str, Any]:
    """The claims of an id token. OpenID Connect Core 1.0, section 3.1.3.7."""
    opened = _open(provider, token)
    claims = CodeIDToken(
        opened.claims,
        opened.header,
        options=_ours(provider) | {"sub": {"essential": True}},
        params={
            "client_id": provider.client_id,
            "nonce": expected.nonce,
            "access_token": expected.access_token,
        },
    )
    _check(claims, now)
    if not isinstance(claims["sub"], str) or not isinstance(claims["iat"], int | float):
        raise SignInRefused("subject or iat of the wrong kind")
    _lately(claims, expected.max_age_seconds, now)
    return dict(claims)


def logout(provider: Provider, token: str, now: datetime) -> Logout:
    """Whose session ended. OpenID Connect Back-Channel Logout 1.0, section 2.6."""
    opened = _open(provider, token)
    options = _ours(provider) | {"iat": {"essential": True}, "jti": {"essential": True}}
    claims = jwt.JWTClaimsRegistry(now=int(now.timestamp()), leeway=LEEWAY_SECONDS, **options)
    try:
        claims.validate(opened.claims)
    except (JoseError, TypeError) as error:
        raise SignInRefused(f"logout token: {error}") from error
    said = opened.claims
    subject, sid, event = said.get("sub", ""), said.get("sid", ""), said.get("events")
    texts = all(isinstance(one, str) for one in (subject, sid, said["jti"]))
    if not texts or not (subject or sid) or "nonce" in said:
        raise SignInRefused("logout token without subject, or of another kind")
    if not isinstance(event, dict) or not isinstance(event.get(_LOGOUT_EVENT), dict):
        raise SignInRefused("logout token without the event")
    made = datetime.fromtimestamp(float(said["iat"]), UTC)
    if abs(now - made) > _LOGOUT_LIVES:
        raise SignInRefused("logout token too old")
    return Logout(token_id=said["jti"], subject=subject, sid=sid, until=made + 2 * _LOGOUT_LIVES)


def proved_at(claims: Mapping[str, Any]) -> datetime | None:
    """When the person last proved who they are, as far as the token tells."""
    told = claims.get("auth_time")
    return datetime.fromtimestamp(float(told), UTC) if isinstance(told, int | float) else None


def _ours(provider: Provider) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }


def _open(provider: Provider, token: str) -> jwt.Token:
    """The token with its signature verified, under a key that may be new to us."""
    if not 0 < len(token) <= _LONGEST:
        raise SignInRefused("token of no sensible length")
    algorithms = discovery.metadata(provider).algorithms
    try:
        try:
            return jwt.decode(token, discovery.keys(provider), algorithms=algorithms)
        except InvalidKeyIdError:
            return jwt.decode(token, discovery.keys(provider, fresh=True), algorithms=algorithms)
    except (JoseError, ValueError, TypeError, KeyError, binascii.Error) as error:
        raise SignInRefused(f"signature: {type(error).__name__}") from error


def _check(claims: CodeIDToken, now: datetime) -> None:
    try:
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, TypeError, ValueError) as error:
        raise SignInRefused(f"id token: {error}") from error


def _lately(claims: Mapping[str, Any], max_age_seconds: int | None, now: datetime) -> None:
    if max_age_seconds is None:
        return
    proved = proved_at(claims)
    if proved is None or (now - proved).total_seconds() > max_age_seconds + LEEWAY_SECONDS:
        raise SignInRefused("proved too long ago")
