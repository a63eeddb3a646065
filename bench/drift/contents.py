"""What a page says, before any furniture: its sections, with the terms among them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from bench.drift.licenses import COMMON
from bench.drift.model import Furniture, Page, Style, Terms
from bench.drift.prose import Block, Section, block_markdown, paragraph, section
from bench.drift.stock import FIRST, SECOND, SENTENCES, WORDS
from bench.drift.wording import license_field, terms_blocks, title

TERMS_ANCHOR = "terms"


@dataclass(frozen=True, slots=True)
class Contents:
    """The lead and the sections of a page, in order."""

    lead: str
    sections: tuple[Section, ...]


def contents(page: Page) -> Contents:
    """The page's text. The prose depends on `seed` and `size` alone, so that terms change nothing beside them."""
    rng = Random(page.seed)
    motto = f"{rng.choice(WORDS['genre'])} from {rng.choice(WORDS['city'])}"
    lead = f'{page.name} - or "{motto}" - holds {rng.randint(900, 98000):,} items. ' + paragraph(
        rng, "How the recordings were gathered", page.name
    )
    subjects = list(SENTENCES)
    rng.shuffle(subjects)
    sections: list[Section] = []
    weight = 0
    while weight < page.size:
        number = len(sections)
        made = section(rng, number, subjects[number % len(subjects)], page.name)
        if number >= len(subjects):
            made = replace(made, title=f"{made.title} ({number // len(subjects) + 1})")
        sections.append(made)
        weight += sum(len(block_markdown(block)) + 40 for block in made.blocks) + 80
    if page.furniture is Furniture.PORTAL:
        return Contents(lead, _datasets(page, rng, sections))
    blocks = terms_blocks(page)
    if blocks:
        place = rng.randint(1, len(sections))
        sections.insert(place, Section(title(page), (*blocks, *_decoy(page)), TERMS_ANCHOR))
    elif page.seed % 2:
        sections.append(
            Section(
                "Source code",
                _decoy(page) or (Block("p", ("The loader lives in its own repository.",)),),
                "source-code",
            )
        )
    return Contents(lead, tuple(sections))


def _decoy(page: Page) -> tuple[Block, ...]:
    """A statement about the code, which says nothing of the data; on every fifth page."""
    if page.seed % 5:
        return ()
    return (
        Block(
            "p",
            ("The code in this repository is released under the [MIT License](https://opensource.org/licenses/MIT).",),
        ),
    )


def _datasets(page: Page, rng: Random, prose: list[Section]) -> tuple[Section, ...]:
    """Several datasets, each with terms of its own, then the prose. The page's own is one of them."""
    sections = []
    count = rng.randint(3, 5)
    own = rng.randrange(count)
    for number in range(count):
        stranger = f"{rng.choice(FIRST)} {rng.choice(SECOND)} {number + 1}"
        license_id, wording = rng.choice(COMMON), rng.randrange(400)
        text = paragraph(rng, "Numbers", stranger)
        shown = (
            page
            if number == own
            else replace(
                page,
                name=stranger,
                slug=stranger.lower().replace(" ", "_"),
                terms=Terms(Style.NAMED, license=license_id, link=license_id, wording=wording),
            )
        )
        text = text if number != own else paragraph(rng, "Numbers", page.name)
        blocks = (Block("p", (text,)), *terms_blocks(shown), *dataset_fields(shown))
        sections.append(Section(shown.name, blocks, f"ds-{shown.slug}"))
    return (*sections, *prose)


def dataset_fields(page: Page) -> tuple[Block, ...]:
    """The small table of facts under a portal's dataset."""
    rng = Random(page.seed + len(page.name))
    rows = ["Field|Value", f"Items|{rng.randint(90, 90000)}", f"Release|{rng.randint(1, 9)}.{rng.randint(0, 9)}"]
    field = license_field(page)
    if field:
        rows.append(f"License|{field}")
    return (Block("table", (*rows, f"Size|{rng.randint(2, 900)} MB")),)
