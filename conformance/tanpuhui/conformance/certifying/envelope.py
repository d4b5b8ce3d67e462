"""A DSSE envelope: a statement and the signature over its exact bytes (Ed25519)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tanpuhui.spec.strict_json import StrictJsonError, parse_json

if TYPE_CHECKING:
    from tanpuhui.spec.keys import PublicKey, SigningKey

STATEMENT_TYPE = "application/vnd.in-toto+json"
_LONGEST_TEXT = 8 * 1024 * 1024


class NoEnvelope(ValueError):  # it is no error of the program
    """不是证书信封 / A text that is no DSSE envelope with one signature."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The signed bytes, what they are, who says to have signed them, and the signature."""

    payload: bytes
    payload_type: str
    key_id: str
    signature: bytes

    @classmethod
    def sealing(cls, payload: bytes, key: SigningKey) -> Self:
        """Sign a statement."""
        if not isinstance(key.private, Ed25519PrivateKey):
            raise NoEnvelope("签名密钥应为 Ed25519 / the signing key shall be Ed25519")
        signature = key.private.sign(pre_authentication(STATEMENT_TYPE, payload))
        return cls(payload, STATEMENT_TYPE, key.key_id, signature)

    def signed_by(self, key: PublicKey) -> bool:
        """The signature was made with that key over exactly this payload."""
        if not isinstance(key.public, Ed25519PublicKey):
            return False
        try:
            key.public.verify(self.signature, pre_authentication(self.payload_type, self.payload))
        except InvalidSignature:
            return False
        return True

    def to_json(self) -> str:
        """The envelope as the DSSE protocol writes it."""
        signature = {"keyid": self.key_id, "sig": base64.b64encode(self.signature).decode()}
        payload = base64.b64encode(self.payload).decode()
        document = {"payloadType": self.payload_type, "payload": payload, "signatures": [signature]}
        return json.dumps(document, indent=1) + "\n"

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Read an envelope; anything else is NoEnvelope."""
        try:
            document = parse_json(data, max_string=_LONGEST_TEXT)
            (signature,) = document["signatures"]
            return cls(
                payload=_decoded(document["payload"]),
                payload_type=_text(document["payloadType"]),
                key_id=_text(signature["keyid"]),
                signature=_decoded(signature["sig"]),
            )
        except (StrictJsonError, KeyError, TypeError, ValueError) as error:
            raise NoEnvelope(
                "文件不是带一个签名的 DSSE 信封 / not a DSSE envelope with one signature"
            ) from error

    def statement(self) -> Mapping[str, Any]:
        """The payload as JSON."""
        try:
            statement = parse_json(self.payload, max_string=_LONGEST_TEXT)
        except StrictJsonError as error:
            raise NoEnvelope("信封内不是 JSON / the envelope holds no JSON") from error
        if self.payload_type != STATEMENT_TYPE or not isinstance(statement, Mapping):
            raise NoEnvelope("信封内不是 in-toto 声明 / the envelope holds no in-toto statement")
        return statement


def pre_authentication(kind: str, payload: bytes) -> bytes:
    """What DSSE signs: type and payload, each with its length, so that neither can run into the other."""
    name = kind.encode()
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)


def _decoded(value: Any) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
