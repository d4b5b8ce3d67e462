"""Makes a scenario of what a person types: a database, a key file and a platform."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.conversation import WELL_KNOWN
from tanpuhui.reference_client.calling.errors import Misconfigured, Text
from tanpuhui.reference_client.calling.identity import Identity
from tanpuhui.reference_client.calling.notices import unheard
from tanpuhui.reference_client.calling.surroundings import Surroundings
from tanpuhui.reference_client.scenario import Scenario, Setup
from tanpuhui.spec.keys import UnusableKey
from tanpuhui.spec.signing import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tanpuhui.reference_client.calling.notices import Notice

_NEEDED = ("discovery_url", "client_id", "scenario_id")


@contextmanager
def connected(options: Mapping[str, Any], notify: Callable[[Notice], None] = unheard) -> Iterator[Scenario]:
    """The scenario at work with the platform named, or with the one that its database remembers."""
    key = read_key(options["key"]) if options["key"] else None
    with Scenario(str(options["db"]), key=key, around=Surroundings(notify=notify)) as scenario:
        named = {name: options[name] for name in _NEEDED if options[name]}
        if len(named) == len(_NEEDED):
            address = str(named["discovery_url"])
            address = address if address.endswith(WELL_KNOWN) else address.rstrip("/") + WELL_KNOWN
            scenario.connect(Setup(Identity(address, named["client_id"], scenario.key), named["scenario_id"]))
        elif named or scenario.session is None:
            raise _unnamed([name for name in _NEEDED if name not in named])
        yield scenario


def read_key(path: Path) -> SigningKey:
    """The private key in a file."""
    try:
        return SigningKey.from_jwk(json.loads(path.read_bytes()))
    except (OSError, ValueError, UnusableKey):
        raise Misconfigured(
            Text(f"无法读取私钥文件 {path.name}", f"the key file {path.name} cannot be read"),
            Text("用 tph scenario key 生成", "make one with tph scenario key"),
            "AUT-001",
        ) from None


def make_key(path: Path) -> SigningKey:
    """A new private key in a file that only its owner can read; an existing one is never overwritten."""
    key = SigningKey.generate()
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError:
        raise Misconfigured(
            Text(f"无法新建 {path.name}，或文件已存在", f"{path.name} exists or cannot be made"),
            Text("另选文件名", "choose another name"),
            "AUT-001",
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(key.private_jwk(), file)
    return key


def _unnamed(missing: list[str]) -> Misconfigured:
    options = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
    return Misconfigured(
        Text("不知道向哪个平台报送", "it is not known which platform to report to"),
        Text(f"给出 {options}", f"name {options}"),
        "API-002",
    )
