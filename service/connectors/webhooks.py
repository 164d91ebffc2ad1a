"""Tells another system of one event: CloudEvents 1.0 as JSON, signed with the secret of that system."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime

from service.config import Settings, Webhook
from service.connectors import addresses, http
from service.connectors.http import Answer, Call

SIGNATURE = "Sluitend-Signature"


def tell(settings: Settings, webhook: Webhook, event: Mapping[str, object], at: datetime) -> Answer:
    """Send it. Raises http.CallRefused, http.CallFailed; a refusal of the other system is an answer."""
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    asked = Call(
        method="POST",
        url=webhook.url,
        headers={
            "Content-Type": "application/cloudevents+json; charset=utf-8",
            "User-Agent": "Sluitend",
            SIGNATURE: signature(webhook.secret, body, at),
        },
        body=body,
        timeout_seconds=settings.http_timeout_seconds,
        max_bytes=settings.http_max_bytes,
    )
    return http.call(asked, addresses.guard(settings, any_host=True))


def signature(secret: str, body: bytes, at: datetime) -> str:
    """HMAC-SHA256 over the moment, a dot and the body: nobody else made it, and nobody sends an old one again."""
    moment = int(at.timestamp())
    made = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={made}"
