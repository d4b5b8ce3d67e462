"""Keys that sign and verify messages, named by their RFC 7638 thumbprint so that a name cannot lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

Algorithm: TypeAlias = Literal["ecdsa-p256-sha256", "ed25519"]
Private: TypeAlias = EllipticCurvePrivateKey | Ed25519PrivateKey
Public: TypeAlias = EllipticCurvePublicKey | Ed25519PublicKey

_JOSE_KINDS: Mapping[tuple[object, object], type[ECKey | OKPKey]] = {
    ("EC", "P-256"): ECKey,
    ("OKP", "Ed25519"): OKPKey,
}
_JOSE_NAMES: Mapping[Algorithm, tuple[str, ...]] = {
    "ecdsa-p256-sha256": ("ES256",),
    "ed25519": ("Ed25519", "EdDSA"),
}


class UnusableKey(ValueError):
    """密钥不可用 / A JSON Web Key that the signature profile cannot use."""

    def __init__(self) -> None:
        super().__init__(
            "密钥应为 P-256 或 Ed25519 的 JSON Web Key（RFC 7517）"
            " / a key shall be a P-256 or Ed25519 JSON Web Key (RFC 7517)"
        )


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that verifies."""

    key_id: str
    algorithm: Algorithm
    public: Public = field(repr=False)

    @classmethod
    def of(cls, public: Public) -> Self:
        """The key with its thumbprint and the one algorithm it serves."""
        return cls(key_id=_jose(public).thumbprint(), algorithm=_algorithm(public), public=public)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> Self:
        """The key that a JSON Web Key describes; its private part, if any, is left behind."""
        return cls.of(_usable(_native(jwk).public_key))

    def jwk(self) -> dict[str, Any]:
        """The JSON Web Key to publish."""
        return _described(_jose(self.public).as_dict(private=False), self)


PublicKeys: TypeAlias = Mapping[str, PublicKey]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs; it never shows its private part unasked."""

    key_id: str
    algorithm: Algorithm
    private: Private = field(repr=False)

    @classmethod
    def of(cls, private: Private) -> Self:
        """The key with its thumbprint and the one algorithm it serves."""
        public = PublicKey.of(private.public_key())
        return cls(key_id=public.key_id, algorithm=public.algorithm, private=private)

    @classmethod
    def generate(cls, algorithm: Algorithm = "ecdsa-p256-sha256") -> Self:
        """A fresh key."""
        made = OKPKey.generate_key("Ed25519") if algorithm == "ed25519" else ECKey.generate_key("P-256")
        return cls.of(_usable(made.private_key))

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> Self:
        """The key that a private JSON Web Key describes."""
        return cls.of(_usable(_native(jwk).private_key))

    @property
    def public(self) -> PublicKey:
        """The half to give away."""
        return PublicKey.of(self.private.public_key())

    def public_jwk(self) -> dict[str, Any]:
        """The JSON Web Key to publish."""
        return self.public.jwk()

    def private_jwk(self) -> dict[str, Any]:
        """The JSON Web Key to keep secret."""
        return _described(_jose(self.private).as_dict(private=True), self)


def public_keys(jwks: Mapping[str, Any]) -> PublicKeys:
    """The keys of a published set by thumbprint; what cannot be used is ignored."""
    published = jwks.get("keys")
    usable = [jwk for jwk in published if _offered(jwk)] if isinstance(published, list) else []
    found = (_public_or_none(jwk) for jwk in usable)
    return {key.key_id: key for key in found if key is not None}


def _offered(jwk: object) -> bool:
    """Offered for verification and fit for it: a key that shows its private part convinces nobody."""
    return (
        isinstance(jwk, Mapping)
        and "d" not in jwk
        and jwk.get("use", "sig") == "sig"
        and "verify" in jwk.get("key_ops", ["verify"])
    )


def _public_or_none(jwk: Mapping[str, Any]) -> PublicKey | None:
    try:
        key = PublicKey.from_jwk(jwk)
    except UnusableKey:
        return None
    return key if jwk.get("alg", _JOSE_NAMES[key.algorithm][0]) in _JOSE_NAMES[key.algorithm] else None


def _native(jwk: Mapping[str, Any]) -> ECKey | OKPKey:
    try:
        kind = _JOSE_KINDS[jwk["kty"], jwk["crv"]]
        key = kind.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y", "d") if name in jwk})
        _usable(key.public_key)
    except (JoseError, UnsupportedAlgorithm, LookupError, TypeError, ValueError):
        raise UnusableKey from None
    return key


def _usable(native: object) -> Any:
    if isinstance(native, EllipticCurvePrivateKey | EllipticCurvePublicKey):
        if isinstance(native.curve, SECP256R1):
            return native
    elif isinstance(native, Ed25519PrivateKey | Ed25519PublicKey):
        return native
    raise UnusableKey


def _jose(native: Private | Public) -> ECKey | OKPKey:
    if isinstance(native, EllipticCurvePrivateKey | EllipticCurvePublicKey):
        return ECKey.import_key(native)
    return OKPKey.import_key(native)


def _algorithm(public: Public) -> Algorithm:
    return "ed25519" if isinstance(public, Ed25519PublicKey) else "ecdsa-p256-sha256"


def _described(jwk: Mapping[str, Any], key: PublicKey | SigningKey) -> dict[str, Any]:
    return {**jwk, "kid": key.key_id, "alg": _JOSE_NAMES[key.algorithm][0], "use": "sig"}
