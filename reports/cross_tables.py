"""Cross-cuts of the catalog that somebody looks for by themselves: what is gone, persons, shared terms, credits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from domain.catalog import Source
from domain.deciding import Decision
from domain.vocabulary import Availability, Duty, PersonalData
from reports.acts import blocking, conditions
from reports.disputes import NOTHING_SAID
from reports.escape import Safe, listed, markdown, source_link
from reports.folding import Fold, fold
from reports.gate_words import gate_link
from reports.notice import DUTY_WORDS
from reports.words import count

_HOSTING = {
    Availability.WITHDRAWN: "withdrawn (no longer handed out; each source says on what evidence)",
    Availability.UNKNOWN: "gone or unknown (nobody saw the files)",
    Availability.FROZEN: "frozen (can be had, no new release)",
    Availability.ON_REQUEST: "on request",
}
_PERSONS = {
    PersonalData.SPECIAL: "special (sensitive things of persons)",
    PersonalData.IDENTIFYING: "identifying (persons by name)",
    PersonalData.PSEUDONYMOUS: "pseudonymous (events under chosen handles)",
}
_SHARED = (Duty.SHARE_ALIKE, Duty.COPYLEFT)


def hosting_rows(decisions: Sequence[Decision], sources: Mapping[str, Source]) -> tuple[Fold, ...]:
    """Every source that cannot simply be downloaded, by how it stands with its host."""
    by_status: defaultdict[Availability, list[Safe]] = defaultdict(list)
    for decision in decisions:
        hosting = sources[decision.source_id].availability
        if hosting is not None:
            by_status[hosting.status].append(source_link(decision.source_id))
    return tuple(
        fold(markdown("**{}**, {}", words, count(len(by_status[status]), "source")), by_status[status])
        for status, words in _HOSTING.items()
        if by_status[status]
    )


def person_rows(decisions: Sequence[Decision], sources: Mapping[str, Source]) -> tuple[Fold, ...]:
    """Sources that come near to persons, by how near, with the gates that say what is needed."""
    by_kind: defaultdict[PersonalData, list[Decision]] = defaultdict(list)
    for decision in decisions:
        privacy = sources[decision.source_id].privacy
        if privacy is not None:
            by_kind[privacy.personal_data].append(decision)
    rows = []
    for kind, words in _PERSONS.items():
        found = by_kind[kind]
        if not found:
            continue
        needs = {
            gate.gate: gate.closes
            for decision in found
            for gate in (*blocking(decision), *conditions(decision))
            if gate.gate.startswith("privacy_")
        }
        needed = listed((markdown("{} ({})", gate_link(n), what) for n, what in sorted(needs.items())), "nothing open")
        title = markdown("**{}**, {}; needs {}", words, count(len(found), "source"), needed)
        rows.append(fold(title, (source_link(d.source_id) for d in found)))
    return tuple(rows)


def shared_terms_rows(decisions: Sequence[Decision]) -> tuple[Fold, ...]:
    """Every license that passes its terms on, with its duty and the sources that carry it, each with its tier."""
    by_license: defaultdict[tuple[str, str], list[Decision]] = defaultdict(list)
    for decision in decisions:
        duties = [duty.value for duty in _SHARED if duty in decision.duties]
        if duties:
            concluded = decision.license_concluded
            license_id = f"{decision.license_declared} (declared)" if concluded == NOTHING_SAID else concluded
            by_license[license_id, ", ".join(duties)].append(decision)
    return tuple(
        fold(
            markdown("**{}**, {}, {}", license_id, duties, count(len(found), "source")),
            (markdown("{} ({})", source_link(d.source_id), d.tier) for d in found),
        )
        for (license_id, duties), found in sorted(by_license.items())
    )


def credit_words(decisions: Sequence[Decision]) -> tuple[Safe, ...]:
    """What a notice must hold for each duty that some source asks for."""
    asked: defaultdict[Duty, int] = defaultdict(int)
    for decision in decisions:
        for duty in decision.duties:
            asked[duty] += 1
    return tuple(
        markdown("{} ({}): {}", duty.value, count(asked[duty], "source"), DUTY_WORDS[duty])
        for duty in DUTY_WORDS
        if asked[duty]
    )
