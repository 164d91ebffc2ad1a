"""Signing in at a provider: there and back with code and PKCE, and signing out on both sides."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from service.errors import NotFound, ProofTooWeak, ProviderUnavailable, SignInRefused
from service.identity import claims, discovery, providers, tokens
from service.identity.providers import Provider, Providers
from service.operations import accounts, assurance, external, runtime
from service.operations.assurance import Assurance

log = logging.getLogger(__name__)

MOST_DEPARTURES = 300  # per address in a quarter: a school behind one address signs in at the same hour
_LONGEST = 2000  # of state and code


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Somebody came back and is signed in."""

    token: str
    next_path: str


@dataclass(frozen=True, kw_only=True)
class Farewell:
    """A form that signs out at the provider too; it is posted when its fields name somebody: addresses end up in logs."""

    name: str
    address: str
    method: str  # post | get
    fields: Mapping[str, str]


def configured() -> Providers:
    """The providers of this installation."""
    return providers.load(assurance.sign_in_file(runtime.current().settings))


def provider_of(key: str) -> Provider:
    """A provider by its key. Raises NotFound."""
    found = configured().by_key.get(key)
    if found is None:
        raise NotFound
    return found


def depart(
    provider: Provider,
    *,
    browser: str,
    address: str,
    back: str,
    next_path: str = "",
    wanted: Assurance = Assurance.LOW,
) -> str:
    """The address at the provider where this browser goes on.

    browser    a random name that only this browser carries
    address    of the caller on the network: each departure is remembered, and nobody may fill that memory
    back       our own address to which it returns
    wanted     how sure the provider must be; above low also lately
    Raises ProofTooWeak when this provider never is, ProviderUnavailable, TooManyAttempts.
    """
    if not provider.strongest.reaches(wanted):
        raise ProofTooWeak
    accounts.visit("depart", address, MOST_DEPARTURES)
    about = discovery.metadata(provider)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    more = _stronger(provider, wanted)
    external.depart(
        state,
        provider.key,
        browser,
        {"nonce": nonce, "verifier": verifier, "next": next_path, "wanted": wanted.value, "back": back},
    )
    with _client(provider, about, back) as client:
        address, _ = client.create_authorization_url(
            about.authorization_endpoint, state=state, code_verifier=verifier, nonce=nonce, **more
        )
    return str(address)


def arrive(provider: Provider, *, browser: str, answer: Mapping[str, str], replaces: str = "") -> Arrival:
    """Take the provider's answer and begin a session.

    replaces  token of the session that this browser had
    Raises SignInRefused, RoleUnknown, ProofTooWeak, ProviderUnavailable.
    """
    try:
        return _arrive(provider, browser, answer, replaces)
    except SignInRefused as refused:
        log.info("sign_in_refused provider=%s why=%s", provider.key, refused)
        raise


def farewell(token: str, back: str) -> Farewell | None:
    """How to sign out at the provider of this session; None when it came from none, or that has no way."""
    known = external.farewell(token)
    provider = configured().by_key.get(known[0]) if known else None
    if known is None or provider is None or provider.logout == "none":
        return None
    try:
        address = discovery.metadata(provider).end_session_endpoint
    except ProviderUnavailable:
        return None
    if not address:
        return None
    fields = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    if provider.logout == "plain":
        return Farewell(name=provider.name, address=address, method="get", fields=fields)
    named = {"id_token_hint": known[1], **fields}
    return Farewell(name=provider.name, address=address, method="post", fields=named)


def ended_there(provider: Provider, logout_token: str) -> int:
    """End the sessions that the provider's logout token names; gives how many. Raises SignInRefused."""
    said = tokens.logout(provider, logout_token, runtime.now())
    return external.ended_there(
        provider.key, provider.issuer, said.subject, said.sid, said.token_id, said.until
    )


def _arrive(provider: Provider, browser: str, answer: Mapping[str, str], replaces: str) -> Arrival:
    state, code = answer.get("state", ""), answer.get("code", "")
    if not 0 < len(state) <= _LONGEST or not browser:
        raise SignInRefused("no state")
    kept = external.come_back(state, provider.key, browser)
    about = discovery.metadata(provider)
    said = answer.get("iss")
    if (said is not None and said != provider.issuer) or (said is None and about.names_itself):
        raise SignInRefused("answer of another provider")
    if answer.get("error") or not 0 < len(code) <= _LONGEST:
        raise SignInRefused("the provider refused")
    wanted = Assurance(kept["wanted"])
    proof = _proof(provider, about, code, kept, wanted)
    if not proof.assurance.reaches(wanted):
        raise ProofTooWeak
    return Arrival(token=external.enter(proof, replaces), next_path=kept["next"])


def _proof(
    provider: Provider, about: discovery.Metadata, code: str, kept: Mapping[str, str], wanted: Assurance
) -> external.Proof:
    answer = _exchange(provider, about, code, kept)
    expected = tokens.Expected(
        nonce=kept["nonce"],
        access_token=str(answer.get("access_token", "")),
        max_age_seconds=_max_age(wanted),
    )
    id_token = str(answer.get("id_token", ""))
    told = tokens.id_token(provider, id_token, expected, runtime.now())
    everything = _userinfo(provider, about, answer, told)
    return external.Proof(
        provider=provider.key,
        provider_name=provider.name,
        call=provider.call,
        issuer=provider.issuer,
        subject=told["sub"],
        name=claims.display_name(provider, everything),
        memberships=claims.memberships(provider, everything),
        assurance=claims.assurance(provider, told),
        proved_at=tokens.proved_at(told),
        id_token=id_token,
        sid=str(told.get("sid", "")),
    )


def _exchange(
    provider: Provider, about: discovery.Metadata, code: str, kept: Mapping[str, str]
) -> Mapping[str, Any]:
    """The code for tokens. A code that was used, or that is not ours, is refused by the provider."""
    try:
        with _client(provider, about, kept["back"]) as client:
            answer = client.fetch_token(
                about.token_endpoint,
                code=code,
                code_verifier=kept["verifier"],
                timeout=discovery.TIMEOUT_SECONDS,
                allow_redirects=False,
            )
    except OAuthError as error:
        raise SignInRefused("the provider refused the code") from error
    except (requests.RequestException, ValueError) as error:
        raise ProviderUnavailable("The provider did not answer for the code") from error
    return dict(answer)


def _userinfo(
    provider: Provider, about: discovery.Metadata, answer: Mapping[str, Any], told: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The token's claims, with what userinfo adds; the token wins, and userinfo of somebody else is refused."""
    if not provider.userinfo or not about.userinfo_endpoint:
        return told
    more = discovery.get_json(about.userinfo_endpoint, str(answer["access_token"]))
    if more.get("sub") != told["sub"]:
        raise SignInRefused("userinfo of another subject")
    return {**more, **told}


def _client(provider: Provider, about: discovery.Metadata, back: str) -> OAuth2Session:
    method = "client_secret_post" if about.secret_in_body else "client_secret_basic"
    return OAuth2Session(
        provider.client_id,
        provider.secret or None,
        token_endpoint_auth_method=method if provider.secret_env else "none",
        scope=" ".join(provider.scopes),
        redirect_uri=back,
        code_challenge_method="S256",
    )


def _stronger(provider: Provider, wanted: Assurance) -> dict[str, str]:
    """What to ask beyond signing in; lowest level that is enough first."""
    seconds = _max_age(wanted)
    if seconds is None:
        return {}
    enough = sorted((one for one in provider.acr if one.reaches(wanted)), key=lambda one: one.rank)
    # `acr_values` alone is a wish: without `prompt` a provider may answer with the weaker sign-in that it remembers.
    asked = {"max_age": str(seconds), "prompt": "login"}
    return asked | ({"acr_values": " ".join(provider.acr[one] for one in enough)} if enough else {})


def _max_age(wanted: Assurance) -> int | None:
    return None if wanted is Assurance.LOW else int(assurance.demands().longest.total_seconds())
