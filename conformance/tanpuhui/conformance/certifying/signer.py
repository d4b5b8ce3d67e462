"""The keys of certificates: a given one, or an own one for self-runs, made on first use and kept private."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from tanpuhui.conformance.trouble import Trouble
from tanpuhui.spec.keys import Algorithm, PublicKey, SigningKey, UnusableKey

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

K = TypeVar("K", SigningKey, PublicKey)
ED25519: Algorithm = "ed25519"
_OTHERS = 0o077


def own_key_path(environment: Mapping[str, str]) -> Path:
    """Where the own key of a user lies (XDG)."""
    home = environment.get("XDG_CONFIG_HOME") or str(
        Path(environment.get("HOME", "~")).expanduser() / ".config"
    )
    return Path(home) / "tanpuhui" / "self-run-key.pem"


def own_key(path: Path) -> SigningKey:
    """The own key; a new one is readable by its owner only."""
    if not path.exists():
        _create(path, SigningKey.generate(ED25519))
    if path.stat().st_mode & _OTHERS:
        raise Trouble(
            f"签名密钥 {path} 可被他人读取",
            f"the signing key {path} can be read by others",
            f"chmod 600 {path}，或删除后重新生成",
            f"chmod 600 {path}, or delete it to have a new one made",
        )
    return signing_key(path)


def signing_key(path: Path) -> SigningKey:
    """A private key from a PEM or JWK file."""
    return _ed25519(path, ("私钥", "private key"), SigningKey.from_jwk, _of_pem)


def verifying_key(path: Path) -> PublicKey:
    """A public key from a PEM or JWK file."""
    return _ed25519(path, ("公钥", "public key"), PublicKey.from_jwk, _public_of_pem)


def _ed25519(
    path: Path,
    kind: tuple[str, str],
    of_jwk: Callable[[Mapping[str, Any]], K],
    of_pem: Callable[[bytes], K],
) -> K:
    data = _read(path)
    try:
        key = of_jwk(json.loads(data)) if data.lstrip().startswith(b"{") else of_pem(data)
    except (UnusableKey, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unusable(path, *kind) from error
    if key.algorithm != ED25519:
        raise _unusable(path, *kind)
    return key


def _create(path: Path, key: SigningKey) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(pem)


def _of_pem(data: bytes) -> SigningKey:
    key = load_pem_private_key(data, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableKey
    return SigningKey.of(key)


def _public_of_pem(data: bytes) -> PublicKey:
    key = load_pem_public_key(data)
    if not isinstance(key, Ed25519PublicKey):
        raise UnusableKey
    return PublicKey.of(key)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble(
            f"读不出密钥文件 {path}（{error.strerror}）",
            f"cannot read the key file {path} ({error.strerror})",
            "检查路径和权限",
            "check the path and its permissions",
        ) from error


def _unusable(path: Path, zh: str, en: str) -> Trouble:
    return Trouble(
        f"{path} 不是可用的 Ed25519 {zh}",
        f"{path} is no usable Ed25519 {en}",
        f"给出 PEM 或 JWK 格式的 Ed25519 {zh}，例如 openssl genpkey -algorithm ed25519",
        f"give an Ed25519 {en} as PEM or JWK, for instance from: openssl genpkey -algorithm ed25519",
    )
