"""What a statement is about: the license of the code, the site, a paper or another dataset is not the data's."""

from __future__ import annotations

import pytest
from terms_reading import COMMERCIAL, RESEARCH, UNCLEAR, determined, read

from domain.reading import Subject
from domain.vocabulary import Layer
from terms.layers import layers_in

DATASET = "# Dotterel\n\nA dataset of forty hours of audio.\n\n"


@pytest.mark.parametrize(
    "statement",
    [
        "The code is released under the MIT license.",
        "All scripts are licensed under the Apache License 2.0.",
        "Der Quellcode steht unter der MIT-Lizenz.",
        "The content of this website is licensed under CC BY 4.0.",
        "This article is distributed under the Creative Commons Attribution 4.0 license.",
        "Icons by Open Glyphs, CC BY 3.0.",
        "Dotterel is the companion of Serin, which is available under CC0.",
        "We computed the features from the Wheatear recordings (CC BY 4.0).",
        "Is the data under CC BY 4.0? Nobody knows.",
        "I think it is probably CC BY 4.0.",
        "We plan to release the dataset under CC BY 4.0.",
        "The recordings are not released under CC BY 4.0.",
        "Up to version 1.2 the dataset was licensed under CC BY 4.0.",
        "It was recorded at MIT with the help of the Apache hospital.",
        "We use an MIT-licensed resampler.",
        "© Institute of Birds | Imprint | CC BY 4.0",
        "Privacy · Imprint · Content under CC BY 4.0",
        "Dotterel is a utility that downloads public datasets; it is released under the BSD-3-Clause license.",
        "This is a Python library for loading the audio. It is released under the MIT license.",
        "dotterel is an R package that gives access to the corpus, and is licensed under Apache 2.0.",
    ],
)
def test_what_is_not_said_of_the_data_grants_nothing(statement: str) -> None:
    assert determined(DATASET + statement) is UNCLEAR


@pytest.mark.parametrize("limit", ["Data for research use only", "No commercial use of the data"])
def test_what_a_line_of_links_forbids_counts(limit: str) -> None:
    text = DATASET + f"The dataset is licensed under CC BY 4.0.\n\n{limit} | Imprint | Privacy"
    assert determined(text) is not COMMERCIAL


@pytest.mark.parametrize(
    "statement",
    [
        "Dotterel is a CC BY 4.0-licensed dataset of bird calls.",
        "The code and data are released under the MIT license.",
        "This dataset, derived from field tapes, is released under CC BY-SA 4.0.",
        "## License\n\nCC0",
        "**License:** CC BY 4.0",
        "It is a sample library of birds. It is released under CC0.",
        "Since the calls come from a public archive, they are distributed under CC BY-SA 3.0.",
        "The data are now licensed under CC BY 4.0 (previously CC BY-NC 4.0).",
        "Dotterel is a corpus and a tool to browse it; it is released under CC BY 4.0.",
        "This is a tool for browsing the corpus. The corpus is released under CC0.",
        "Dotterel is a software library and dataset. It is released under the MIT license.",
        "The GitHub repository which houses this dataset has an Apache License 2.0.",
    ],
)
def test_what_is_said_of_the_data_counts(statement: str) -> None:
    assert determined(DATASET + statement) is COMMERCIAL


@pytest.mark.parametrize(
    "statement",
    [
        "The data are now under CC BY-NC 4.0 (previously CC BY 4.0).",
        "It was under CC BY 4.0, and is now under CC BY-NC 4.0.",
    ],
)
def test_the_license_of_today_counts(statement: str) -> None:
    assert determined(DATASET + statement) is RESEARCH


def test_who_says_that_no_license_is_known_is_heard_though_a_site_is_spoken_of() -> None:
    text = DATASET + "The site went offline and we know of no license.\n\n## License\n\nCC0"
    assert determined(text) is UNCLEAR


def test_a_repository_license_beside_a_statement_about_the_data_is_the_codes() -> None:
    text = DATASET + "## License\n\nThe data is CC0.\n\nThis repository is licensed under MIT."
    assert read(text).licenses == ("CC0-1.0",)


def test_a_repository_license_that_narrows_counts_all_the_same() -> None:
    text = "---\nlicense: cc-by-4.0\n---\n" + DATASET + "## License\n\nThe project is licensed under CC BY-NC 4.0."
    assert determined(text) is not COMMERCIAL


def test_layers_get_their_own_answers() -> None:
    text = DATASET + "## License\n\n- Code: MIT\n- Metadata: CC BY 4.0\n- Audio: under each artist's own license"
    reading = read(text)
    assert reading.layers[Layer.METADATA].licenses == ("CC-BY-4.0",)
    assert reading.layers[Layer.AUDIO].per_item != "no"
    assert reading.layers[Layer.CODE].licenses == ("MIT",)
    assert determined(text) is UNCLEAR


def test_the_columns_of_a_table_say_what_their_cells_are_about() -> None:
    text = (
        DATASET
        + "| Set | License of the code | License of the data |\n|---|---|---|\n| Dotterel | MIT | CC BY-NC 4.0 |"
    )
    assert read(text).licenses == ("CC-BY-NC-4.0",)


def test_a_license_inside_a_code_sample_or_citation_is_no_statement() -> None:
    text = DATASET + '```\n{"license": "mit"}\n```\n\n## Citation\n\n@misc{x, title={A corpus under {CC0}}}'
    assert read(text).licenses == ()


def test_findings_that_do_not_count_are_shown_with_what_they_are_about() -> None:
    findings = read(DATASET + "The code is released under the MIT license.").findings
    assert [(f.license, f.scope.subject) for f in findings] == [("MIT", Subject.CODE)]


def test_words_for_layers_are_known() -> None:
    assert layers_in("the audio files and their annotations") == (Layer.AUDIO, Layer.ANNOTATIONS)


@pytest.mark.parametrize(
    "sentence",
    [
        "Like most other datasets, this dataset may not be used commercially.",
        "You may not use it commercially together with other datasets.",
        "Other datasets may be sold, but our dataset must not be used commercially.",
    ],
)
def test_a_word_of_other_datasets_hides_no_restriction(sentence: str) -> None:
    assert determined(f"{DATASET}The dataset is licensed under CC BY 4.0. {sentence}") is not COMMERCIAL


@pytest.mark.parametrize(
    "sentence",
    [
        "Many similar datasets prohibit commercial use.",
        "Our other dataset, Serin, is licensed under CC BY-NC 4.0.",
        "Version 1 was licensed under CC BY-NC 4.0.",
    ],
)
def test_what_binds_another_dataset_or_an_old_version_does_not_bind_this_one(sentence: str) -> None:
    assert determined(f"{DATASET}The dataset is licensed under CC BY 4.0. {sentence}") is COMMERCIAL


def test_a_tag_whose_license_is_said_to_be_the_codes_says_nothing_of_the_data() -> None:
    card = "---\nlicense: mit\n---\n\n" + DATASET
    assert determined(card) is COMMERCIAL
    assert determined(card + "The MIT license covers the code in this repository.") is UNCLEAR
    assert determined(card + "The MIT license covers the code and the data.") is COMMERCIAL


def test_what_a_gated_card_asks_of_its_users_is_heard_though_it_is_folded_over_lines() -> None:
    prompt = "extra_gated_prompt: >-\n  You agree that the songs may not\n  be used to\n\n  imitate a voice.\n"
    card = f"---\nlicense: cc-by-4.0\n{prompt}---\n\n{DATASET}"
    assert determined(card.replace(prompt, "")) is COMMERCIAL
    assert determined(card) is not COMMERCIAL


def test_a_heading_that_is_a_sentence_is_heard_but_permits_nothing() -> None:
    card = "---\nlicense: mit\n---\n\n" + DATASET
    assert (
        determined(card + "# Please do not use any of it for commercial purposes!\n\nThere are songs.")
        is not COMMERCIAL
    )
    assert (
        determined(DATASET + "# You may use the data for any purpose whatever you like.\n\nThere are songs.") is UNCLEAR
    )
