"""Several sources as one corpus: the answer, and the files that go with the corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.catalog import Catalog
from domain.vocabulary import Action, Tier
from flows.place_file import put_in_place
from reports.notice import Credited, credits_markdown, notice_text
from scoring.corpus import Corpus, joined
from scoring.expressions import license_ids
from scoring.item_table import license_page
from warehouse.query import Reader


@dataclass(frozen=True, slots=True)
class CorpusAnswer:
    """Whether a joined corpus has the tier asked for, and what it may be used for."""

    corpus: Corpus
    required: Tier

    @property
    def passes(self) -> bool:
        return self.corpus.tier.rank <= self.required.rank

    def shape(self) -> dict[str, object]:
        """The answer for programs."""
        corpus = self.corpus
        return {
            "sources": list(corpus.source_ids),
            "unknown": list(corpus.unknown),
            "passes": self.passes,
            "tier": corpus.tier.value,
            "required": self.required.value,
            "determination": corpus.determination.value,
            "expression": corpus.expression,
            "rights": {
                action.value: {
                    "value": right.value.value,
                    "purpose": right.purpose.value,
                    "assignee": right.assignee.value,
                }
                for action, right in corpus.rights
            },
            "duties": [duty.value for duty in corpus.duties],
            "share_alike_conflicts": [
                {"one": item.one, "other": item.other, "why": item.why} for item in corpus.conflicts
            ],
            "held_by": list(corpus.narrowest),
        }

    def lines(self) -> list[str]:
        """The answer for people."""
        corpus = self.corpus
        head = f"{'pass' if self.passes else 'FAIL'} joined: {corpus.tier.value}"
        if not self.passes:
            head += f", needs {self.required.value}"
        if corpus.narrowest:
            head += f"; held by {', '.join(corpus.narrowest)}"
        rights = []
        for action in Action:
            right = corpus.rights[action]
            limit = "" if right.purpose.value == "any" or not right.speaks else f" ({right.purpose.value})"
            rights.append(f"{action.value} {right.value.value}{limit}")
        return [
            head,
            f"license of the whole: {corpus.expression}; {corpus.determination.value}",
            f"rights: {', '.join(rights)}",
            f"duties: {', '.join(corpus.duties) or 'none'}",
            *(f"conflict: {item.one} with {item.other}: {item.why}" for item in corpus.conflicts),
            *(f"closed by: {gate.closes} ({gate.owner.value})" for gate in corpus.gates),
        ]


def combine_sources(
    warehouse: Path, source_ids: Sequence[str], required: Tier, *, at: datetime | None = None
) -> CorpusAnswer:
    """What the sources may be used for together."""
    with Reader.open(warehouse) as reader:
        decisions = reader.decisions(at)
    return CorpusAnswer(joined(source_ids, decisions), required)


def write_notice(
    warehouse: Path, answer: CorpusAnswer, catalog: Catalog, folder: Path, *, at: datetime | None = None
) -> tuple[Path, Path]:
    """Write NOTICE and CREDITS.md into a folder and return their paths."""
    with Reader.open(warehouse) as reader:
        decisions = reader.decisions(at)
    entries = {source.id: (provider, dataset, source) for provider, dataset, source in catalog.sources}
    credited = []
    for source_id in answer.corpus.source_ids:
        decision, entry = decisions.get(source_id), entries.get(source_id)
        credited.append(
            Credited(
                source_id=source_id,
                name=source_id if entry is None else entry[2].name or entry[1].name,
                publisher="unknown" if entry is None else entry[0].name or entry[0].provider,
                homepage=None if entry is None else entry[1].homepage or entry[0].homepage,
                license_url="" if decision is None else license_page(license_ids(decision.license_concluded)),
                decision=decision,
            )
        )
    notice, credits = folder / "NOTICE", folder / "CREDITS.md"
    put_in_place(notice, notice_text("NOTICE of a joined training corpus", answer.corpus.expression, credited))
    put_in_place(credits, credits_markdown(credited))
    return notice, credits
