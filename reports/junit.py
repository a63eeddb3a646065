"""JUnit XML of a gate: what build servers show as passed and failed tests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

# XML 1.0 has no way to write these, not even as references.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was asked. `failure` is None where it passed."""

    name: str
    failure: str | None = None


def junit_xml(suite: str, cases: Sequence[Case]) -> str:
    """One test suite with a case each. A suite without cases has one that fails: nothing was proved."""
    shown = cases or (Case("nothing was asked", "the gate was asked about no source and no row"),)
    root = Element("testsuites")
    failures = sum(case.failure is not None for case in shown)
    group = SubElement(root, "testsuite", name=_clean(suite), tests=str(len(shown)), failures=str(failures))
    for case in shown:
        element = SubElement(group, "testcase", classname=_clean(suite), name=_clean(case.name))
        if case.failure is not None:
            SubElement(element, "failure", message=_clean(case.failure)).text = _clean(case.failure)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
