"""The table of what the shipped policy makes of the terms that are met most. Run it to write it into
`docs/policy.md`."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from scoring_cases import NOW, claim, judge, seen, source, watch

from catalog import load_policy
from domain.catalog import Derivation, Privacy, Source
from domain.deciding import Decision
from domain.vocabulary import DerivationFlow, GateKind, Layer, PersonalData, SpeaksFor
from terms.reader import Reader

ROOT = Path(__file__).parents[2]
POLICY = load_policy(ROOT / "policy")
DOCUMENT = ROOT / "docs" / "policy.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


@dataclass(frozen=True)
class Case:
    """What the publisher's page says, and what is peculiar about the source."""

    name: str
    words: str
    source: Source = field(default_factory=source)
    speaks_for: SpeaksFor = SpeaksFor.PUBLISHER


def _license(name: str) -> str:
    return f"The dataset is licensed under {name}."


def _trained(prohibits: bool) -> Source:
    derived = Derivation(
        upstream="crawled audio", flow=DerivationFlow.TRAINED_ON, note="", upstream_prohibits=prohibits
    )
    return source(layer=Layer.MODEL_WEIGHTS, derivation=(derived,))


_RESEARCH = "The dataset may be used for non-commercial research purposes only. Commercial use is prohibited."
_PER_ITEM = "Each track is licensed under the license chosen by its artist."

CASES = (
    Case("CC0", _license("CC0 1.0")),
    Case("PDDL", _license("the Open Data Commons Public Domain Dedication and License (PDDL) v1.0")),
    Case("CC BY 4.0", _license("CC BY 4.0")),
    Case("CC BY 3.0 on a database", _license("CC BY 3.0")),
    Case("CC BY-SA 4.0", _license("CC BY-SA 4.0")),
    Case("ODbL", _license("the Open Database License (ODbL) v1.0")),
    Case("CC BY-ND 4.0", _license("CC BY-ND 4.0")),
    Case("CC BY-NC 4.0", _license("CC BY-NC 4.0")),
    Case("CC BY-NC-ND 4.0", _license("CC BY-NC-ND 4.0")),
    Case("GPL on data", _license("the GNU General Public License v3.0")),
    Case("MIT on data", _license("the MIT License")),
    Case("RAIL", "The model is licensed under the CreativeML Open RAIL-M license.", source(layer=Layer.MODEL_WEIGHTS)),
    Case("custom, research only", _RESEARCH),
    Case("academic only", "The dataset is available for academic institutions only, for research purposes."),
    Case("silent", "Welcome to the dataset. It lists four hundred songs."),
    Case("license of every item, least unknown", _PER_ITEM),
    Case(
        "license of every item, each for research at least",
        _PER_ITEM,
        source(claim("NOASSERTION", per_item=True, per_item_floor_research=True), layer=Layer.AUDIO),
    ),
    Case(
        "personal data under CC0",
        _license("CC0 1.0"),
        source(privacy=Privacy(personal_data=PersonalData.IDENTIFYING, note="Names and private lives.")),
    ),
    Case("weights, training audio silent", "The model weights are licensed under the MIT License.", _trained(False)),
    Case("weights, training audio forbidden", "The model weights are licensed under the MIT License.", _trained(True)),
    Case("CC0 as a redistributor's tag", _license("CC0 1.0"), speaks_for=SpeaksFor.REDISTRIBUTOR),
)


def decision_of(case: Case) -> Decision:
    """What the shipped policy decides of the case, looked at yesterday."""
    reading = Reader(POLICY.families).read_text(case.words, "text/plain")
    about = replace(case.source, watches=(watch(speaks_for=case.speaks_for),))
    return judge(about, seen(reading, speaks_for=case.speaks_for), house=POLICY, now=NOW)


def row(case: Case) -> tuple[str, str, str, str]:
    """Input, tier, gates (conditions in parentheses), reasons: those of the gates that cap narrowest."""
    decision = decision_of(case)
    gates = [gate.gate if gate.kind is GateKind.BLOCKING else f"({gate.gate})" for gate in decision.gates]
    capping = [gate for gate in decision.gates if gate.caps_at is decision.tier]
    reason = " ".join(_sentence(gate.reason) for gate in capping) or decision.reasons[0]
    return case.name, decision.tier.value, ", ".join(gates) or "none", reason


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def table() -> str:
    """The table as Markdown."""
    lines = ["| input | tier | gates (conditions in parentheses) | reason |", "| --- | --- | --- | --- |"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row(case))} |" for case in CASES]
    return "\n".join(lines)


def with_table(document: str) -> str:
    """The document with the table as it is today between its marks."""
    before, rest = document.split(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    DOCUMENT.write_text(with_table(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT.name} holds the table of today\n")
