"""Material edits of the recorded pages: by hand, in the words and links that state the terms there.

Each names the page by the end of its address and replaces words that must stand in its last recorded response.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.drift.model import MaterialKind

_BY = "https://creativecommons.org/licenses/by/4.0"
_BY_NC_SA = "https://creativecommons.org/licenses/by-nc-sa/4.0/"
_CC_BY_NAME = "Creative Commons Attribution 4.0 International License (CC BY 4.0)"
_FMA_LINE = f"* The metadata is released under the [{_CC_BY_NAME}][ccby40]."
_JAMENDO_LINE = f"* The metadata is licensed under a [CC BY-NC-SA 4.0]({_BY_NC_SA})."
_TACOS_LINE = f"* The metadata and the pre-extracted features are licensed under [CC BY-NC-SA 4.0]({_BY_NC_SA})"
_CC0_LINK = '<a href="http://creativecommons.org/publicdomain/zero/1.0/">Creative Commons Zero (CC0)</a>'
_CC0_ROW = f"{_CC0_LINK} for core data"
_YOUTUBE_BAN = "    1.  download, import, backup, cache, or store copies of YouTube audiovisual content"
_SOUNDCLOUD_RULE = "(iv) You must not employ scraping or similar techniques"
_LASTFM_BAN = "8.  Undertake any commercial purpose or activity without the prior written consent of Last.fm"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one recorded page: pairs of words before and after, each replaced once."""

    page: str
    kind: MaterialKind
    pairs: tuple[tuple[str, str], ...]
    direction: str | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """How a recorded page is watched. `raw` pages are files and have neither menu, banner nor counters."""

    page: str
    name: str
    layer: str
    role: str
    locator: tuple[tuple[str, str], ...] = ()
    raw: bool = False


PAGES: tuple[Recorded, ...] = (
    Recorded("COPYING-PublicDomain", "MusicBrainz", "metadata", "license", raw=True),
    Recorded("COPYING-CCShareAlike", "MusicBrainz supplementary", "metadata", "license", raw=True),
    Recorded("fma/master/README.md", "FMA", "metadata", "readme"),
    Recorded("mtg-jamendo-dataset/master/README.md", "MTG-Jamendo", "metadata", "readme"),
    Recorded("da-tacos/master/README.md", "Da-TACOS", "features", "readme"),
    Recorded("last.fm/legal/terms", "Last.fm", "api", "terms"),
    Recorded("api-services-terms-of-service", "YouTube", "api", "api_terms"),
    Recorded("listenbrainz-dumps.rst", "ListenBrainz", "behavior", "license", raw=True),
    Recorded(
        "datasets/postgres-dumps",
        "MusicBrainz",
        "metadata",
        "license",
        (("heading", "MusicBrainz PostgreSQL Data Dumps"), ("scope", "core data")),
    ),
    Recorded("soundcloud.com/terms-of-use", "SoundCloud", "api", "terms"),
)

EDITS: tuple[Edit, ...] = (
    Edit(
        "fma/master/README.md",
        MaterialKind.LICENSE_SWAPPED,
        (
            (_CC_BY_NAME, "Creative Commons Attribution-NonCommercial 4.0 International License (CC BY-NC 4.0)"),
            (_BY, "https://creativecommons.org/licenses/by-nc/4.0"),
        ),
        "tightened",
    ),
    Edit(
        "fma/master/README.md",
        MaterialKind.LINK_TARGET_ONLY,
        ((_BY, "https://creativecommons.org/licenses/by-nc/4.0"),),
        "tightened",
    ),
    Edit(
        "fma/master/README.md",
        MaterialKind.VERSION_ONLY,
        (
            (_CC_BY_NAME, "Creative Commons Attribution 3.0 Unported License (CC BY 3.0)"),
            (_BY, "https://creativecommons.org/licenses/by/3.0"),
        ),
        None,
    ),
    Edit(
        "fma/master/README.md",
        MaterialKind.CLAUSE_ADDED,
        ((_FMA_LINE, f"{_FMA_LINE} You may not use the metadata to train machine learning models."),),
        "tightened",
    ),
    Edit(
        "fma/master/README.md",
        MaterialKind.SCOPE_MOVED,
        ((_FMA_LINE, _FMA_LINE.replace("The metadata", "The audio")),),
        None,
    ),
    Edit(
        "mtg-jamendo-dataset/master/README.md",
        MaterialKind.LICENSE_SWAPPED,
        ((_JAMENDO_LINE, f"* The metadata is licensed under a [CC BY 4.0]({_BY}/)."),),
        "loosened",
    ),
    Edit(
        "mtg-jamendo-dataset/master/README.md",
        MaterialKind.LINK_TARGET_ONLY,
        ((_BY_NC_SA, "https://creativecommons.org/licenses/by-nc-nd/4.0/"),),
        None,
    ),
    Edit(
        "mtg-jamendo-dataset/master/README.md",
        MaterialKind.VERSION_ONLY,
        ((f"[CC BY-NC-SA 4.0]({_BY_NC_SA})", "[CC BY-NC-SA 3.0](https://creativecommons.org/licenses/by-nc-sa/3.0/)"),),
        None,
    ),
    Edit(
        "mtg-jamendo-dataset/master/README.md",
        MaterialKind.CLAUSE_ADDED,
        ((_JAMENDO_LINE, f"{_JAMENDO_LINE}\n* Training of machine learning models on the metadata is prohibited."),),
        "tightened",
    ),
    Edit("mtg-jamendo-dataset/master/README.md", MaterialKind.CLAUSE_REMOVED, ((f"{_JAMENDO_LINE}\n", ""),), None),
    Edit(
        "da-tacos/master/README.md",
        MaterialKind.LICENSE_SWAPPED,
        (
            (
                _TACOS_LINE,
                _TACOS_LINE.replace("BY-NC-SA", "BY-SA").replace("by-nc-sa", "by-sa"),
            ),
        ),
        "loosened",
    ),
    Edit(
        "da-tacos/master/README.md",
        MaterialKind.LINK_TARGET_ONLY,
        ((_BY_NC_SA, "https://creativecommons.org/licenses/by-nc-nd/4.0/"),),
        None,
    ),
    Edit(
        "da-tacos/master/README.md",
        MaterialKind.VERSION_ONLY,
        ((f"[CC BY-NC-SA 4.0]({_BY_NC_SA})", "[CC BY-NC-SA 3.0](https://creativecommons.org/licenses/by-nc-sa/3.0/)"),),
        None,
    ),
    Edit(
        "da-tacos/master/README.md",
        MaterialKind.SCOPE_MOVED,
        (("* The metadata and the pre-extracted features are licensed", "* The metadata is licensed"),),
        None,
    ),
    Edit(
        "datasets/postgres-dumps",
        MaterialKind.LICENSE_SWAPPED,
        (
            (
                _CC0_ROW,
                '<a href="http://creativecommons.org/licenses/by-nc/3.0/">CC Attribution-NonCommercial 3.0</a>'
                " for core data",
            ),
        ),
        "tightened",
    ),
    Edit(
        "datasets/postgres-dumps",
        MaterialKind.LINK_TARGET_ONLY,
        ((_CC0_ROW, _CC0_ROW.replace("publicdomain/zero/1.0", "licenses/by-nc/3.0")),),
        "tightened",
    ),
    Edit(
        "api-services-terms-of-service",
        MaterialKind.CLAUSE_ADDED,
        (
            (
                _YOUTUBE_BAN,
                "    1.  use API Data or audiovisual content to train machine learning models,\n"
                + _YOUTUBE_BAN.replace("1.", "2."),
            ),
        ),
        "tightened",
    ),
    Edit(
        "last.fm/legal/terms",
        MaterialKind.CLAUSE_ADDED,
        (
            (
                _LASTFM_BAN,
                "8.  Use any Content to train machine learning models or artificial intelligence systems;\n"
                + _LASTFM_BAN.replace("8.", "9."),
            ),
        ),
        "tightened",
    ),
    Edit(
        "soundcloud.com/terms-of-use",
        MaterialKind.CLAUSE_ADDED,
        (
            (
                _SOUNDCLOUD_RULE,
                "(iii-a) You must delete all Content you have downloaded when SoundCloud asks you to.\n\n"
                + _SOUNDCLOUD_RULE,
            ),
        ),
        "tightened",
    ),
    Edit(
        "listenbrainz-dumps.rst",
        MaterialKind.PERMISSION_GRANTED,
        (
            (
                "and the incremental data dumps twice a week.",
                "and the incremental data dumps twice a week. The dumps are released under the\n"
                "`Creative Commons Zero (CC0) license <https://creativecommons.org/publicdomain/zero/1.0/>`_.",
            ),
        ),
        "loosened",
    ),
    Edit(
        "COPYING-PublicDomain",
        MaterialKind.CLAUSE_ADDED,
        (("CC0 1.0 Universal\n", "CC0 1.0 Universal\n\nIn addition, commercial use of the data is not permitted.\n"),),
        "tightened",
    ),
    Edit(
        "COPYING-CCShareAlike",
        MaterialKind.CLAUSE_ADDED,
        (
            (
                "Attribution-NonCommercial-ShareAlike 3.0 US\n",
                "Attribution-NonCommercial-ShareAlike 3.0 US\n\n"
                "You may not use the data to train machine learning models.\n",
            ),
        ),
        "tightened",
    ),
)
