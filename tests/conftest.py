"""How properties are tried: the same examples every time, and no deadline on a machine that others share."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("clearance", deadline=None, derandomize=True)
settings.load_profile("clearance")
