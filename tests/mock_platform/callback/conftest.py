"""An actor that is called back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from platform_receiver import receiving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from platform_receiver import Receiver
    from tests.mock_platform.conftest import Actor


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def called(new_actor: Callable[..., Actor], receiver: Receiver) -> Actor:
    """An actor whose callback address is registered."""
    return new_actor(scenario={"callback_url": receiver.url})
