"""A person's judgment asked for in Prefect's interface, and filed as `clearance review` files it.

The run suspends itself while nobody answers: it holds no process, and a restart of the service loses nothing.
When it goes on it starts from the top, so what was answered before, and refused, is noted with the run.
"""

from __future__ import annotations

from copy import copy
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.flow_runs import suspend_flow_run
from prefect.input.actions import create_flow_run_input, read_flow_run_input
from prefect.input.run_input import RunInput
from prefect.logging import get_run_logger
from pydantic import Field, StringConstraints, ValidationError, create_model

from catalog import load_catalog
from domain.deciding import Decision
from domain.errors import InvalidInput
from flows.drift_run import SourceId
from flows.file_review import Filed, file_review, judgment
from reports.escape import code, markdown, md
from scoring.reviews import may_close
from warehouse.publish import read_copy_path
from warehouse.query import Reader

_LISTED = 50

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
"""What must be said. A form hands in an empty field as an empty string."""

Perhaps = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class ReviewForm(RunInput):
    """What a person fills in; the fields are the options of `clearance review`."""

    decision: Literal["file", "decline"] = Field(
        "file", description="file: the judgment is written down. decline: nothing is, and the run ends."
    )
    source: SourceId = Field(description="The source judged.")
    role: Words = Field(description="In which role: owner, counsel, product, privacy, …")
    by: Words = Field(description="Who judges.")
    reason: Words = Field(description="Why, in a sentence.")
    closes: list[str] = Field(default=[], description="The gates it closes.")
    quote: Perhaps = Field("", description="The sentence of the page it rests on.")
    scope: Perhaps = Field("", description="For which part or use.")
    expires: date | None = Field(None, description="The last day on which it counts.")


@flow(name="review", persist_result=False)
def ask_review(
    source: SourceId | None = None,
    closes: list[str] | None = None,
    catalog: str = "catalog",
    policy: str = "policy",
    warehouse: str = ".clearance/clearance.duckdb",
    wait_days: Annotated[float, Field(gt=0, le=365)] = 30.0,
) -> str | None:
    """Wait for a person's judgment, file it under the catalog's reviews and decide by it.

    `source` and `closes` are what the form shows as filled in. Returns the file's path, None when the person
    declined. What is wrong is said above the form, which is then asked again. `wait_days` is how long an answer
    can be given.
    """
    if source is not None and source not in {known.id for _, _, known in load_catalog(Path(catalog)).sources}:
        raise InvalidInput(f"no source is called {source}: `clearance status` lists them all")
    shown: dict[str, Any] = {"source": source, "closes": closes}
    waits = words_of_waiting(Path(warehouse), source)
    wrong, attempt = "", 0
    while True:
        attempt += 1
        form = _filled({key: value for key, value in shown.items() if value is not None}, wrong, waits)
        try:
            answer = suspend_flow_run(wait_for_input=form, timeout=int(wait_days * 86_400), key=f"answer-{attempt}")
        except ValidationError as error:
            # The server checks the form's types; what is more than a type, only here.
            wrong = "; ".join(f"{problem['loc'][-1]}: {problem['msg']}" for problem in error.errors())
            continue
        shown |= answer.model_dump(exclude_unset=True)
        # Said again when the run starts again, and not judged again: the pages may have changed meanwhile.
        told = read_flow_run_input(f"refused-{attempt}")
        if told is not None:
            wrong = str(told)
            continue
        if answer.decision == "decline":
            get_run_logger().info("declined: nothing was filed")
            return None
        try:
            filed = _file(answer, catalog, policy, warehouse)
        except InvalidInput as error:
            wrong = str(error)
            create_flow_run_input(f"refused-{attempt}", wrong)
            get_run_logger().warning(f"not filed: {wrong}")
            continue
        get_run_logger().info(filed.words)
        create_markdown_artifact(md(filed.words), key="review", description=answer.source)
        return str(filed.path)


def _file(answer: ReviewForm, catalog: str, policy: str, warehouse: str) -> Filed:
    review = judgment(
        answer.source,
        role=answer.role,
        by=answer.by,
        reason=answer.reason,
        closes=answer.closes,
        quote=answer.quote or None,
        scope=answer.scope or None,
        expires=answer.expires,
    )
    return file_review(Path(catalog), Path(policy), Path(warehouse), review, get_run_logger().info)


def _filled(shown: dict[str, Any], wrong: str, waits: str) -> type[ReviewForm]:
    """The form with fields filled in. Prefect's own way to do so drops their constraints."""
    fields: dict[str, Any] = {}
    for name, value in shown.items():
        field = copy(ReviewForm.model_fields[name])
        field.default = value
        fields[name] = (field.annotation, field)
    form = create_model("ReviewForm", __base__=ReviewForm, **fields)
    form._description = (markdown("**Not filed: {}**\n\n", wrong) if wrong else "") + waits
    return form


def words_of_waiting(warehouse: Path, source: str | None) -> str:
    """As Markdown: the gates that a review may close, and in which role; of one source, or of all."""
    if not read_copy_path(warehouse).is_file():
        return "Nothing was decided yet: what a review would close shows after the first run."
    with Reader.open(warehouse) as reader:
        decisions = reader.decisions()
    lines = [line for name, made in sorted(decisions.items()) if source in (None, name) for line in _gates(made)]
    if not lines:
        return "No gate is open that a review closes."
    more = [f"- and {len(lines) - _LISTED} more: `clearance status`"] if len(lines) > _LISTED else []
    return "\n".join(["Open, and closed by a review:", "", *lines[:_LISTED], *more])


def _gates(decision: Decision) -> list[str]:
    return [
        markdown(
            "- {} ({}): {} Gate {}, closed by {}",
            decision.source_id,
            decision.tier.value,
            gate.reason,
            code(gate.gate),
            "anyone" if roles is None else " or ".join(sorted(roles)),
        )
        for gate in decision.gates
        if (roles := may_close(gate)) is None or roles
    ]
