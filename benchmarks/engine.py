"""The engine that a built site ships with, over the index that it ships with, in Node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.build import BenchmarkError

_SCRIPT = """
const engineOf = require(process.argv[1]), output = process.argv[2], most = +process.argv[3];
const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk)).on("end", async () => {
  const engine = await engineOf.open(output);
  for (const query of JSON.parse(Buffer.concat(chunks).toString())) {
    const codes = [], pageSize = Math.min(most, 1000);
    let relaxed = 0;
    for (let page = 1; codes.length < most; page++) {
      const found = await engine.search(query, { page, pageSize, facets: [] });
      if (found.partial) throw new Error("a file of the index is missing");
      relaxed = found.relaxed;
      codes.push(...found.hits.map((hit) => hit.code));
      if (found.hits.length < pageSize) break;
    }
    process.stdout.write(JSON.stringify([relaxed, codes]) + "\\n");
  }
});
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found.

    :ivar relaxed: the step of loosening, 0 if nothing was.
    :ivar codes: of items, the best first.
    """

    relaxed: int
    codes: list[str]


def searched(output: Path, queries: Sequence[str], most: int) -> Iterator[Answer]:
    """The answer to each query, in order.

    :param output: of a build.
    :param most: how many items an answer may have.
    :raises BenchmarkError: if Node fails.
    """
    told = json.loads((output / "data/search.json").read_bytes())
    engine = (output / told["engine"]).resolve()
    words = ["node", "-e", _SCRIPT, str(engine), str(output), str(most)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as node:
        if node.stdin is None or node.stdout is None:
            raise BenchmarkError("no pipes to Node")
        node.stdin.write(json.dumps(queries).encode())
        node.stdin.close()
        for line in node.stdout:
            yield Answer(*json.loads(line))
    if node.returncode:
        raise BenchmarkError(f"Node exits with {node.returncode}")
