"""How the network may be used."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.errors import InvalidInput

ROBOTS_TOKEN = "Clearance"  # noqa: S105 - a robots.txt product token, no secret


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """Limits, politeness and identity of one `NetworkTransport`. Times in seconds, sizes in bytes.

    `allow` names hosts, addresses and blocks let through the address guard. `contact` is the address
    or URL a site's owner finds in our User-Agent. `time_limit` is what one look may spend on the
    wire, redirects and retries included; waiting for one's turn at a host does not count.
    """

    contact: str = ""
    allow: tuple[str, ...] = ()
    concurrency: int = 20
    delay: float = 1.0
    longest_crawl_delay: float = 10.0
    time_limit: float = 30.0
    connect_timeout: float = 10.0
    read_timeout: float = 15.0
    most_wire_bytes: int = 10_000_000
    most_body_bytes: int = 20_000_000
    most_redirects: int = 10
    most_retries: int = 2
    backoff: float = 0.5
    longest_retry_after: float = 10.0

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\x20-\x7e]*", self.contact):
            raise InvalidInput(f"the contact {self.contact!r} must be one line of plain ASCII")
        if self.concurrency < 1:
            raise InvalidInput(f"the concurrency must be at least 1, not {self.concurrency}")
        if self.delay < 0:
            raise InvalidInput(f"the delay between requests cannot be negative ({self.delay})")

    @property
    def user_agent(self) -> str:
        """Who we say we are."""
        contact = f"; +{self.contact}" if self.contact else ""
        return f"{ROBOTS_TOKEN}/0.1 (license monitoring{contact})"
