"""New files of the catalog that people's acts leave: named by day and source, nothing overwritten."""

from __future__ import annotations

import re
from itertools import chain, count
from pathlib import Path


def free_path(folder: Path, stem: str) -> Path:
    """A path in the folder that no file has yet: the stem, or the stem with a number."""
    bare = re.sub(r"[^a-z0-9_-]+", "-", stem.casefold())
    names = chain((f"{bare}.yaml",), (f"{bare}-{number}.yaml" for number in count(2)))
    return next(folder / name for name in names if not (folder / name).exists())


def put(path: Path, data: bytes) -> None:
    """Write a new file, making its folder. FileExistsError where one came into being meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
