"""Put the scripts of search together: ``python tools/scripts.py``.

Their parts, in folders of ``gongkai_ssg/search/``, are written by hand; the script beside each folder is what sites
publish, and is committed with them. It is shortened by Terser, as each visitor has to load it: ``make scripts`` installs
that, where Node is. ``--check`` needs neither: it writes nothing, and fails if the parts are not those that a script was
made of.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_SEARCH = _ROOT / "gongkai_ssg" / "search"
TERSER = _ROOT / "tools" / "node_modules" / "terser" / "bin" / "terser"
_OPTIONS = ("--ecma", "2017", "--compress", "passes=2", "--mangle")


@dataclass(frozen=True)
class Script:
    """A script of several parts, which share one function.

    :param path: what is published; its parts lie in the folder of that name without ending.
    :param parts: in this order, without ending.
    :param head: what opens the function.
    :param tail: what closes it.
    :param before: a script that it needs and holds too.
    :param eager: whether most of it runs as soon as it is there, so that a browser had better compile it all at once.
    """

    path: Path
    parts: tuple[str, ...]
    head: str
    tail: str
    before: Script | None = None
    eager: bool = False

    def joined(self) -> str:
        """The script as it is written."""
        parts = ((self.path.with_suffix("") / f"{part}.js").read_text("utf-8") for part in self.parts)
        own = self.head + "\n".join(parts) + self.tail
        return self.before.joined() + own if self.before else own

    def first_line(self) -> str:
        """What the script begins with: where its parts are, and a hash of them."""
        folder = self.path.with_suffix("").relative_to(_ROOT).as_posix()
        digest = hashlib.sha256(self.joined().encode()).hexdigest()[:16]
        return f"/* gongkai-ssg, readable in {folder}/, {digest} */\n"

    def published(self) -> str:
        """The script as visitors get it."""
        command = ["node", str(TERSER), *_OPTIONS]
        made = subprocess.run(command, input=self.joined(), capture_output=True, encoding="utf-8", check=True)
        return f"{self.first_line()}{_EAGER if self.eager else ''}{made.stdout.rstrip()}\n"


_EAGER = "//# allFunctionsCalledOnLoad\n"
"""What tells Chromium so; to others it is a comment."""

_HEAD = """\
(function (root, make) {
  "use strict";
  var made = make(root);
  if (typeof module === "object" && module.exports) module.exports = made;
  else root.GongkaiSearch = made;
})(typeof self !== "undefined" ? self : this, function (root) {
"use strict";
"""
_TAIL = """
return { FORMAT, open, put, analysis: { units, fold, pairTerm, aloneTerm, wholeTerm, home, mayBeTraditional } };
});
"""
ENGINE = Script(
    _SEARCH / "engine.js", ("files", "analysis", "shards", "query", "ranking", "filters", "api"), _HEAD, _TAIL
)
PAGE = Script(
    _SEARCH / "search_page.js",
    ("state", "results", "filters", "answers", "main"),
    '(function () {\n"use strict";\n',
    "\n})();\n",
    before=ENGINE,
    eager=True,
)


def main() -> None:
    """Write, or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a script is stale")
    check = parser.parse_args().check
    for script in (ENGINE, PAGE):
        if not check:
            script.path.write_text(script.published(), encoding="utf-8", newline="\n")
        elif not script.path.read_text(encoding="utf-8").startswith(script.first_line()):
            sys.exit(f"{script.path} is stale: run make scripts")


if __name__ == "__main__":
    main()
