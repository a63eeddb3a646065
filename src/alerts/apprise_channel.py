"""Chat, mail and the rest, by Apprise."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from alerts.channels import DeliveryError, address_digest
from alerts.digest import Digest
from domain.errors import InvalidInput


class AppriseChannel:
    """Sends the digest for people to one address that Apprise understands (`slack://…`, `mailto://…`)."""

    def __init__(self, url: str) -> None:
        # Importing Apprise takes a noticeable part of a second, which most runs need not pay.
        import apprise

        scheme = urlsplit(url).scheme
        self.name = f"{scheme}:{address_digest(url)}"
        with _unlogged():
            self._sender = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False))
            if not self._sender.add(url):
                raise InvalidInput(f"Apprise does not understand this {scheme}:// address; see its documentation")

    def send(self, digest: Digest) -> None:
        import apprise

        with _unlogged():
            taken = self._sender.notify(title=digest.title, body=digest.text, body_format=apprise.NotifyFormat.TEXT)
        if not taken:
            raise DeliveryError(f"Apprise could not deliver to the {self.name.partition(':')[0]}:// address")


@contextmanager
def _unlogged() -> Iterator[None]:
    # Apprise logs addresses it cannot use, and the tokens in them.
    logger = logging.getLogger("apprise")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before
