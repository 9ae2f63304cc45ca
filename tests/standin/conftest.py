"""The real client, initialised without a network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.standin.offline import offline_client


@pytest.fixture(autouse=True, scope="module")
def _client() -> Iterator[None]:
    """Every test here builds its graphs with the real client."""
    with offline_client():
        yield
