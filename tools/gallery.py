"""Takes a picture of every kind of page of the sample county, wide and narrow, into ``docs/gallery/``.

``python tools/gallery.py``, or ``make gallery``. Needs Chromium and a Chinese font (``tools/browser.py``).
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
if __package__ in (None, ""):
    sys.path.insert(0, str(ROOT))

from tools.browser import ARGUMENTS, find_chromium  # noqa: E402 - the path must be set first when run as a script
from tools.kinds import KINDS, Kind  # noqa: E402

GALLERY = ROOT / "docs/gallery"
TODAY = "2026-11-22"
WIDTHS = {"wide": (1280, 1500, 0.75), "narrow": (390, 1300, 1.0)}
"""Name → width of the screen, height at which a picture is cut, scale. Long pages show their beginning."""

QUALITY = 50

ASKED = {"search": ("?q=低保标准", "#search-filters fieldset")}
"""Kind of page → what is behind its address, and what to wait for then."""

_HEAD = """\
# Gallery

Every kind of page of the sample county 青禾县, on a screen 1280 pixels wide and on a telephone of 390, as of 22 November 2026. Long pages are cut. `make gallery` takes the pictures anew.
"""


def main() -> None:
    """Build the county, take the pictures, write the page that shows them."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit("no Chromium or Chrome found: python tools/browser.py --install")
    shutil.rmtree(GALLERY, ignore_errors=True)
    GALLERY.mkdir(parents=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        output = Path(folder) / "public"
        command = [sys.executable, str(ROOT / "build.py"), "--output", str(output), "--today", TODAY]
        subprocess.run(command, check=True, cwd=ROOT)
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name, kind in KINDS.items():
            _picture(browser, output, name, kind)
        browser.close()
    parts = [_HEAD, *(_section(name, kind) for name, kind in KINDS.items())]
    (GALLERY / "index.md").write_text("\n".join(parts), encoding="utf-8", newline="\n")
    size = sum(path.stat().st_size for path in GALLERY.glob("*.webp"))
    sys.stderr.write(f"{len(KINDS)} kinds of pages, {size / 1024:.0f} KB of pictures in {GALLERY}\n")


def _picture(browser: Browser, output: Path, name: str, kind: Kind) -> None:
    asked, wait = ASKED.get(name, ("", "main"))
    address = (output / kind.find(output)).as_uri() + asked
    for size, (width, height, scale) in WIDTHS.items():
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(address)
        page.wait_for_selector(wait, state="attached")
        whole = page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": width, "height": min(whole, height), "scale": scale}
        session = page.context.new_cdp_session(page)
        wanted = {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
        taken = session.send("Page.captureScreenshot", wanted)
        (GALLERY / f"{name}-{size}.webp").write_bytes(base64.b64decode(taken["data"]))
        page.close()


def _section(name: str, kind: Kind) -> str:
    return f"""\
## {kind.words}

<img src="{name}-wide.webp" alt="{kind.words}，宽屏" width="640"> <img src="{name}-narrow.webp" alt="{kind.words}，手机" width="195">
"""


if __name__ == "__main__":
    main()
