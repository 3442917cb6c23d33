"""Finds what the browser tests need, Chromium and a Chinese font; ``--install`` gets them by the platform's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
ARGUMENTS = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--disable-quic",
]  # fmt: skip
"""So that the browser asks nothing of the network for itself."""

_FONT_WORDS = ("noto sans cjk", "source han sans", "wenquanyi", "microsoft yahei", "simsun", "pingfang")


def find_chromium() -> str | None:
    """The browser: the one named in CHROMIUM, else the system's."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def has_chinese_font() -> bool:
    """Whether a font with Chinese characters is installed; always on macOS and Windows."""
    if sys.platform in ("darwin", "win32"):
        return True
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout.lower()
    return any(word in listed for word in _FONT_WORDS) or bool(listed.strip())


def install() -> bool:
    """Ask the platform's package manager for what is missing; whether all is there afterwards."""
    wanted = [] if find_chromium() else ["chromium"]
    fonts = not has_chinese_font()
    managers = {
        "apt-get": (["apt-get", "install", "-y", "-qq", "--no-install-recommends"], "fonts-noto-cjk fontconfig"),
        "dnf": (["dnf", "install", "-y", "-q"], "google-noto-sans-cjk-fonts fontconfig"),
        "apk": (["apk", "add", "--quiet"], "font-noto-cjk fontconfig"),
        "pacman": (["pacman", "-S", "--noconfirm", "--quiet"], "noto-fonts-cjk fontconfig"),
        "brew": (["brew", "install", "--quiet", "--cask"], ""),
    }
    for name, (command, font_packages) in managers.items():
        if not shutil.which(name):
            continue
        packages = wanted + (font_packages.split() if fonts else [])
        if not packages:
            return True
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        prefix = [] if root or name == "brew" else ["sudo", "-n"] if shutil.which("sudo") else []
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if name == "apt-get":
            subprocess.run([*prefix, "apt-get", "update", "-qq"], env=environment, check=False)
        subprocess.run([*prefix, *command, *packages], env=environment, check=False)
        break
    return find_chromium() is not None and has_chinese_font()


def main() -> int:
    """Say what is there; with ``--install`` get what is not."""
    if "--install" in sys.argv[1:] and not (find_chromium() and has_chinese_font()):
        install()
    chromium = find_chromium()
    if chromium is None:
        print("The browser tests need Chromium or Chrome: install it, or name its path in CHROMIUM.", file=sys.stderr)
    if not has_chinese_font():
        print("The browser tests need a Chinese font, such as Noto Sans CJK.", file=sys.stderr)
    return 0 if chromium and has_chinese_font() else 1


if __name__ == "__main__":
    sys.exit(main())
