"""Names of fields that hold a license, terms, or who gets at the data, as records and cards spell them."""

from __future__ import annotations

import re
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
LICENSE_FIELDS = re.compile(
    r"^(?:[\w]+[_ -]){0,2}(?:licen[sc]es?|licen[sc]ing|rights?|terms|copyright|usage_terms|terms of use|lizenz|licencia)(?:[_ -]\w+){0,3}$|^extra_gated_\w+$",
    re.I,
)
"""Names of fields that hold a license or terms, their words apart."""

_ACCESS = re.compile(
    r"^(?:\w+[_ -]){0,3}(?:access(?:ibility)?|availability|conditions?|restrctn|restrictions?|constraints?|limitations?|embargo(?:ed)?|gated|usage(?:[_ -]info|[_ -]policy)?|use[_ -]info|disclaimer|agreement|eligibility|nutzungsbedingungen|zugang|einschränkungen|conditions d'utilisation|restricciones)(?:[_ -]\w+){0,3}$",
    re.I,
)


_USE = re.compile(
    r"^(?:\w+[_ -]){0,3}(?:commercial(?:ly)?|training|redistribution|uses?|usage|purposes?)(?:[_ -]\w+){0,3}$", re.I
)


def _spelled(key: str) -> str:
    """A key without its vocabulary and with words apart: "dct:accessRights" is "access_Rights"."""
    return _CAMEL.sub("_", key.rsplit(":", 1)[-1].rsplit("/", 1)[-1].rsplit(".", 1)[-1].strip())


@lru_cache(maxsize=4_096)
def holds_license(key: str) -> bool:
    """Whether a field of this name holds a license or terms."""
    return _ACCESS.match(_spelled(key)) is None and LICENSE_FIELDS.match(_spelled(key)) is not None


@lru_cache(maxsize=4_096)
def holds_access(key: str) -> bool:
    """Whether a field of this name says who gets at the data, on what conditions, or for what use."""
    return _ACCESS.match(_spelled(key)) is not None or holds_use(key)


@lru_cache(maxsize=4_096)
def holds_use(key: str) -> bool:
    """Whether a field of this name says for what the data may be used: one that says "false" says much."""
    return _USE.match(_spelled(key)) is not None


def words_of_key(key: str) -> str:
    """The words of a key, for a text to be read: "conditionsOfAccess" is "conditions of access"."""
    return _spelled(key).replace("_", " ").lower()
