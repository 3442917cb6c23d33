"""Pagefind, the best of its kind, on the same pages: what its index costs, and a page that searches as ours does."""

from __future__ import annotations

import gzip
import importlib.util
import sys
from pathlib import Path

import psutil

from benchmarks.build import BenchmarkError, tail
from benchmarks.measure import run

NEEDED = 9 << 30
"""Bytes of memory that 10,000 pages take, and some to spare."""

MOST = 20_000
"""Of more pages it makes no index in 22 GB."""

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>Pagefind</title></head>
<body><p id="search-status"></p><ol id="hits"></ol><script type="module" src="pagefind-page.js"></script></body></html>
"""

_SCRIPT = """\
import * as pagefind from "./pagefind/pagefind.js";
await pagefind.init();
const found = await pagefind.search(new URLSearchParams(location.search).get("q"));
const hits = await Promise.all(found.results.slice(0, 10).map((each) => each.data()));
document.getElementById("hits").replaceChildren(...hits.map((hit) => {
  const item = document.createElement("li");
  item.innerHTML = "<h2></h2><p></p>";
  item.firstChild.textContent = hit.meta.title;
  item.lastChild.innerHTML = hit.excerpt;
  return item;
}));
document.getElementById("search-status").textContent = "找到 " + found.results.length + " 条";
"""


def why_not(items: int) -> str:
    """Why it can't be measured; nothing if it can."""
    if importlib.util.find_spec("pagefind") is None:
        return "pagefind is not installed"
    if items > MOST:
        return f"more than {MOST:,} pages take more memory than there is"
    if psutil.virtual_memory().available < NEEDED:
        return f"less than {NEEDED >> 30} GB of memory are free"
    return ""


def index(output: Path) -> dict[str, float]:
    """Index the item pages of a built site and put a search page beside them.

    :raises BenchmarkError: if it fails.
    """
    log = output.parent / "pagefind.log"
    command = [sys.executable, "-m", "pagefind", "--site", str(output), "--glob", "items/**/*.html"]
    cost = run([*command, "--force-language", "zh"], output, log)
    if cost.status:
        raise BenchmarkError(f"Pagefind exits with {cost.status}; the end of {log}:\n{tail(log)}")
    (output / "pagefind.html").write_text(_PAGE, encoding="utf-8")
    (output / "pagefind-page.js").write_text(_SCRIPT, encoding="utf-8")
    files = [path for path in (output / "pagefind").rglob("*") if path.is_file()]
    return {
        "cpu": cost.cpu,
        "wall": cost.wall,
        "memory, MB": cost.peak_pss / 1e6,
        "files": len(files),
        "gzip, MB": sum(len(gzip.compress(path.read_bytes(), 6)) for path in files) / 1e6,
    }
