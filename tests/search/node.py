"""The engine in Node, for tests."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ENGINE = Path(__file__).parents[2] / "gongkai_ssg" / "search" / "engine.js"

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")

_SCRIPT = """
const GongkaiSearch = require(process.argv[1]);
(async () => {
  const engine = await GongkaiSearch.open(process.argv[2]);
  const found = [];
  for (const [query, options] of JSON.parse(process.argv[3])) {
    if (options && options.suggest) found.push(await engine.suggest(query));
    else found.push(await engine.search(query, options || {}));
  }
  console.log(JSON.stringify(found));
})().catch((error) => { console.log(JSON.stringify({ error: error.code || String(error) })); });
"""


def searched(output: Path, *queries: tuple[str, dict[str, Any]], engine: Path = ENGINE) -> Any:
    """What the engine answers to queries over an output folder."""
    words = ["node", "-e", _SCRIPT, str(engine), str(output), json.dumps(queries)]
    done = subprocess.run(words, capture_output=True, check=True, text=True, encoding="utf-8")
    return json.loads(done.stdout)
