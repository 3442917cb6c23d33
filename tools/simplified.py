"""Write ``gongkai_ssg/search/simplified.txt`` anew from OpenCC's ``TSCharacters.txt``.

    python tools/simplified.py path/to/TSCharacters.txt

Kept are single characters of the basic plane whose first candidate is another one of it. The table is for matching
only, so one candidate is enough: text and query go the same way.
"""

from __future__ import annotations

import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "gongkai_ssg" / "search" / "simplified.txt"
HEADER = """\
# Traditional and variant characters, each followed by the simplified one it is matched with.
# Derived from TSCharacters.txt of OpenCC (https://github.com/BYVoid/OpenCC), Apache License 2.0, by tools/simplified.py.
"""
_WIDTH = 60


def read_pairs(text: str) -> dict[str, str]:
    """Traditional → simplified; what leads to another source is followed to its end."""
    pairs: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("#") or "\t" not in line:
            continue
        source, _, targets = line.partition("\t")
        target = targets.split(" ")[0]
        if len(source) == len(target) == 1 and source != target and max(source, target) < "\U00010000":
            pairs[source] = target
    for source in pairs:
        while pairs[source] in pairs:
            pairs[source] = pairs[pairs[source]]
    return {source: target for source, target in pairs.items() if source != target}


def main(path: str) -> None:
    """Write the table, sorted, in lines of equal length."""
    text = "".join(source + target for source, target in sorted(read_pairs(Path(path).read_text("utf-8")).items()))
    lines = [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
    TARGET.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1])
