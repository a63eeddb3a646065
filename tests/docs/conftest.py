from __future__ import annotations

from collections.abc import Iterator

import pytest
from songdust_story import tell_songdust

from warehouse.query import Reader


@pytest.fixture(scope="session")
def songdust(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """The read copy of the cookbook's warehouse, open."""
    with pytest.MonkeyPatch.context() as here:
        here.delenv("CLEARANCE_ALERT_URLS", raising=False)
        warehouse = tell_songdust(tmp_path_factory.mktemp("songdust"))
    with Reader.open(warehouse) as reader:
        yield reader
