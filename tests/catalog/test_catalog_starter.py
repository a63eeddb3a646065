"""The file that `clearance catalog add` writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog import add_provider, load_catalog
from domain.errors import InvalidInput
from domain.vocabulary import Layer


def add(folder: Path, **changes: str) -> Path:
    words = {"provider": "example", "source_id": "tunes", "name": "Tunes: all", "url": "https://example.org/#a"}
    return add_provider(folder, layer=Layer.AUDIO, **{**words, **changes})  # type: ignore[arg-type]


def test_what_is_added_loads(tmp_path: Path) -> None:
    assert add(tmp_path / "new") == tmp_path / "new" / "example.yaml"
    ((provider, dataset, source),) = load_catalog(tmp_path / "new").sources
    assert (provider.provider, dataset.name, source.id, source.layer) == ("example", "Tunes: all", "tunes", Layer.AUDIO)
    assert [watch.url for watch in source.watches] == ["https://example.org/#a"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    before = add(tmp_path).read_bytes()
    with pytest.raises(InvalidInput, match="exists already"):
        add(tmp_path, name="Other")
    assert (tmp_path / "example.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("key", "value"), [("provider", "../out"), ("source_id", "No-Id"), ("url", "file:///etc/passwd"), ("name", "")]
)
def test_what_would_not_load_is_not_written(tmp_path: Path, key: str, value: str) -> None:
    with pytest.raises(InvalidInput):
        add(tmp_path / "new", **{key: value})
    assert not (tmp_path / "new").exists()
