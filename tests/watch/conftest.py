"""``listener``: a webhook that is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.watch.listener import Listener


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
