"""An installed Chromium, and the site of the hand-made house as a folder and as a loopback server."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

# The rows are those of the renderers' tests.
sys.path.insert(0, str(Path(__file__).parents[1] / "reports"))

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser; tests that need it are marked and skip with the reason where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the dependency group `browser` is not installed")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


def _written(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from site_rows import rows

    from reports.site.render import render_site

    return _written(tmp_path_factory.mktemp("site"), render_site(rows()))


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from site_rows import hostile_rows

    from reports.site.render import render_site

    return _written(tmp_path_factory.mktemp("hostile"), render_site(hostile_rows()))


class Visit:
    """A page in the browser, with everything that must not happen while it is looked at."""

    def __init__(self, context: Any, root: str) -> None:
        self.page = context.new_page()
        self.root = root
        self.noise: list[str] = []
        self.page.on("console", lambda message: self.noise.append(f"console {message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.noise.append(f"error: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on("request", self._request)

    def go(self, path: str = "index.html") -> Any:
        self.page.goto(f"{self.root}/{path}")
        return self.page

    def _dialog(self, dialog: Any) -> None:
        self.noise.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.root, "data:,")):
            self.noise.append(f"request: {request.url}")


Visits = Callable[..., Visit]


@pytest.fixture
def visit(chromium: Any, site: Path) -> Iterator[Visits]:
    """Open the site from disk, or another root; at the end nothing may have been noisy."""
    opened: list[tuple[Any, Visit]] = []

    def begin(root: str | None = None, **settings: Any) -> Visit:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
        context.set_default_timeout(10_000)
        found = Visit(context, site.as_uri() if root is None else root)
        opened.append((context, found))
        return found

    yield begin
    for context, found in opened:
        context.close()
        assert found.noise == []


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    """The site on a loopback server, as a host would serve it."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)
