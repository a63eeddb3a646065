"""The servers, stories and dialers of the other tests are used here, too."""

from __future__ import annotations

import sys
from pathlib import Path

_TESTS = Path(__file__).parents[1]
sys.path += [str(_TESTS / name) for name in ("exports", "flows", "probes", "warehouse")]
