"""Actors that upload in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from platform_uploader import PACKED, Uploader, as_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from platform_process import Process
    from tests.mock_platform.conftest import Actor


@pytest.fixture
def lines() -> Callable[..., bytes]:
    """Values as lines of JSON; bytes are taken as they are."""
    return as_lines


@pytest.fixture
def packed() -> dict[str, Callable[[bytes], bytes]]:
    """How bodies are coded."""
    return PACKED


@pytest.fixture
def uploader(actor: Actor) -> Uploader:
    return Uploader(actor)


@pytest.fixture
def uploader_of() -> Callable[[Actor], Uploader]:
    return Uploader


@pytest.fixture
def mortal(
    lives: Callable[..., Process], enter_platform: Callable[[str], Actor]
) -> Iterator[tuple[Uploader, Process]]:
    """An uploader on a platform that can be killed."""
    process = lives()
    actor = enter_platform(process.control_url)
    yield Uploader(actor), process
    actor.control.close()
    actor.http.close()
