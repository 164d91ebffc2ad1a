"""Who is calling: sessions for browsers, Basic credentials for programs."""

from __future__ import annotations

from service.identity.basic import actor_basic
from service.identity.browser import actor_of, sign_in, sign_out

__all__ = ["actor_basic", "actor_of", "sign_in", "sign_out"]
