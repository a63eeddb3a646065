"""Which rows of a corpus manifest may train a model, and which block its promotion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.deciding import Decision
from domain.policy import Policy
from domain.vocabulary import SpeaksFor, Tier
from flows.answer_gate import GateAnswer, gate_answers
from scoring.expressions import license_ids
from scoring.item_table import Part, judge_license, source_hold
from warehouse.manifest import Manifest, RowGroup
from warehouse.query import Reader

_ENVS = {
    Tier.PRODUCTION_APPROVED: frozenset({"production", "both"}),
    Tier.RESEARCH_ONLY: frozenset({"research", "both"}),
    Tier.BLOCKED: frozenset({"production", "research", "both"}),
}


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """What holds for all rows of one kind: whether they pass, why not, and what closes it."""

    group: RowGroup
    passes: bool
    reason: str
    closes: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class ManifestAnswer:
    """A model may be promoted when every row passes: one that does not keeps it back."""

    groups: tuple[GroupAnswer, ...]
    missing_columns: tuple[str, ...]
    required: Tier

    @property
    def rows(self) -> int:
        return sum(answer.group.rows for answer in self.groups)

    @property
    def rows_blocking(self) -> int:
        return sum(answer.group.rows for answer in self.groups if not answer.passes)

    @property
    def passes(self) -> bool:
        """No row at all is no corpus, and no corpus passes."""
        return self.rows > 0 and self.rows_blocking == 0

    def shape(self) -> dict[str, object]:
        """The answer for programs."""
        return {
            "passes": self.passes,
            "required": self.required.value,
            "rows": self.rows,
            "rows_passing": self.rows - self.rows_blocking,
            "rows_blocking": self.rows_blocking,
            "missing_columns": list(self.missing_columns),
            "groups": [
                {
                    "source": answer.group.source,
                    "license": answer.group.license,
                    "allowed_envs": answer.group.allowed_envs,
                    "listed": answer.group.listed,
                    "rows": answer.group.rows,
                    "first_row": answer.group.first_row,
                    "passes": answer.passes,
                    "reason": answer.reason,
                    "closes": answer.closes,
                    "owner": answer.owner,
                }
                for answer in self.groups
            ],
        }


def answer_manifest(
    warehouse: Path,
    manifest: Path,
    required: Tier,
    policy: Policy,
    *,
    at: datetime | None = None,
    acquired_at: datetime | None = None,
    rows_to: Path | None = None,
    items: Path | None = None,
) -> ManifestAnswer:
    """Judge every row of a manifest by its source, its own license and its environments. `rows_to`: a
    CSV file for the numbers of the rows that block, with why. `items` is the folder with the lists that
    `clearance items` made of sources whose items carry their own licenses: a row of such a part must be on
    its list."""
    with Manifest.open(manifest, rows_to=rows_to, lists=lists_in(items)) as opened:
        groups = opened.groups()
        sources = tuple(dict.fromkeys(group.source for group in groups))
        answers = {
            answer.source_id: answer
            for answer in gate_answers(warehouse, sources, required, policy, at=at, acquired_at=acquired_at)
        }
        with Reader.open(warehouse) as reader:
            decisions = dict(reader.decisions(at))
            if acquired_at is not None:
                # A copy kept under its old license carries that license's name.
                then = reader.decisions(acquired_at)
                decisions |= {
                    s: then[s] for s, answer in answers.items() if answer.passes and answer.reason and s in then
                }
        judged = tuple(
            _judged_item(group, *part, policy, required)
            if group.source not in decisions and (part := _part_of(group.source, decisions)) is not None
            else _judged(group, answers[group.source], decisions, required)
            for group in groups
        )
        if rows_to is not None:
            verdicts = {answer.group: answer.reason for answer in judged if not answer.passes}
            opened.write_rows(verdicts, rows_to)
        return ManifestAnswer(judged, opened.missing, required)


def lists_in(folder: Path | None) -> dict[str, Path]:
    """The lists that `clearance items` wrote into a folder, by the part they are of. The rest has none."""
    if folder is None or not folder.is_dir():
        return {}
    return {
        f"{path.name.removesuffix(f'.{part.value}.csv')}:{part.value}": path
        for part in (Part.COMMERCIAL, Part.RESEARCH)
        for path in sorted(folder.glob(f"*.{part.value}.csv"))
    }


def _part_of(source: str, decisions: Mapping[str, Decision]) -> tuple[Part, Decision] | None:
    """The part a row names and the decision about the source it was split from; None where either is unknown."""
    base, _, word = source.rpartition(":")
    part = next((part for part in Part if part.value == word), None)
    return None if part is None or base not in decisions else (part, decisions[base])


def _judged_item(group: RowGroup, part: Part, source: Decision, policy: Policy, required: Tier) -> GroupAnswer:
    """A row of a part: on the part's list, of a license that belongs there, and of a source that nothing
    but the missing list held back."""
    if part is Part.REST:
        why = "the row is of the rest, whose items carry no license that permits the use"
        return GroupAnswer(group, False, why, "leave the row out", "engineering")
    if not group.listed:
        why = f"the row is not on the list of {group.source}, with this license and these environments"
        closes = f"make the list with `clearance items --source {source.source_id}` and take the row from it"
        return GroupAnswer(group, False, why, closes, "engineering")
    verdict = judge_license(group.license, policy, source_hold(source))
    if verdict.part is not part:
        why = f"the row's license is none of {group.source}: {verdict.why[0] if verdict.why else verdict.license}"
        return GroupAnswer(group, False, why, "make the lists again, and take the row from them", "engineering")
    if verdict.tier.rank > required.rank:
        return GroupAnswer(group, False, f"the item may not: {'; '.join(verdict.why)}", "see `clearance show`", "legal")
    if group.allowed_envs not in _ENVS[required]:
        return _wrong_envs(group)
    return GroupAnswer(group, True, "")


def _wrong_envs(group: RowGroup) -> GroupAnswer:
    said = f"only “{group.allowed_envs}”" if group.allowed_envs else "nothing"
    closes = "ingest the row again from the policy file's allowed_envs, or leave it out"
    return GroupAnswer(group, False, f"the row's allowed_envs say {said}", closes, "engineering")


def _judged(group: RowGroup, answer: GateAnswer, decisions: Mapping[str, Decision], required: Tier) -> GroupAnswer:
    if not answer.passes:
        return GroupAnswer(group, False, f"the source may not: {answer.reason}", answer.closes, answer.owner)
    if group.allowed_envs not in _ENVS[required]:
        return _wrong_envs(group)
    wrong = _license_fault(group.license, decisions[group.source])
    if wrong:
        closes = "find out which license the item carries, and leave the row out until then"
        return GroupAnswer(group, False, wrong, closes, "engineering")
    return GroupAnswer(group, True, "")


def _license_fault(said: str, decision: Decision) -> str:
    """Why a row's own license keeps it out; missing, unknown and conflicting rights all do."""
    named = {license_id.casefold() for license_id in license_ids(said)}
    if not named:
        return "the row names no license"
    if decision.authority is SpeaksFor.HOUSE:
        return ""
    known = {license_id.casefold() for license_id in license_ids(decision.license_concluded)}
    if named != known:
        return f"the row's license is not the source's, {decision.license_concluded}"
    return ""
