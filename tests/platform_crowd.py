"""Many connections at once, so that every worker of a platform has some of them."""

from __future__ import annotations

import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor

MANY = 16  # connections: that all of them reach the same one of three workers does not happen
CERTIFICATES = ssl.create_default_context()


def everywhere(actor: Actor, act: Callable[[Actor], Any]) -> list[Any]:
    """Act over many new connections at once."""
    actor.token()

    def once(_: int) -> Any:
        with closing(plain()) as http, closing(plain(base_url=actor.control.base_url)) as control:
            return act(replace(actor, http=http, control=control))

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(once, range(MANY)))


def plain(**how: Any) -> httpx.Client:
    """A client with connections of its own; certificates are read once, which takes long."""
    return httpx.Client(trust_env=False, verify=CERTIFICATES, timeout=60, **how)


def patient(act: Callable[[], Any]) -> Any:
    """What comes of it once no connection breaks: the worker at its other end may have been killed."""
    while True:
        try:
            return act()
        except httpx.TransportError:
            continue
