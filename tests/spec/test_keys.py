"""Keys are named by their thumbprint; of a published set only what can verify our signatures is taken."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from tanpuhui.spec.keys import PublicKey, SigningKey, UnusableKey, public_keys

RFC_8037 = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
OWN = SigningKey.generate()


def offered(**changes: Any) -> bool:
    return OWN.key_id in public_keys({"keys": [OWN.public_jwk() | changes]})


def test_the_name_is_the_thumbprint_of_rfc_8037() -> None:
    assert PublicKey.from_jwk(RFC_8037).key_id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_key_cannot_choose_its_name() -> None:
    renamed = RFC_8037 | {"kid": OWN.key_id}
    assert OWN.key_id not in public_keys({"keys": [renamed]})


@pytest.mark.parametrize("algorithm", ["ecdsa-p256-sha256", "ed25519"])
def test_a_key_survives_being_written_and_read(algorithm: Any) -> None:
    key = SigningKey.generate(algorithm)
    again = SigningKey.from_jwk(key.private_jwk())
    assert (again.key_id, again.algorithm) == (key.key_id, algorithm)
    assert again.public_jwk() == key.public_jwk() == PublicKey.from_jwk(key.private_jwk()).jwk()
    assert key.public_jwk()["kid"] == key.key_id


def test_neither_the_published_key_nor_the_printed_one_shows_the_private_part() -> None:
    assert "d" not in OWN.public_jwk()
    assert OWN.private_jwk()["d"] not in repr(OWN)
    assert "private" not in repr(OWN)


def test_a_published_key_is_taken_for_what_it_is_offered_for() -> None:
    assert all(
        (offered(), offered(use="sig"), offered(alg="ES256"), offered(key_ops=["verify"]), offered(extra=1))
    )
    assert not offered(use="enc")
    assert not offered(alg="RS256")
    assert not offered(key_ops=["sign"])


def test_a_key_that_shows_its_private_part_convinces_nobody() -> None:
    assert public_keys({"keys": [OWN.private_jwk()]}) == {}


def test_keys_of_other_kinds_are_ignored() -> None:
    others = [ECKey.generate_key("P-384").as_dict(), RSAKey.generate_key(2048).as_dict()]
    published = [*others, OctKey.generate_key(256).as_dict(), OWN.public_jwk()]
    assert list(public_keys({"keys": published})) == [OWN.key_id]


@pytest.mark.parametrize(
    "jwks",
    [{}, {"keys": None}, {"keys": {}}, {"keys": [None, 1, "x", [], {}, {"kty": "EC", "crv": "P-256"}]}],
)
def test_a_malformed_set_has_no_keys(jwks: dict[str, Any]) -> None:
    assert public_keys(jwks) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("x", bad) for bad in ("", "AAAA", 1, None, "碳", "A" * 43)],
        *[("crv", bad) for bad in ("P-384", "Ed25519", ["P-256"], None)],
        *[("kty", bad) for bad in ("OKP", "RSA", 1, None)],
    ],
)
def test_a_malformed_key_is_ignored(name: str, value: object) -> None:
    assert public_keys({"keys": [OWN.public_jwk() | {name: value}]}) == {}


@pytest.mark.parametrize("x", [f"{RFC_8037['x']}=", f"{RFC_8037['x'][:-1]}p"])
def test_a_key_has_one_spelling_and_so_one_name(x: str) -> None:
    with pytest.raises(UnusableKey):
        PublicKey.from_jwk(RFC_8037 | {"x": x})


@pytest.mark.parametrize("jwk", [{}, RFC_8037, OWN.public_jwk(), {"kty": "oct", "k": "AAAA"}])
def test_a_key_without_private_part_cannot_sign(jwk: dict[str, Any]) -> None:
    with pytest.raises(UnusableKey, match="RFC 7517"):
        SigningKey.from_jwk(jwk)


def test_halves_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(UnusableKey):
        SigningKey.from_jwk(OWN.private_jwk() | {"d": SigningKey.generate().private_jwk()["d"]})
