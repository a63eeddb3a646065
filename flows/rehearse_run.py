"""A run on a copy, so that a person sees what it would come to before it counts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.run_settings import RunSettings
from warehouse.store import Warehouse


@contextmanager
def rehearsal(settings: RunSettings) -> Iterator[RunSettings]:
    """Settings of the same run on a copy of the warehouse that is gone afterwards.

    Nothing that was stored, published or told changes. The copy lies beside the warehouse, where its
    stored bytes can be linked instead of copied.
    """
    original = Path(settings.warehouse)
    original.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".rehearsal-", dir=original.parent) as folder:
        copy = Path(folder) / original.name
        if original.exists():
            with Warehouse.open(original) as warehouse:
                shutil.copyfile(warehouse.publish_read_copy(), copy)
                if warehouse.bodies.folder.is_dir():
                    # Files of the same name always hold the same bytes, and none is ever written in place.
                    shutil.copytree(warehouse.bodies.folder, copy.parent / "bodies", copy_function=os.link)
        yield replace(settings, warehouse=str(copy), out=str(Path(folder) / "out"))
