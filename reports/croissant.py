"""A Croissant 1.1 description a source: its license, and what it may be used for, for any reader of the format.

`license` is what we conclude; `usageInfo` says in ODRL what the house may do with it and what stands in
between, and in DUO terms where a limit has one. No files are listed: we describe data, we do not hold it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from domain.catalog import Dataset, Provider, Source
from domain.deciding import Decision
from domain.probing import DatasetFact
from domain.rights import Right
from domain.vocabulary import Action, Duty, Purpose
from reports.acts import blocking, conditions
from reports.escape import plain
from reports.json_ld import first_address
from reports.policy_file import allowed_envs

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
_CONTEXT: dict[str, object] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "prov": "http://www.w3.org/ns/prov#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "duo": "http://purl.obolibrary.org/obo/DUO_",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "citeAs": "cr:citeAs",
    "isLiveDataset": "cr:isLiveDataset",
    "recordSet": "cr:recordSet",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "sha256": "cr:sha256",
}
_ACTIONS = {
    Action.REPRODUCE: "odrl:reproduce",
    Action.DERIVE: "odrl:derive",
    Action.REDISTRIBUTE: "odrl:distribute",
    Action.COMMERCIAL_USE: "odrl:commercialize",
}
_DUTIES = {Duty.ATTRIBUTION: "odrl:attribute", Duty.SHARE_ALIKE: "odrl:shareAlike", Duty.PAY: "odrl:compensate"}


def croissant(
    decision: Decision,
    entry: tuple[Provider, Dataset, Source] | None,
    facts: Sequence[DatasetFact],
    license_url: str,
    *,
    created: datetime,
) -> dict[str, object]:
    """The document of one source, ready for `json.dumps`. `facts` are those of this source, `license_url`
    the page of its license (empty: the SPDX expression stands as text)."""
    provider, dataset, source = entry if entry is not None else (None, None, None)
    name = (source.name if source else None) or (dataset.name if dataset else None) or decision.source_id
    homepages = (dataset.homepage if dataset else None, provider.homepage if provider else None)
    measured = {fact.name: fact for fact in facts}
    released = measured.get("newest_release")
    publisher = None if provider is None else provider.name or provider.provider
    document: dict[str, object] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": re.sub(r"[^A-Za-z0-9_.-]+", "-", decision.source_id),
        "alternateName": plain(name),
        "description": f"{plain(name)} ({decision.layer}), as assessed for training",
        "url": first_address(*homepages, *(item.url for item in decision.evidence)),
        "license": license_url or plain(decision.license_concluded),
        "creditText": plain(f"{name} by {publisher}, {decision.license_concluded}") if publisher else "",
        "creator": {"@type": "sc:Organization", "name": plain(publisher)} if publisher else "",
        "datePublished": released.value if released is not None and _is_day(released.value) else "",
        "version": _version(measured),
        "sdDatePublished": created.astimezone(UTC).date().isoformat(),
        "identifier": plain(decision.source_id),
        "usageInfo": [_offer(decision), *_terms(decision)],
        "conditionsOfAccess": "" if source is None or source.access is None else source.access.value,
        "isLiveDataset": "cadence_days" in measured,
    }
    return {key: value for key, value in document.items() if value != ""}


def _offer(decision: Decision) -> dict[str, object]:
    """What the terms permit and prohibit, and what the house makes of them. Silence is neither."""
    permitted, prohibited = [], []
    for action, name in _ACTIONS.items():
        right = decision.rights[action]
        if right.usable:
            permitted.append(_rule(name, right))
        elif right.speaks:
            prohibited.append({"odrl:action": {"@id": name}})
    training = decision.rights.train_model
    entry: dict[str, object] = {
        "@type": "odrl:Offer",
        "name": f"rights of {plain(decision.source_id)}",
        "description": plain(
            f"tier {decision.tier.value}; determination {decision.determination.value}; training is "
            f"{training.value.value}; allowed environments: {allowed_envs(decision.tier)}; "
            f"SPDX {decision.license_concluded}"
        ),
        "odrl:permission": permitted,
        "odrl:prohibition": prohibited,
        "odrl:obligation": [{"odrl:action": {"@id": _DUTIES[duty]}} for duty in decision.duties if duty in _DUTIES],
    }
    held = [f"{gate.gate}: {gate.closes}" for gate in (*blocking(decision), *conditions(decision))]
    if held:
        entry["disambiguatingDescription"] = plain("; ".join(held))
    return {key: value for key, value in entry.items() if value != []}


def _rule(name: str, right: Right) -> dict[str, object]:
    rule: dict[str, object] = {"odrl:action": {"@id": name}}
    if right.purpose is not Purpose.ANY:
        rule["odrl:constraint"] = {
            "odrl:leftOperand": {"@id": "odrl:purpose"},
            "odrl:operator": {"@id": "odrl:eq"},
            "odrl:rightOperand": right.purpose.value,
        }
    return rule


def _terms(decision: Decision) -> list[dict[str, object]]:
    """The DUO terms for limits that have one."""
    found = []
    training = decision.rights.train_model
    commercial = decision.rights.commercial_use
    if (commercial.speaks and not commercial.usable) or training.purpose is Purpose.NON_COMMERCIAL:
        found.append(("DUO_0000018", "not for profit, non commercial use only"))
    if training.purpose is Purpose.SCIENTIFIC_RESEARCH:
        found.append(("DUO_0000042", "general research use"))
    return [
        {"@type": "DefinedTerm", "name": words, "termCode": code, "url": f"duo:{code.removeprefix('DUO_')}"}
        for code, words in found
    ]


def _version(measured: dict[str, DatasetFact]) -> str:
    fact = measured.get("revision")
    return "" if fact is None else plain(fact.value)


def _is_day(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is not None
