"""The sentences in `restrictions/`, each set beside a license in several places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import yaml

LICENSES = ("CC BY 4.0", "CC0 1.0", "ODC-BY 1.0")
_TITLE = "# Dotterel\n\nA dataset of forty hours of audio.\n\n"
_GRANT = "The dataset is licensed under {license}."
_LONG = "The birds were recorded at dawn by volunteers with a parabolic microphone, between April and June. " * 10
_PLACES = {
    "after": f"{_TITLE}## License\n\n{_GRANT} {{sentence}}\n",
    "before": f"{_TITLE}## License\n\n{{sentence}} {_GRANT}\n",
    "paragraph": f"{_TITLE}## License\n\n{_GRANT}\n\n{{sentence}}\n",
    # A page long enough that not all it says is taken for terms.
    "elsewhere": f"{_TITLE}{{sentence}}\n\n## Recordings\n\n{_LONG}\n\n## License\n\n{_GRANT}\n",
    "headed": f"{_TITLE}## {{heading}}\n\n{{sentence}}\n\n## Recordings\n\n{_LONG}\n\n## License\n\n{_GRANT}\n",
}


@dataclass(frozen=True, slots=True)
class Case:
    """`text` holds `sentence` beside a license; `at_most` is the widest determination and `rights` the
    widest value per action that may be read; `exactly`: narrower is wrong as well."""

    sentence: str
    place: str
    text: str
    at_most: str
    rights: tuple[tuple[str, str], ...]
    exactly: bool
    why: str
    kind: str
    held_out: bool


def held_out(sentence: str) -> bool:
    """Whether a sentence is of the third that no rule was tuned to until both parts had been scored."""
    return sha256(sentence.encode()).digest()[0] % 3 == 0


def cases() -> Iterator[Case]:
    """Every sentence in every place it can stand in."""
    for path in sorted((Path(__file__).parent / "restrictions").glob("*.yaml")):
        for group in yaml.safe_load(path.read_text("utf-8")):
            heading = group.get("heading")
            places = group.get("place", [place for place in _PLACES if place != "headed" or heading])
            for number, sentence in enumerate(group["sentences"]):
                license_name = LICENSES[number % len(LICENSES)]
                for place in places:
                    text = _PLACES[place].format(license=license_name, sentence=sentence, heading=heading)
                    yield Case(
                        sentence,
                        place,
                        text,
                        group["at_most"],
                        tuple(group.get("rights", {}).items()),
                        group.get("exactly", False),
                        group["why"],
                        path.stem,
                        held_out(sentence),
                    )
