"""Whether a license expression is one: ids of the SPDX list, `LicenseRef-…`, or one of SPDX's two words for nothing."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from typing import Any

NOTHING = ("NONE", "NOASSERTION")
_REFERENCE = re.compile(r"LicenseRef-[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_OPERATORS = frozenset({"AND", "OR", "WITH"})


def fault(expression: str) -> str | None:
    """What is wrong with an expression and what to write instead; None when nothing is.

    Ids are compared letter by letter, because everything downstream does so.
    """
    if expression in NOTHING:
        return None
    words = re.findall(r"[^\s()]+", expression)
    if len(words) > 1 and not any(word.upper() in _OPERATORS for word in words):
        return _fault_of_id(expression)
    for word in words:
        if word in NOTHING:
            return f"{word} cannot be part of an expression. Write it alone"
        if word not in _OPERATORS and (wrong := _fault_of_id(word)):
            return wrong
    return _fault_of_syntax(expression)


def _fault_of_id(word: str) -> str | None:
    if _REFERENCE.fullmatch(word) or word in _spellings().values():
        return None
    if word.upper() in _OPERATORS:
        return f"'{word}' must be in capitals. Write {word.upper()}"
    own = re.sub(r"(?i)^licenseref-", "", word)
    reference = "LicenseRef-" + (re.sub(r"[^A-Za-z0-9.]+", "-", own).strip("-.") or "Name")
    if word.lower().startswith("licenseref-"):
        return f"'{word}' is no SPDX reference (letters, digits, dots and hyphens only). Write {reference}"
    spelling = _canonical(word)
    if spelling is not None:
        return f"'{word}' is not how SPDX writes it now. Write {spelling}"
    near = get_close_matches(re.sub(r"[\s_]+", "-", word.lower()), _spellings(), n=1, cutoff=0.75)
    hint = f"Did you mean {_spellings()[near[0]]}? If not, write" if near else "Write NONE, NOASSERTION or"
    return f"'{word}' is no SPDX id. {hint} {reference}"


def _fault_of_syntax(expression: str) -> str | None:
    from license_expression import ExpressionError, ExpressionParseError

    try:
        _licensing().parse(expression, strict=True)
    except (ExpressionError, ExpressionParseError) as error:
        return f"'{expression}' is no SPDX expression ({' '.join(str(error).split())}). Join ids with AND, OR or WITH"
    except IndexError:  # how the parser answers "()"
        return f"'{expression}' is no SPDX expression. Join ids with AND, OR or WITH"
    return None


def _canonical(word: str) -> str | None:
    """The present spelling of an id in other capitals or of a retired id (`GPL-2.0`)."""
    if not re.fullmatch(r"[A-Za-z0-9.+-]+", word):
        return None
    key = str(_licensing().parse(word))
    return key if key in _spellings().values() else None


@cache
def _licensing() -> Any:
    # Reading the list takes a while; commands that read no catalog need not wait for it.
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()


@cache
def _spellings() -> dict[str, str]:
    """SPDX ids by their lower case. References that other lists made up are not among them."""
    return {key.lower(): key for key in _licensing().known_symbols if not key.startswith("LicenseRef-")}
