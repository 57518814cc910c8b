"""Fixtures that every altitude may use."""

from collections.abc import Iterator

import pytest

from tests.support.servers import Servers, prepared_servers


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with prepared_servers(tmp_path_factory.mktemp("servers")) as prepared:
        yield prepared
