"""The policy's files: what is refused, and what the shipped ones must hold."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from catalog import load_policy
from domain.errors import InvalidInput
from domain.vocabulary import Application, Assignee, DerivationFlow, Duty, EffortPart, GateKind, Owner, Tier

SHIPPED = Path(__file__).parents[2] / "policy"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED, tmp_path / "policy")
    return tmp_path / "policy"


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("house.yaml", "  attribution: false\n", "", "capabilities do not mention 'attribution'. Add it"),
        ("house.yaml", "  attribution:", "  attributions:", "no duty is called 'attributions'. Write one of"),
        ("house.yaml", "attribution: false", "attribution: no", "attribution must be true or false, not 'no'"),
        (
            "house.yaml",
            "assignee: anyone",
            "assignee: anyon",
            "assignee cannot be 'anyon': did you mean 'anyone'?",
        ),
        ("house.yaml", "evidence_max_age_days: 180", "evidence_max_age_days: 0", "must be at least 1"),
        ("house.yaml", "confirm_after: 30", "confirm_after: -1", "confirm_after cannot be negative"),
        ("families.yaml", "[CC0-1.0, PDDL-1.0]", '["*"]', "a pattern must begin with the license's name"),
        ("families.yaml", "commercial_use: permitted", "commercial_use: contradictory", "does not contradict itself"),
        ("families.yaml", "id: odc_by", "id: odbl", "family 'odbl' is there twice"),
        ("families.yaml", "conditions: [attribution]}", "conditions: []}", "a conditional right needs its conditions"),
        ("gates.yaml", "id: authority", "id: determination", "gate 'determination' is there twice"),
        ("gates.yaml", '{detail}."', '{details}."', "reason names {details}, which nobody fills"),
        ("gates.yaml", '{detail}."', '{detail."', "reason has a brace without its partner"),
        ("gates.yaml", "caps_at: research_only", "caps_at: production_approved", "production_approved is no cap"),
        ("gates.yaml", "kind: condition", "kind: condition\n    caps_at: blocked", "a condition caps nothing"),
        ("effort.yaml", "low: 0.5, likely: 1, high: 2,", "low: 2, likely: 1, high: 3,", "days must rise"),
        ("effort.yaml", "low: 0.5, likely: 1, high: 2,", "low: 2, likely: 3, high: 3,", "less than twice low"),
        ("effort.yaml", " fact: access,", "", "driver 'open_download' does not say its fact. Add `fact:`"),
        ("phases.yaml", '  content_embedding: "2"\n', "", "content_embedding is in no phase"),
        ("phases.yaml", 'content_embedding: "2"', 'content_embedding: "9"', "content_embedding is in no phase"),
        ("alerts.yaml", "[all]", "[]", "somebody must hear of what no route takes"),
        ("alerts.yaml", "[all]", "[Legal Team]", "'Legal Team' is no name of a channel"),
        ("alerts.yaml", "routes: []", "routes: [{id: x, kinds: [gone], channels: [a]}]", "kinds cannot be 'gone'"),
        ("alerts.yaml", "routes: []", "routes: [{id: x, owners: [lena], channels: []}]", "route 'x' leads nowhere"),
        ("alerts.yaml", "routes: []", "routes: [{id: x, channels: [a]}]", "route 'x' takes everything"),
        ("alerts.yaml", "routes: []", "routes: [{id: x, channel: [a]}]", "channel"),
        ("phases.yaml", '- id: "0b"', '- id: "0"', "phase '0' is there twice"),
    ],
)
def test_mistakes_are_told_with_file_and_line(folder: Path, name: str, old: str, new: str, told: str) -> None:
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(InvalidInput, match=rf"{name}:\d+: ") as caught:
        load_policy(folder)
    assert told in str(caught.value)


def test_a_file_that_is_missing_and_one_that_nobody_reads_are_told(folder: Path) -> None:
    (folder / "gates.yaml").rename(folder / "gate.yaml")
    with pytest.raises(InvalidInput) as caught:
        load_policy(folder)
    first, second = str(caught.value).splitlines()
    assert first.endswith("gate.yaml: is no file of a policy. The policy reads only alerts.yaml, effort.yaml, "
                          "families.yaml, gates.yaml, house.yaml, phases.yaml")  # fmt: skip
    assert "gates.yaml: cannot be read" in second


def test_who_hears_of_what_is_no_matter_of_the_policys_version_and_may_be_left_out(folder: Path) -> None:
    before = load_policy(folder)
    (folder / "alerts.yaml").write_text("default: [legal]\n", encoding="utf-8")
    routed = load_policy(folder)
    (folder / "alerts.yaml").unlink()
    bare = load_policy(folder)
    assert before.sha256 == routed.sha256 == bare.sha256
    assert (routed.alerts.default, bare.alerts) == (("legal",), before.alerts)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no such policy folder"):
        load_policy(tmp_path / "nowhere")


def test_the_version_follows_the_bytes(folder: Path) -> None:
    before = load_policy(folder).sha256
    with (folder / "house.yaml").open("a") as file:
        file.write("# a remark\n")
    assert load_policy(folder).sha256 != before


def test_the_house_is_a_company_without_an_attribution_path() -> None:
    house = load_policy(SHIPPED).house
    assert house.assignee is Assignee.ANYONE
    assert set(house.capabilities) == {duty.value for duty in Duty}
    assert house.capabilities["attribution"] is False
    assert house.capabilities["notice"] is True
    assert house.widening_needs_review is True


BLOCKING = {
    "determination": None,
    "contradiction": None,
    "change_unconfirmed": None,
    "authority": Tier.RESEARCH_ONLY,
    "copyleft_counsel": Tier.RESEARCH_ONLY,
    "evidence_grade": Tier.RESEARCH_ONLY,
    "evidence_stale": Tier.RESEARCH_ONLY,
    "item_allowlist": Tier.RESEARCH_ONLY,
    "needs_capability": Tier.RESEARCH_ONLY,
    "no_benefit": Tier.RESEARCH_ONLY,
    "not_looked_at": Tier.RESEARCH_ONLY,
    "production_requires_review": Tier.RESEARCH_ONLY,
    "reservation": Tier.RESEARCH_ONLY,
    "share_alike_scope": Tier.RESEARCH_ONLY,
    "upstream_trained_on": Tier.RESEARCH_ONLY,
    "widening_unreviewed": Tier.RESEARCH_ONLY,
    "not_eligible": Tier.BLOCKED,
    "privacy_assessment": Tier.BLOCKED,
    "use_restrictions": Tier.BLOCKED,
    "withdrawn": Tier.BLOCKED,
    "upstream_copies": None,
    "upstream_filters": None,
    "upstream_joins": None,
}
CONDITIONS = {
    "database_right",
    "entitlement_scope",
    "review_scope",
    "privacy_pseudonymous",
    "stated_intent",
    "support_requested",
    "upstream_annotates",
    "upstream_computed_from",
    "upstream_imported_via_api",
    "watch_failing",
    "watch_unstable",
}


def test_gates_cap_where_the_design_says() -> None:
    gates = load_policy(SHIPPED).gates
    assert {name: rule.caps_at for name, rule in gates.items() if rule.kind is GateKind.BLOCKING} == BLOCKING
    assert {name for name, rule in gates.items() if rule.kind is GateKind.CONDITION} == CONDITIONS


def test_every_flow_that_can_bind_has_a_gate() -> None:
    flows = {flow for flow in DerivationFlow if f"upstream_{flow}" not in load_policy(SHIPPED).gates}
    assert flows == {DerivationFlow.LINKS}


def test_every_gate_names_one_act() -> None:
    for rule in load_policy(SHIPPED).gates.values():
        assert rule.closes[0].islower(), rule.id
        assert not rule.closes.endswith("."), rule.id


def test_what_only_lawyers_can_close_is_theirs() -> None:
    gates = load_policy(SHIPPED).gates
    for name in ("share_alike_scope", "copyleft_counsel", "production_requires_review", "privacy_assessment"):
        assert gates[name].owner is Owner.LEGAL


def test_effort_has_drivers_in_every_part_and_none_too_sure() -> None:
    drivers = load_policy(SHIPPED).effort
    assert {driver.part for driver in drivers if driver.when == "always"} == set(EffortPart)
    assert all(driver.high >= 2 * driver.low for driver in drivers)
    assert len({driver.reason for driver in drivers}) == len(drivers)


def test_phases_stand_in_order_and_every_application_has_one() -> None:
    policy = load_policy(SHIPPED)
    assert [phase.id for phase in policy.phases] == ["0", "0b", "1", "2", "3", "4"]
    assert policy.application_phase[Application.METADATA_GRAPH] == "0"
    assert policy.application_phase[Application.COOCCURRENCE_BEHAVIORAL] == "1"
    assert policy.application_phase[Application.OFFLINE_EVALUATION] == "1"
    assert policy.application_phase[Application.CONTENT_EMBEDDING] == "2"


def test_loading_a_policy_needs_no_heavy_library() -> None:
    code = (
        "import sys; from pathlib import Path; from catalog import load_policy; load_policy(Path(sys.argv[1]));"
        "print(*({'pydantic', 'license_expression', 'soupsieve', 'bs4'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(SHIPPED)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
