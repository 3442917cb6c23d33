"""Sources as the store knows them, beside what a scan has found."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.reading.chunks import ToRead, digest_of, path_key
from gongkai_ssg.reading.listing import YOUNG
from gongkai_ssg.reading.sources import Scan, Source
from gongkai_ssg.store.store import Store


@dataclass(slots=True)
class Differences:
    """What is to be read, and what is gone."""

    items: list[ToRead] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    guides: list[Source] = field(default_factory=list)
    guides_gone: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    rows: list[Source] = field(default_factory=list)
    rows_gone: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    added: int = 0

    def __bool__(self) -> bool:
        return bool(self.items or self.gone or self.guides or self.guides_gone or self.files)


def known_folders(store: Store) -> dict[str, bytes]:
    """The folders of the last scan with their digests."""
    return dict(store.rows("SELECT path, digest FROM folders"))


def differences(store: Store, scan: Scan, root: Path) -> Differences:
    """Compare the folders that differ with what is known of them; of what looks different, some may be the same."""
    found = Differences()
    last = store.value("SELECT max(item) FROM sources") or 0
    seen = {folder.path for folder in scan.folders}
    known: dict[str, tuple[str, int, int, bytes | None, int | None]] = {}
    lost = [path for (path,) in store.rows("SELECT path FROM folders") if path not in seen and path not in scan.same]
    for folder in (*seen, *lost):
        rows = store.rows("SELECT path, kind, mtime, size, digest, item FROM sources WHERE folder = ?", folder)
        known.update((row[0], row[1:]) for row in rows.fetchall())
    present: set[str] = set()
    for source in sorted(scan.sources("item", "guide", "file")):
        present.add(source.path)
        before = known.get(source.path)
        if before is not None and before[:3] == (source.kind, source.mtime, source.size):
            continue
        found.rows.append(source)
        if source.kind == "item":
            if before is None or before[4] is None:
                last += 1
                found.added += 1
            number = before[4] if before and before[4] else last
            found.numbers[source.path] = number
            found.items.append(ToRead(number, source.path, before[3] if before else None))
        elif source.kind == "guide":
            found.guides.append(source)
        elif before is None or before[2] != source.size or not _is_published_as(store, root, source.path):
            found.files.append(source.path)
    for path in sorted(known.keys() - present):
        kind, *_, item = known[path]
        found.rows_gone.append(path)
        if kind == "item":
            found.gone.append(int(item or 0))
        elif kind == "guide":
            found.guides_gone.append(path)
        else:
            found.files.append(path)
    for folder in lost:
        store.db.execute("DELETE FROM folders WHERE path = ?", (folder,))
    return found


def _is_published_as(store: Store, root: Path, path: str) -> bool:
    """Whether a file of the same size still has the bytes that were published, or is published nowhere."""
    rows = store.rows(
        "SELECT digest FROM copies JOIN outputs ON outputs.address = copies.address WHERE source = ?", path
    ).fetchall()
    if not rows:
        return store.value("SELECT 1 FROM copies WHERE source = ?", path) is None
    return hashlib.sha256((root / path).read_bytes()).hexdigest() == str(rows[0][0])


def are_others(sources: Sequence[ToRead], root: Path) -> bool:
    """Whether most of what looks different is, as far as some of them tell: in a fresh clone only the times are."""
    some = sources[:: max(1, len(sources) // _SAMPLE)]
    others = 0
    for each in some:
        try:
            others += digest_of((root / each.path).read_bytes()) != each.digest
        except OSError:
            others += 1
    return others > len(some) / 2


_SAMPLE = 50
"""So many items tell whether those whose times differ are others."""


def note_folders(store: Store, scan: Scan) -> None:
    """Keep the digests and findings of folders that differ."""
    rows = [(folder.path, folder.digest, write_findings(folder.findings)) for folder in scan.folders]
    store.db.executemany("INSERT OR REPLACE INTO folders VALUES (?, ?, ?)", rows)


def note_sources(store: Store, found: Differences, digests: dict[int, bytes | None]) -> None:
    """Keep what was seen of each source; of one too young to be sure of, no time."""
    young = time.time_ns() - 2 * YOUNG
    rows = []
    for source in found.rows:
        number = found.numbers.get(source.path)
        mtime = source.mtime if source.mtime < young else 0
        folder = source.path.rpartition("/")[0] + "/"
        key = source.path if source.kind == "item" else path_key(source.path)
        digest = digests.get(number) if number is not None else None
        rows.append((source.path, folder, source.kind, mtime, source.size, digest, key, number))
    store.db.executemany("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    store.db.executemany("DELETE FROM sources WHERE path = ?", [(path,) for path in found.rows_gone])
    distrust(store, [path for path, number in found.numbers.items() if digests.get(number, b"") is None])


def distrust(store: Store, paths: Iterable[str]) -> None:
    """Read some sources again next time, whatever their times say: they could not be read, and leave to read changes none."""
    for path in paths:
        store.db.execute("UPDATE sources SET mtime = 0 WHERE path = ?", (path,))
        store.db.execute("UPDATE folders SET digest = x'' WHERE path = ?", (path.rpartition("/")[0] + "/",))


def write_findings(findings: Iterable[Finding]) -> str:
    """Findings as text for the store."""
    return json.dumps([each.as_row() for each in findings], ensure_ascii=False)


def read_findings(text: str) -> list[Finding]:
    """Findings from the store."""
    return [Finding(*row) for row in json.loads(text or "[]")]


def kept_findings(store: Store) -> list[Finding]:
    """What scanning and reading said, now or in earlier builds."""
    found = [
        each
        for (text,) in store.rows("SELECT findings FROM folders WHERE findings <> '[]'")
        for each in read_findings(text)
    ]
    found += [each for (text,) in store.rows("SELECT data FROM findings") for each in read_findings(text)]
    return found


def keep_findings(store: Store, findings: Iterable[Finding]) -> None:
    """Keep what reading said."""
    store.insert("findings", [(each.path, write_findings([each])) for each in findings])
