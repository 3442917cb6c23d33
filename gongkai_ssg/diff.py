"""``gongkai diff``: what to upload and what to delete, so that a host holds what the output holds.

Only manifests are read. A manifest that is old is whatever the host may hold; there may be several,
where an upload was cut off: then a file is left alone only if all of them have it as it is now.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from gongkai_ssg.store.output import JOURNAL, MANIFEST, STAGE

UPLOAD, DELETE = "upload", "delete"
STAGES = ("pages", "lists", "manifest")
"""What is uploaded in turn: what others link to, what links to it, and what says that it is there."""

_PARTS = 256
_PART = re.compile(r"[0-9a-f]{2}\.json")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LINKED_TO = ("assets/", "items/", "guides/", "reports/")
_LAST = ("index.html", "feed.xml", "sitemap", "robots.txt", "_headers")


class NoManifest(Exception):
    """A place that can't be compared: ``place``, and ``reason``, a key of the catalogue's ``diff.…``."""

    def __init__(self, place: Path, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


class Held(NamedTuple):
    """What is known of a file."""

    size: int
    digest: str


class Step(NamedTuple):
    """One thing to do, at an address from the root of the output; what is known of a file to upload."""

    action: str
    stage: str
    address: str
    file: Held | None = None


Manifest = dict[str, Held]


def read_manifest(place: Path, whole: bool) -> tuple[Manifest, list[str]]:
    """What an output, or the folder of its manifest, says it holds; and the parts that tell nothing.

    :param whole: whether all parts must be there and sound: what they don't name is going to be deleted.
    :raises NoManifest: if it says nothing.
    """
    try:
        return _read_manifest(place, whole)
    except OSError:
        raise NoManifest(place, "unreadable") from None


def _read_manifest(place: Path, whole: bool) -> tuple[Manifest, list[str]]:
    if not place.is_dir():
        raise NoManifest(place, "no_folder")
    folder = place / MANIFEST if (place / MANIFEST).is_dir() else place
    parts = {path.name: path for path in folder.iterdir() if _PART.fullmatch(path.name)}
    if not parts and any(place.iterdir()):
        raise NoManifest(place, "no_manifest")
    manifest: Manifest = {}
    damaged = []
    for number in range(_PARTS if parts else 0):
        name = f"{number:02x}.json"
        data = parts[name].read_bytes() if name in parts else b""
        entries = _entries(data)
        if entries is None:
            damaged.append(name)
            continue
        manifest.update(entries)
        manifest[f"{MANIFEST}/{name}"] = Held(len(data), hashlib.sha256(data).hexdigest())
    if whole and (damaged or not manifest):
        raise NoManifest(place, "damaged" if damaged else "no_manifest")
    if whole and any((place / STAGE).glob(f"{JOURNAL}*")):
        raise NoManifest(place, "unfinished")
    return manifest, damaged


def _entries(data: bytes) -> Manifest | None:
    """One part; None unless it is one, whole, and names nothing outside."""
    try:
        read = json.loads(data)
    except ValueError:
        return None
    if not isinstance(read, dict):
        return None
    entries: Manifest = {}
    for address, value in read.items():
        match value:
            case [int(size), str(digest)] if _DIGEST.fullmatch(digest) and _is_inside(address):
                entries[address] = Held(size, digest)
            case _:
                return None
    return entries


def _is_inside(address: str) -> bool:
    """A path below the root that can stand on a line."""
    parts = address.split("/")
    return not _CONTROL.search(address) and "\\" not in address and not {"", ".", ".."}.intersection(parts)


def steps(olds: Sequence[Manifest], new: Manifest) -> Iterator[Step]:
    """What to do, in an order that is safe while readers read.

    Pages go before pages that link to them. What is deleted goes when no new page links to it any
    more, and before the manifest, which so never claims less than there is: cut off anywhere, the
    same steps can be found again. Only what stands in the way, a file for a folder, goes first.
    """
    uploads = {
        address: file for address, file in new.items() if not olds or any(old.get(address) != file for old in olds)
    }
    deletes = {address for old in olds for address in old if address not in new}
    obstacles = set(_in_the_way(deletes, uploads))
    yield from (Step(DELETE, "pages", address) for address in sorted(obstacles))
    ordered = sorted(uploads, key=_turn)
    yield from (Step(UPLOAD, stage_of(each), each, uploads[each]) for each in ordered if stage_of(each) != "manifest")
    last_first = sorted(sorted(deletes - obstacles, key=_turn), key=lambda each: _turn(each)[0], reverse=True)
    yield from (Step(DELETE, "lists", address) for address in last_first if stage_of(address) != "manifest")
    yield from (Step(UPLOAD, "manifest", each, uploads[each]) for each in ordered if stage_of(each) == "manifest")
    yield from (Step(DELETE, "manifest", address) for address in last_first if stage_of(address) == "manifest")


def stage_of(address: str) -> str:
    """The stage in which an address is uploaded."""
    if address.startswith(f"{MANIFEST}/"):
        return "manifest"
    return "pages" if address.startswith(_LINKED_TO) else "lists"


def _turn(address: str) -> tuple[int, str]:
    """A sort key: assets, attachments, items, standing pages, lists, home and feeds, manifest."""
    match stage_of(address):
        case "pages":
            folder = address.partition("/")[0]
            place = 0 if folder == "assets" else 3 if folder != "items" else 2 if address.endswith(".html") else 1
        case "lists":
            feed = address.endswith("/feed.xml")
            place = 5 if feed or ("/" not in address and address.startswith(_LAST)) else 4
        case _:
            place = 6
    return place, address


def _in_the_way(deletes: Iterable[str], uploads: Iterable[str]) -> Iterator[str]:
    """What must go before something can be uploaded: files where folders must be, files in folders where a file must."""
    targets = set(uploads)
    folders = {folder for address in targets for folder in _folders_of(address)}
    yield from (each for each in deletes if each in folders or not targets.isdisjoint(_folders_of(each)))


def _folders_of(address: str) -> Iterator[str]:
    parent = address.rpartition("/")[0]
    while parent:
        yield parent
        parent = parent.rpartition("/")[0]


def as_text(step: Step, bare: bool) -> str:
    """One line: the address, behind what to do with it unless only one thing is asked for."""
    return step.address if bare else f"{step.action} {step.address}"


def as_json(step: Step) -> str:
    """One object."""
    about = {"action": step.action, "stage": step.stage, "path": step.address}
    known = {"size": step.file.size, "sha256": step.file.digest} if step.file else {}
    return json.dumps({**about, **known}, ensure_ascii=False)


def write_lists(found: Iterable[Step], folder: Path) -> None:
    """``<stage>-upload`` and ``<stage>-delete`` for each stage: addresses, each ended by NUL.

    :raises OSError: if they can't be written.
    """
    lists: dict[str, list[str]] = {f"{stage}-{action}": [] for stage in STAGES for action in (UPLOAD, DELETE)}
    for step in found:
        lists[f"{step.stage}-{step.action}"].append(f"{step.address}\0")
    folder.mkdir(parents=True, exist_ok=True)
    for name, addresses in lists.items():
        (folder / name).write_bytes("".join(addresses).encode())
