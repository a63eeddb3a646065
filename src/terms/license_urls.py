"""Licenses by the address of their text or deed."""

from __future__ import annotations

import re
from functools import lru_cache

from terms import creative_commons, spdx

_SPDX_URL = re.compile(
    r"(?:spdx\.org/licenses/|licenses\.nuget\.org/|choosealicense\.com/licenses/|api\.github\.com/licenses/)([a-z0-9.+-]{2,60}?)(?:\.html|\.json|\.txt)?(?=[^a-z0-9.+-]|$)"
)
_OSI_URL = re.compile(
    r"opensource\.org/licen[sc]es?/([a-z0-9.+-]{2,40}?)(?:-license)?(?:\.php|\.html)?(?=[^a-z0-9.+-]|$)"
)
_KNOWN_URLS = tuple(
    (re.split(r"[\\(]", pattern)[0], re.compile(pattern), license_id)
    for pattern, license_id in (
        (r"opendatacommons\.org/(?:licenses|category)/odbl\b", "ODbL-1.0"),
        (r"opendatacommons\.org/licenses/by\b", "ODC-By-1.0"),
        (r"opendatacommons\.org/licenses/pddl\b", "PDDL-1.0"),
        (r"opendefinition\.org/licenses/odc-odbl", "ODbL-1.0"),
        (r"opendefinition\.org/licenses/odc-by", "ODC-By-1.0"),
        (r"opendefinition\.org/licenses/odc-pddl", "PDDL-1.0"),
        (r"opendefinition\.org/licenses/cc-zero", "CC0-1.0"),
        (r"opendefinition\.org/licenses/cc-by-sa/?$", "LicenseRef-CC-BY-SA-unspecified"),
        (r"opendefinition\.org/licenses/cc-by/?$", "LicenseRef-CC-BY-unspecified"),
        (r"apache\.org/licenses/license-2\.0", "Apache-2.0"),
        (r"gnu\.org/(?:licenses|copyleft)/(?:old-licenses/)?gpl-2\.0", "GPL-2.0-only"),
        (r"gnu\.org/(?:licenses|copyleft)/gpl-3\.0", "GPL-3.0-only"),
        (r"gnu\.org/(?:licenses|copyleft)/agpl-3\.0", "AGPL-3.0-only"),
        (r"gnu\.org/(?:licenses|copyleft)/lgpl-3\.0", "LGPL-3.0-only"),
        (r"gnu\.org/(?:licenses|copyleft)/(?:old-licenses/)?lgpl-2\.1", "LGPL-2.1-only"),
        (r"gnu\.org/(?:licenses|copyleft)/(?:old-licenses/)?lgpl-2\.0", "LGPL-2.0-only"),
        (r"gnu\.org/(?:licenses|copyleft)/(?:old-licenses/)?fdl-1\.([123])", "GFDL-1.{}-only"),
        (r"gnu\.org/(?:licenses|copyleft)/gpl\.", "LicenseRef-GPL-unspecified"),
        (r"gnu\.org/(?:licenses|copyleft)/lgpl\.", "LicenseRef-LGPL-unspecified"),
        (r"gnu\.org/(?:licenses|copyleft)/fdl\.", "LicenseRef-GFDL-unspecified"),
        (r"cdla\.(?:io|dev)/permissive-2-0", "CDLA-Permissive-2.0"),
        (r"community-data-license-agreement-permissive-version-2-0", "CDLA-Permissive-2.0"),
        (r"cdla\.(?:io|dev)/permissive-1-0", "CDLA-Permissive-1.0"),
        (r"community-data-license-agreement-permissive-version-1-0", "CDLA-Permissive-1.0"),
        (r"cdla\.(?:io|dev)/sharing-1-0", "CDLA-Sharing-1.0"),
        (r"community-data-license-agreement-sharing-version-1-0", "CDLA-Sharing-1.0"),
        (r"nationalarchives\.gov\.uk/doc/open-government-licence/version/([123])", "OGL-UK-{}.0"),
        (r"nationalarchives\.gov\.uk/doc/non-commercial-government-licence", "NCGL-UK-2.0"),
        (r"open\.canada\.ca/[a-z]{2}/(?:open-government-licence-canada|licence-du-gouvernement-ouvert-canada)", "OGL-Canada-2.0"),
        (r"etalab\.gouv\.fr/(?:[\w/.-]{0,60}/)?[\w-]{0,20}licence[\w-]{0,20}-v?2\.0|etalab-2\.0\.md", "etalab-2.0"),
        (r"govdata\.de/dl-de/by-2-0", "DL-DE-BY-2.0"),
        (r"govdata\.de/dl-de/zero-2-0", "DL-DE-ZERO-2.0"),
        (r"data\.norge\.no/nlod/(?:[a-z]{2}/)?([12])\.0", "NLOD-{}.0"),
        (r"mozilla\.org/(?:en-us/)?mpl/2\.0", "MPL-2.0"),
        (r"mozilla\.org/(?:en-us/)?mpl/1\.1", "MPL-1.1"),
        (r"web\.resource\.org/cc/publicdomain", "CC-PDDC"),
        (r"unlicense\.org", "Unlicense"),
        (r"wtfpl\.net", "WTFPL"),
        (r"artlibre\.org/licence/lal", "LAL-1.3"),
        (r"joinup\.ec\.europa\.eu/[\w/.-]{0,80}eupl[\w-]{0,20}(?:1[._-]?2|12)", "EUPL-1.2"),
    )
)  # fmt: skip
"""What an address begins its license's pattern with, the pattern, and the license."""
_IMAGE_BADGE = re.compile(
    r"(?:licensebuttons\.net|(?:i\.|mirrors\.)?creativecommons\.org)/(?:l|p|presskit/buttons/[\w/.]{1,20})/(by(?:-[a-z]{2})*|zero|publicdomain|mark)(?:/([1-4]\.[05]))?"
)
_SHIELD = re.compile(
    r"img\.shields\.io/(?:static/v1\?|badge/)(?:label=)?(?:[\w%.-]{0,20}licen[sc]e[\w%.]{0,20}?)(?:-|&message=)(.{2,60}?)(?:-(?:[a-z]{3,12}|[0-9a-f]{3,6}))?(?:\.svg|\.png|&|\?|$)"
)


@lru_cache(maxsize=8_192)
def license_of_url(href: str) -> tuple[str, str] | None:
    """(matcher, license id) of an address that stands for a license text or deed, else None."""
    low = href.lower()
    if match := creative_commons.URL.search(low):
        return "cc", creative_commons.id_of_url(match)
    if match := _IMAGE_BADGE.search(low):
        if match[1] in ("zero", "publicdomain", "mark"):
            return "badge", "CC0-1.0" if match[1] == "zero" else "CC-PDM-1.0"
        return "badge", creative_commons.license_id(frozenset(match[1].split("-")), match[2])
    for beginning, pattern, license_id in _KNOWN_URLS:
        if beginning in low and (match := pattern.search(low)):
            found = license_id.format(*match.groups())
            return "known", spdx.ids().get(found.lower(), found)
    for pattern in (_SPDX_URL, _OSI_URL):
        if match := pattern.search(low):
            known = spdx.ids().get(match[1])
            if known:
                return "spdx", known
    if "licen" in low or "/legal" in low or "copying" in low:
        known = spdx.urls().get(spdx.bare_url(href))
        if known is not None:
            return "spdx", known
    return None


def badge_words(href: str) -> str | None:
    """What a generated badge image says of the license, as words; None for other images."""
    match = _SHIELD.search(href.lower())
    if match is None:
        return None
    return match[1].replace("--", "\0").replace("%20", " ").replace("_", " ").replace("+", " ").replace("\0", "-")
