"""One S3 server, and one proxy with faults before it, for all tests of this folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from tests.storage.objects.server import BUCKET, Plan, call, faulty, s3_server

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    # As an operator may set it: a silent store is given up after seconds, not after a minute.
    "FSSPEC_S3": json.dumps(
        {"config_kwargs": {"connect_timeout": 2, "read_timeout": 1, "retries": {"max_attempts": 1}}}
    ),
}


NUMBERS = count(1)


@dataclass
class Store:
    """The server, seen past every driver; and what happens on the way to it."""

    port: int
    plan: Plan
    prefix: str

    @property
    def url(self) -> str:
        return f"s3://{BUCKET}/{self.prefix}"

    def holds(self, name: str) -> bytes | None:
        status, data = call(self.port, "GET", f"/{BUCKET}/{self.prefix}/{name}")
        return data if status == 200 else None

    def put(self, name: str, data: bytes, prefix: str | None = None) -> None:
        assert call(self.port, "PUT", f"/{BUCKET}/{prefix or self.prefix}/{name}", data)[0] == 200

    def loses(self, name: str) -> None:
        assert call(self.port, "DELETE", f"/{BUCKET}/{self.prefix}/{name}")[0] == 204


@pytest.fixture(scope="session")
def s3() -> Iterator[tuple[int, Plan]]:
    with s3_server() as port, faulty(port, plan := Plan()) as proxy, pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{proxy}"}.items():
            patch.setenv(name, value)
        from fsspec.config import conf, set_conf_env

        set_conf_env(conf, os.environ)
        yield port, plan


@pytest.fixture
def store(s3: tuple[int, Plan]) -> Iterator[Store]:
    port, plan = s3
    number = next(NUMBERS)
    plan.faults.clear()
    plan.asked.clear()
    yield Store(port=port, plan=plan, prefix=f"archive/{number}")
    plan.faults.clear()
