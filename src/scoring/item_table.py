"""What single items of a table may be used for, judged by the spelling of their license.

A cell counts only when every word of it was understood: "CC BY" is a license, "not CC BY" and "CC BY
for the cover" are cells that name one. What is not understood wholly goes to the rest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never
from urllib.parse import urlsplit

from domain.catalog import Source
from domain.deciding import Decision, Gate
from domain.policy import Policy
from domain.reading import PerItem, Reading
from domain.rights import Rights
from domain.vocabulary import Determination, Duty, GateKind, Layer, Owner, Tier
from scoring.conclusion import Conclusion
from scoring.determination import breadth, determine, reasons
from scoring.expressions import NOASSERTION, NONE, license_terms
from scoring.gates import capped
from scoring.rights_gates import needs_rights_holder, rights_gates

LONGEST_SPELLING = 500
"""Longer cells are texts, not names of licenses, and are not read."""

_KEY = "License: "
_FILLING = frozenset(
    [
        "license",
        "licence",
        "licenses",
        "licenced",
        "licensed",
        "licensing",
        "under",
        "the",
        "a",
        "an",
        "is",
        "this",
        "track",
        "song",
        "recording",
        "work",
        "item",
        "file",
        "audio",
        "creative",
        "commons",
        "public",
        "deed",
        "legalcode",
        "and",
        "or",
    ]
)
_WORD_OR_SIGN = re.compile(r"[^\W_]+|[^\w\s.,;:()\[\]\"'/|&–-]")
_LICENSE_HOSTS = frozenset(
    [
        "creativecommons.org",
        "opendatacommons.org",
        "opendefinition.org",
        "spdx.org",
        "opensource.org",
        "gnu.org",
        "apache.org",
        "cdla.io",
        "cdla.dev",
        "artlibre.org",
    ]
)
_BARE_ATTRIBUTION = re.compile(r"attribution", re.I)
_ITS_SIBLINGS = re.compile(r"attribution[ -](?:non-?commercial|share|no-?deriv)", re.I)


class Part(StrEnum):
    """The parts into which an item table splits its source, widest first."""

    COMMERCIAL = "commercial"
    RESEARCH = "research"
    REST = "rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellingVerdict:
    """What one spelling comes to. `license` is an SPDX expression, `NOASSERTION` where the cell is not
    understood; `tier` is what the house may do with such an item, `why` what holds it back."""

    spelling: str
    license: str
    license_url: str
    determination: Determination
    part: Part
    tier: Tier
    why: tuple[str, ...]

    @property
    def allowed_envs(self) -> str:
        """The manifest's word for where the item may go; empty where it may go nowhere."""
        match self.tier:
            case Tier.PRODUCTION_APPROVED:
                return "both"
            case Tier.RESEARCH_ONLY:
                return "research"
            case Tier.BLOCKED:
                return ""
        assert_never(self.tier)


def text_to_read(spelling: str, column: Iterable[str]) -> str | None:
    """The text a reader is asked about for one cell; None for a cell that cannot name a license.

    `column` holds the spellings beside it: "Attribution" alone is a common word, and the Creative
    Commons license of that name only in a column that names its siblings.
    """
    words = spelling.strip()
    if not words or len(words) > LONGEST_SPELLING or any(_hidden(char) for char in words):
        return None
    if _BARE_ATTRIBUTION.fullmatch(words) and any(_ITS_SIBLINGS.search(other) for other in column):
        words = f"Creative Commons {words}"
    return _KEY + words


def judge_spelling(
    spelling: str, reading: Reading | None, policy: Policy, hold: Sequence[Gate] = ()
) -> SpellingVerdict:
    """The verdict on one spelling from the reading of `text_to_read` (None: there was nothing to read).

    `hold` are the gates that bind the source whatever its items say; see `source_hold`.
    """
    problem = _problem(spelling, reading)
    if problem or reading is None:
        return SpellingVerdict(
            spelling=spelling,
            license=NOASSERTION,
            license_url="",
            determination=Determination.PROHIBITED_UNCLEAR,
            part=Part.REST,
            tier=Tier.BLOCKED,
            why=(problem,),
        )
    return _verdict(spelling, reading.expression, reading.licenses, reading.rights, reading.duties, policy, hold)


def _verdict(
    spelling: str,
    expression: str,
    licenses: tuple[str, ...],
    rights: Rights,
    duties: tuple[Duty, ...],
    policy: Policy,
    hold: Sequence[Gate],
) -> SpellingVerdict:
    conclusion = Conclusion(rights=rights, duties=duties, licenses=licenses, expression=expression, authoritative=True)
    determination = determine(rights)
    if needs_rights_holder(conclusion, policy):
        # The publisher of the table repeats what an uploader claims of somebody's rights.
        determination = max(determination, Determination.RESEARCH_ONLY, key=breadth)
    gates = (*rights_gates(conclusion, _AN_ITEM, policy), *hold)
    tier = capped(gates)
    blocking = [gate.reason for gate in gates if gate.kind is GateKind.BLOCKING]
    return SpellingVerdict(
        spelling=spelling,
        license=expression,
        license_url=license_page(licenses),
        determination=determination,
        part=Part.REST if tier is Tier.BLOCKED else _part(determination),
        tier=tier,
        why=tuple(dict.fromkeys(blocking)) or reasons(rights),
    )


def judge_license(expression: str, policy: Policy, hold: Sequence[Gate] = ()) -> SpellingVerdict:
    """The verdict on an item by the SPDX expression a list gave it, as the house's policy is today. An
    expression that no family covers approves nothing."""
    terms = license_terms(expression, policy)
    return _verdict(expression, expression, terms.licenses, terms.rights, terms.duties, policy, hold)


def source_hold(decision: Decision | None) -> tuple[Gate, ...]:
    """The gates of a source that an item list does not lift: all that block but `item_allowlist`, which
    asks for the list. A source nobody decided about is not approved for production."""
    if decision is None:
        return (_UNDECIDED,)
    held = tuple(g for g in decision.gates if g.kind is GateKind.BLOCKING and g.gate != "item_allowlist")
    listed = any(gate.gate == "item_allowlist" for gate in decision.gates)
    if not listed and decision.tier is not capped(held):
        return (*held, _gate("source_tier", decision.tier, f"the source itself is {decision.tier.value}"))
    return held


def narrowness(verdict: SpellingVerdict) -> tuple[int, int, int, str, str]:
    """A key that grows as verdicts narrow: of two rows about one item the greater counts."""
    part = list(Part).index(verdict.part)
    return part, verdict.tier.rank, breadth(verdict.determination), verdict.license, verdict.spelling


def license_page(licenses: Sequence[str]) -> str:
    """The address of a single standard license's text; empty for several and for the rest."""
    if len(licenses) != 1:
        return ""
    name = licenses[0]
    if name == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    creative = re.fullmatch(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)(?:-([A-Z]{2,3}))?", name)
    if creative:
        port = f"{creative[3].lower()}/" if creative[3] else ""
        return f"https://creativecommons.org/licenses/{creative[1].lower()}/{creative[2]}/{port}"
    return "" if name.startswith("LicenseRef-") else f"https://spdx.org/licenses/{name}.html"


def _problem(spelling: str, reading: Reading | None) -> str:
    """Why a cell states no license for its item, in words; empty when it states one."""
    if not spelling.strip():
        return "no license is stated"
    if reading is None:
        return "the cell is no name of a license: too long, or it holds characters nobody sees"
    if "".join(spelling.split()) not in "".join(reading.text.split()):
        return "the reader left out a part of the cell"
    if reading.suspect or not reading.licenses or reading.expression in (NOASSERTION, NONE):
        return "the cell names no license we know"
    if reading.per_item is not PerItem.NO:
        return "the cell leaves the license to something else"
    if reading.contradictions:
        return "the cell names terms that cannot hold together"
    strangers = [url for url in re.findall(r"https?://\S+", reading.text) if not _of_license_host(url)]
    if strangers:
        return "the cell gives an address that is not a license's own"
    if left := _not_understood(reading):
        return f"the cell says more than a license: {' '.join(left)[:80]}"
    return ""


def _not_understood(reading: Reading) -> list[str]:
    """The words of the cell that belong to no license found in it and add something."""
    text = list(reading.text)
    for finding in reading.findings:
        if finding.license in reading.licenses:
            text[finding.start : finding.end] = " " * (finding.end - finding.start)
    rest = "".join(text).removeprefix(_KEY.strip())
    # "CC BY?" and "CC BY*" say something, too.
    return [word for word in _WORD_OR_SIGN.findall(rest) if word.lower() not in _FILLING]


def _of_license_host(url: str) -> bool:
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return False
    return host in _LICENSE_HOSTS


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _part(determination: Determination) -> Part:
    match determination:
        case Determination.PRODUCTION_COMMERCIAL:
            return Part.COMMERCIAL
        case Determination.RESEARCH_ONLY:
            return Part.RESEARCH
        case Determination.PROHIBITED_UNCLEAR:
            return Part.REST
    assert_never(determination)


def _gate(name: str, cap: Tier, reason: str) -> Gate:
    return Gate(
        name, GateKind.BLOCKING, cap, reason, "run `clearance run`, then `clearance items --source`", Owner.CLEARANCE
    )


_AN_ITEM = Source(id="item", layer=Layer.AUDIO)
_UNDECIDED = _gate("source_undecided", Tier.RESEARCH_ONLY, "no decision about the source stands behind the table")
