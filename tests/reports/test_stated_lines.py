"""What machines state, beside what was concluded and measured; where they disagree the document says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assessment_rows import CATALOG, LOOKED, fact, render, sections

from domain.catalog import Catalog, StatedFacts
from domain.claims import (
    ClaimScope,
    LicenseClaim,
    MachineWords,
    Reservation,
    ReservationState,
    StatedLicense,
)


def licensed(raw: str, read_as: str, scope: ClaimScope = ClaimScope.DATA) -> dict[str, MachineWords]:
    claim = LicenseClaim("graph_core", raw, None, scope, "license", "https://hub.example/api", LOOKED)
    return {"graph_core": MachineWords((StatedLicense(claim, read_as),))}


def core(document: str) -> str:
    return next(text for heading, text in sections(document).items() if heading.endswith("`graph_core`"))


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (licensed("cc0-1.0", "CC0-1.0"), "as concluded"),
        (licensed("cc-by-nc-4.0", "CC-BY-NC-4.0"), "disagrees with the concluded CC0-1.0"),
        (licensed("other", "NOASSERTION"), "names no license we know"),
        (licensed("mit", "MIT", ClaimScope.CODE), "no statement about the data"),
    ],
)
def test_a_license_of_an_interface_stands_beside_the_concluded_one(stated: dict[str, MachineWords], told: str) -> None:
    assert told in core(render(stated=stated))
    assert told not in core(render())


def test_a_reservation_is_shown_with_its_line_path_and_place_and_stays_inert() -> None:
    words = "User-agent: GPTBot | Disallow: /<script>"
    signal = Reservation(
        words, "robots/disallow-training-crawler", ReservationState.RESERVED, "/", "GPTBot", None,
        "https://graph.example.org/robots.txt", LOOKED,
    )  # fmt: skip
    shown = core(render(stated={"graph_core": MachineWords(reservations=(signal,))}))
    assert "What hosts say about training" in shown
    assert "robots.txt" in shown
    assert "<script>" not in shown


def saying(stated: StatedFacts) -> Catalog:
    """The catalog with other stated facts of its first source."""
    provider, *others = CATALOG.providers
    [dataset] = provider.datasets
    first, *rest = dataset.sources
    changed = replace(dataset, sources=(replace(first, stated=stated), *rest))
    return replace(CATALOG, providers=(replace(provider, datasets=(changed,)), *others))


def test_what_is_stated_stands_beside_what_was_measured_and_says_where_they_differ() -> None:
    catalog = saying(StatedFacts(size="7 GB", size_bytes=7_000_000_000, newest_release="2026-05"))
    for found, told in (
        (fact(), None),
        (fact(value="21 GB", number=21e9), "7 GB (differs from what was measured, 21 GB)"),
        (fact(name="newest_release", value="2026-05-19", number=None, unit=None), None),
        (
            fact(name="newest_release", value="2026-09-01", number=None, unit=None),
            "2026-05 (differs from what was measured, 2026-09-01)",
        ),
    ):
        shown = core(render(catalog=catalog, facts=[found]))
        assert "stated: size 7 GB" in shown
        assert ("differs" in shown) is (told is not None)
        assert (told or "7 GB") in shown


def test_words_beside_a_measured_number_are_left_to_the_reader() -> None:
    shown = core(render(catalog=saying(StatedFacts(size="some gigabytes")), facts=[fact()]))
    assert "some gigabytes" in shown
    assert "differs" not in shown
