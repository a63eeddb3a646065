"""What standard licenses permit, looked up by id; an unknown license permits nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from domain.policy import Family
from domain.rights import Rights
from domain.vocabulary import Duty
from terms.creative_commons import unported

_UNSPECIFIED = {
    # Every version of these agrees on what the family says.
    "LicenseRef-BSD-unspecified": "BSD-3-Clause",
    "LicenseRef-GPL-unspecified": "GPL-3.0-only",
    "LicenseRef-LGPL-unspecified": "LGPL-3.0-only",
    "LicenseRef-AGPL-unspecified": "AGPL-3.0-only",
    "LicenseRef-GFDL-unspecified": "GFDL-1.3-only",
    "LicenseRef-MPL-unspecified": "MPL-2.0",
    "LicenseRef-OGL-unspecified": "OGL-UK-3.0",
    "LicenseRef-OGL-UK-unspecified": "OGL-UK-3.0",
    "LicenseRef-Etalab-unspecified": "etalab-2.0",
    "LicenseRef-CDLA-Permissive-unspecified": "CDLA-Permissive-1.0",
    "LicenseRef-DbCL-1.0": "ODC-By-1.0",
}


class Families:
    """The families of a policy, by license id."""

    def __init__(self, families: Sequence[Family]) -> None:
        self._families = tuple(families)
        self._known: dict[str, Family | None] = {}

    def of(self, license_id: str) -> Family | None:
        """The family of an id; ports and unspecified versions count as their base license."""
        if license_id not in self._known:
            key = _UNSPECIFIED.get(license_id, unported(license_id))
            self._known[license_id] = next((family for family in self._families if family.covers(key)), None)
        return self._known[license_id]

    def rights(self, license_id: str) -> Rights:
        """The rights of a license; all silent when it is in no family."""
        family = self.of(license_id)
        return family.rights if family else Rights()

    def duties(self, license_id: str) -> tuple[Duty, ...]:
        """The duties of a license."""
        family = self.of(license_id)
        return family.duties if family else ()


@lru_cache(maxsize=4_096)
def family_name(license_id: str) -> str:
    """A license without its version: CC-BY-SA for CC-BY-SA-4.0, GPL for GPL-2.0-only."""
    if license_id.startswith(("CC-BY", "LicenseRef-CC-BY")):
        return (
            unported(license_id).rsplit("-", 1)[0]
            if "unspecified" in license_id
            else re.split(r"-\d", unported(license_id))[0]
        )
    return re.split(r"-\d|-unspecified", license_id.removeprefix("LicenseRef-"))[0]
