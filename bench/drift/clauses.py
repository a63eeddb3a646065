"""Clauses of custom terms: each with what it asks or grants, in several phrasings.

Slots: {data} and {Data} are the page's word for its data, {org} the publisher, {mail} its address.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. `asks` are restrictions and duties, `grants` what it allows; `undone_by` is the
    grant that replaces it when the publisher gives way."""

    asks: frozenset[str]
    grants: frozenset[str]
    texts: tuple[str, ...]
    undone_by: str | None = None


def _asks(what: str, *texts: str, undone_by: str | None = None) -> Clause:
    return Clause(frozenset({what}), frozenset(), texts, undone_by)


def _grants(what: str, *texts: str) -> Clause:
    return Clause(frozenset(), frozenset(what.split()), texts)


CLAUSES: dict[str, Clause] = {
    "no_commercial": _asks(
        "no:commercial",
        "Commercial use of {data} is not permitted.",
        "You may not use {data} for commercial purposes.",
        "Any commercial exploitation of {data} is prohibited.",
        "{Data} must not be used in commercial products or services.",
        undone_by="commercial_granted",
    ),
    "no_training": _asks(
        "no:train",
        "You may not use {data} to train machine learning models.",
        "Use of {data} for the training of artificial intelligence systems is prohibited.",
        "Training of machine learning models on {data} is not permitted.",
        "{Data} must not be used to train, fine-tune or otherwise develop machine learning models.",
        undone_by="training_granted",
    ),
    "no_redistribution": _asks(
        "no:redistribute",
        "Redistribution of {data}, in whole or in part, is prohibited.",
        "You may not redistribute {data} to third parties.",
        "You must not share {data} with anyone outside your organization.",
        undone_by="redistribution_granted",
    ),
    "no_derivatives": _asks(
        "no:derive",
        "You may not modify {data} or create derivative works from it.",
        "Derivative works based on {data} are not permitted.",
        "Adaptation of {data} is prohibited.",
        undone_by="derivatives_granted",
    ),
    "research_only": _asks(
        "only:research",
        "{Data} may be used for scientific research purposes only.",
        "Use of {data} is restricted to non-commercial scientific research.",
        "You may use {data} solely for scientific research.",
    ),
    "academic_only": _asks(
        "only:academic",
        "Access to {data} is granted only to researchers at academic institutions.",
        "{Data} may be used by academic institutions only.",
    ),
    "signature": _asks(
        "need:signature",
        "Access to {data} requires a signed data use agreement.",
        "Before access to {data} is granted, users must sign the data use agreement and return it to {mail}.",
    ),
    "no_reidentification": _asks(
        "duty:no_reidentification",
        "You must not attempt to identify individual persons in {data}.",
        "Users agree not to re-identify any individual whose information is contained in {data}.",
    ),
    "deletion": _asks(
        "duty:deletion_on_request",
        "You must delete all copies of {data} when {org} asks you to.",
        "Upon request by {org}, users must delete every copy of {data} in their possession.",
    ),
    "registration": _asks(
        "duty:register",
        "You must register with {org} before you download {data}.",
        "Registration is required before {data} can be downloaded.",
    ),
    "citation": _asks(
        "duty:attribution",
        "You must give credit to {org} in any publication or product that uses {data}.",
        "Attribution is required: every use of {data} must name {org} as the source.",
    ),
    "copying_granted": _grants(
        "reproduce derive",
        "You may copy, adapt and build upon {data}.",
        "Permission is granted to copy and modify {data}.",
        "Everyone is permitted to reproduce and to adapt {data}.",
    ),
    "commercial_granted": _grants(
        "commercial",
        "Commercial use of {data} is permitted.",
        "You may use {data} for commercial purposes.",
        "{Data} may be used in commercial products and services.",
    ),
    "training_granted": _grants(
        "train",
        "You may use {data} to train machine learning models.",
        "Training of machine learning models on {data} is permitted.",
        "{Data} may be used to train and fine-tune machine learning models.",
    ),
    "redistribution_granted": _grants(
        "redistribute",
        "You may redistribute {data}.",
        "Redistribution of {data}, in whole or in part, is permitted.",
        "You may share copies of {data} with third parties.",
    ),
    "derivatives_granted": _grants(
        "derive",
        "You may modify {data} and create derivative works from it.",
        "Derivative works based on {data} are permitted.",
        "Adaptation of {data} is permitted.",
    ),
}

RESTRICTIONS = tuple(name for name, clause in CLAUSES.items() if clause.asks)
# Beside a standard license: what publishers really add to one.
ADDITIONS = ("no_training", "no_reidentification", "deletion", "registration", "citation", "no_commercial")


def asked(names: tuple[str, ...]) -> frozenset[str]:
    """All that some clauses ask."""
    return frozenset[str]().union(*(CLAUSES[name].asks for name in names))
