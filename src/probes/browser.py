"""Pages that show their text only after scripts ran: rendered by an installed Chromium, guarded like any look.

The page was already fetched by the guarded client. The browser may resolve that page's host alone, to
the addresses that were checked; whatever else its scripts ask for does not exist.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from dataclasses import replace
from hashlib import sha256

import httpx

from domain.probing import Snapshot
from probes.failures import Unreachable
from probes.guard import GuardedBackend, port_of
from probes.settings import NetworkSettings

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_SECONDS_OF_SCRIPTS = 5
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--mute-audio",
    "--no-proxy-server",
    "--disable-webrtc",
    "--blink-settings=imagesEnabled=false",
    f"--virtual-time-budget={_SECONDS_OF_SCRIPTS * 1000}",
    "--dump-dom",
)


def installed_browser() -> str | None:
    """The path of a Chromium on this machine, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


async def rendered(snapshot: Snapshot, backend: GuardedBackend, settings: NetworkSettings) -> Snapshot:
    """The snapshot with the document as it stands after scripts ran, as HTML in UTF-8.

    Raises Unreachable where no browser is installed, or it does not answer within the time limit, and
    Refused where the host's addresses are not public.
    """
    executable = installed_browser()
    if executable is None:
        raise Unreachable("no_browser", "this page needs a browser and none is installed: apt-get install chromium")
    url = httpx.URL(snapshot.final_url)
    addresses = await backend.checked_addresses(url.host, port_of(url))
    with tempfile.TemporaryDirectory(prefix="clearance-browser-") as profile:
        command = [
            executable,
            *_FLAGS,
            # Chromium refuses its sandbox to root; a container that runs as root is a sandbox of its own.
            *(("--no-sandbox",) if os.geteuid() == 0 else ()),
            f"--user-data-dir={profile}",
            f"--user-agent={settings.user_agent}",
            f"--host-resolver-rules=MAP {url.host} {_bracketed(str(addresses[0]))}, MAP * ~NOTFOUND",
            snapshot.final_url,
        ]
        body = await _printed(command, settings)
    if not body.strip():
        raise Unreachable("no_document", "the browser shows no document")
    return replace(
        snapshot,
        media_type="text/html",
        charset="utf-8",
        body=body,
        sha256=sha256(body).hexdigest(),
        method="browser",
    )


async def _printed(command: list[str], settings: NetworkSettings) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(settings.time_limit):
            if process.stdout is None:
                return b""
            body = b""
            while part := await process.stdout.read(65536):
                body += part
                if len(body) > settings.most_body_bytes:
                    raise Unreachable("too_large", f"the document has more than {settings.most_body_bytes} bytes")
            return body
    except TimeoutError as error:
        raise Unreachable("browser_timeout", f"the browser took longer than {settings.time_limit:g} s") from error
    finally:
        # Its helpers are of the same session; none may outlive the look.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
