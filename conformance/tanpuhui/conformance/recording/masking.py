"""The one place where secrets and personal data leave the evidence: at capture, before anything is written.

Tokens that the run's own platform minted die with it and stay, because signatures cover them; the same
holds for assertions made out to it. Everything else that could open a door is replaced.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.privacy import find_personal_data

if TYPE_CHECKING:
    from collections.abc import Iterable

SECRET, PRIVATE_KEY, TOKEN, CREDENTIAL = "secret", "private-key", "token", "credential"
SECRET_KINDS = frozenset({SECRET, PRIVATE_KEY, TOKEN, CREDENTIAL})
_SHORTEST_SECRET = 6
_PRIVATE_KEYS = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
    re.compile(r'(?<="d":")[A-Za-z0-9_-]{20,}|(?<="d": ")[A-Za-z0-9_-]{20,}'),
)
_JWT = re.compile(r"(?<![\w-])(eyJ[\w-]+)\.(eyJ[\w-]+)\.([\w-]+)")
_FORM_SECRET = re.compile(r"(?<=client_secret=)[^&\s]+|(?<=password=)[^&\s]+")
_CREDENTIAL_FIELDS = frozenset({"cookie", "set-cookie", "proxy-authorization", "x-api-key"})
_UNREADABLE_FIELDS = frozenset({"authorization", "signature", "signature-input", "content-digest", "date"})


@dataclass(frozen=True, slots=True)
class Masked:
    """A text after masking, and the kinds of what was taken out."""

    text: str
    kinds: frozenset[str] = frozenset()


@dataclass(slots=True)
class Masker:
    """Knows what to hide (configured secrets) and what may stay (what the run's platform minted)."""

    secrets: set[str] = field(default_factory=set, repr=False)
    _minted: set[str] = field(default_factory=set, repr=False)
    _issuers: set[str] = field(default_factory=set)

    def register(self, secrets: Iterable[str | None]) -> None:
        """Secrets of the configuration: never written, wherever they turn up."""
        self.secrets |= {secret for secret in secrets if secret and len(secret) >= _SHORTEST_SECRET}

    def mint(self, *, issuer: str | None = None, token: str | None = None) -> None:
        """Something that the run's own platform made and that dies with it."""
        self._issuers |= {issuer} if issuer else set()
        self._minted |= {token} if token else set()

    def masked(self, text: str) -> Masked:
        """A body or an address."""
        shown = self._without_secrets(text)
        kinds = set(shown.kinds)
        readable, found = _without_personal_data(shown.text)
        return Masked(readable, frozenset(kinds | found))

    def masked_field(self, name: str, value: str) -> Masked:
        """One header field; fields of random characters are not searched for personal data."""
        if name == "authorization":
            return self._authorization(value)
        if name in _CREDENTIAL_FIELDS:
            return Masked(label(CREDENTIAL), frozenset({CREDENTIAL}))
        return self._without_secrets(value) if name in _UNREADABLE_FIELDS else self.masked(value)

    def _authorization(self, value: str) -> Masked:
        scheme, _, credential = value.partition(" ")
        if credential in self._minted:
            return Masked(value)
        known = scheme.lower() in {"bearer", "basic", "dpop", "digest"}
        return Masked(f"{scheme if known else ''} {label(TOKEN)}".strip(), frozenset({TOKEN}))

    def _without_secrets(self, text: str) -> Masked:
        kinds: set[str] = set()
        for secret in sorted(self.secrets, key=len, reverse=True):
            if secret in text:
                text = text.replace(secret, label(SECRET))
                kinds.add(SECRET)
        for pattern in _PRIVATE_KEYS:
            text, kinds = _substituted(pattern, text, PRIVATE_KEY, kinds)
        text, kinds = _substituted(_FORM_SECRET, text, CREDENTIAL, kinds)
        shown = _JWT.sub(self._jwt, text)
        return Masked(shown, frozenset(kinds | ({TOKEN} if shown != text else set())))

    def _jwt(self, found: re.Match[str]) -> str:
        if found[0] in self._minted or self._made_out_to_us(found[2]):
            return found[0]
        return f"{found[1]}.{found[2]}.{label(TOKEN)}"

    def _made_out_to_us(self, payload: str) -> bool:
        audience = _claims(payload).get("aud")
        return isinstance(audience, str) and audience in self._issuers


def label(kind: str) -> str:
    """What stands where something was taken out."""
    return f"[已屏蔽:{kind}]"


def _substituted(pattern: re.Pattern[str], text: str, kind: str, kinds: set[str]) -> tuple[str, set[str]]:
    shown, count = pattern.subn(label(kind), text)
    return shown, kinds | ({kind} if count else set())


def _without_personal_data(text: str) -> tuple[str, set[str]]:
    findings = sorted(find_personal_data(text), key=lambda finding: finding.start, reverse=True)
    for finding in findings:
        text = text[: finding.start] + label(finding.kind) + text[finding.end :]
    return text, {finding.kind for finding in findings}


def _claims(payload: str) -> dict[str, Any]:
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}
