"""What the shipped catalog has to say of every source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from catalog import lint_complete
from domain.catalog import (
    ApplicationFit,
    Catalog,
    Claim,
    Dataset,
    DriftNote,
    EngineeringWork,
    Hosting,
    Privacy,
    Provider,
    RequiredCheck,
    Source,
    Watch,
)
from domain.vocabulary import (
    Access,
    Application,
    Availability,
    Confidence,
    Layer,
    Owner,
    PersonalData,
    SpeaksFor,
    WatchRole,
)

CLAIM = Claim(
    license="CC0-1.0",
    url="https://example.org/license",
    seen=date(2026, 7, 1),
    quote="The data is in the public domain under CC0.",
    confidence=Confidence.VERIFIED,
)
FIT = "Artist MBIDs joined over recording rows give the identity graph."
WHOLE = Source(
    id="tiny_tunes",
    layer=Layer.METADATA,
    name="Tiny Tunes",
    watches=(Watch(url="https://example.org/", role=WatchRole.LICENSE, speaks_for=SpeaksFor.PUBLISHER),),
    claims=(CLAIM,),
    access=Access.OPEN_DOWNLOAD,
    identifiers=("artist MBID",),
    applications=(ApplicationFit(application=Application.METADATA_GRAPH, fit=FIT),),
    risks=("Names of labels change between dumps without a redirect.",),
    checks=(RequiredCheck(check="Does the dedication cover pictures?", owner=Owner.LEGAL),),
    engineering=EngineeringWork(ingestion=("Load.",), normalization=("Map.",), governance=("Gate.",)),
    privacy=Privacy(personal_data=PersonalData.NONE, note="Public facts about artists."),
    availability=Hosting(status=Availability.AVAILABLE),
)


def lint(*sources: Source) -> tuple[str, ...]:
    dataset = Dataset(id="tunes", name="Tunes", sources=sources)
    return lint_complete(Catalog((Provider(provider="example", datasets=(dataset,)),), "0"))


def test_a_whole_source_passes() -> None:
    assert lint(WHOLE) == ()


def without_quote(**changes: object) -> Claim:
    return replace(CLAIM, quote=None, confidence=Confidence.UNVERIFIED, **changes)  # type: ignore[arg-type]


def fit_of(text: str) -> tuple[ApplicationFit, ...]:
    return (ApplicationFit(application=Application.METADATA_GRAPH, fit=text),)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": None}, "has no name"),
        ({"access": None}, "how one gets the data"),
        ({"watches": ()}, "watches no page"),
        ({"claims": ()}, "rests on no evidence. Add a claim with url, seen, quote"),
        ({"claims": (without_quote(),)}, "rests on no evidence. Add a claim with quote"),
        ({"claims": (without_quote(note="Seen by nobody.", url=None),)}, "rests on no evidence"),
        ({"claims": (replace(CLAIM, seen=None, confidence=Confidence.PARTLY),)}, "Add a claim with seen"),
        ({"claims": (replace(CLAIM, quote="word " * 41),)}, "quotes more than 40 words"),
        ({"drift": (DriftNote(when="2023", what="x", quote="word " * 41),)}, "quotes more than 40 words"),
        ({"applications": ()}, "serves no application"),
        ({"applications": fit_of("Useful.")}, "names nothing concrete"),
        ({"applications": fit_of("Could be useful for many things we do with music.")}, "names nothing concrete"),
        ({"risks": ()}, "has no risk"),
        ({"checks": ()}, "has no required check"),
        ({"engineering": EngineeringWork(ingestion=("a",), governance=("c",))}, "names no normalization work"),
        ({"privacy": None}, "how near it comes to persons"),
        ({"privacy": Privacy(personal_data=PersonalData.NONE)}, "no reason for its privacy class"),
        ({"availability": None}, "whether the data can be had"),
        ({"production_benefit": False}, "no reason is given"),
        ({"house_owned": True}, "nobody's. Add `owner:`"),
    ],
)
def test_what_is_missing_is_told_by_source(changes: dict[str, object], told: str) -> None:
    (fault,) = lint(replace(WHOLE, **changes))  # type: ignore[arg-type]
    assert fault.startswith("tiny_tunes: ")
    assert told in fault


def test_data_of_the_house_needs_neither_page_nor_claim() -> None:
    assert lint(replace(WHOLE, house_owned=True, owner="product", watches=(), claims=())) == ()


@pytest.mark.parametrize(
    "claim",
    [
        without_quote(note="The page was gone when we looked."),
        replace(
            CLAIM, license="NONE", quote=None, confidence=Confidence.PARTLY, note="No license on page or in archive."
        ),
    ],
)
def test_what_cannot_be_quoted_may_say_so(claim: Claim) -> None:
    assert lint(replace(WHOLE, claims=(claim,))) == ()


def test_pasted_fits_and_risks_are_refused_across_sources() -> None:
    other = replace(
        WHOLE,
        id="other_tunes",
        applications=fit_of("Artist MBIDs, joined over recording rows, give the identity graph!"),
        risks=("Names of labels change between the dumps, without redirects.",),
    )
    assert lint(WHOLE, other) == (
        "other_tunes: a fit says what one of tiny_tunes says. Write what is true of this source only",
        "other_tunes: a risk says what one of tiny_tunes says. Write what is true of this source only",
    )


def test_different_sentences_about_similar_things_pass() -> None:
    other = replace(
        WHOLE,
        id="other_tunes",
        applications=fit_of("ISRC rows tie a streaming id to one recording in the crosswalk table."),
        risks=("One ISRC stands for several recordings in a tenth of the rows.",),
    )
    assert lint(WHOLE, other) == ()
