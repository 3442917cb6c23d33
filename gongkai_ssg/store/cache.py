"""The rows of the last build, kept for the next. What is damaged, foreign or older is dropped, never trusted."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import shutil
import sqlite3
import sys
from importlib.util import find_spec
from pathlib import Path

from gongkai_ssg.store.store import Store

_PACKAGE = Path(__file__).resolve().parents[1]
_SECOND = 1_000_000_000
_LIBRARIES = ("jinja2", "markdown_it", "mdit_py", "markupsafe", "pydantic", "pyyaml", "nh3")


class Cache:
    """Where the rows of one site and one output are kept.

    A stamp beside the file says when it was written: a file that anyone else has touched since is not
    what was written. (Archives that keep whole seconds only are allowed for.)
    """

    def __init__(self, folder: Path, name: str) -> None:
        """:param name: what tells this site and output from others that share the folder."""
        key = hashlib.sha256(name.encode()).hexdigest()[:12]
        self.folder = folder
        self.path = folder / f"build-{key}.sqlite"
        self._new = folder / f"build-{key}.new.sqlite"
        self._stamp = folder / f"build-{key}.json"
        self._journal = folder / f"build-{key}.sqlite-journal"
        self._texts = f"texts-{key}-"

    def open(self, code: str) -> Store | None:
        """The kept rows; None where there are none that can be trusted.

        :param code: what the rows depend on besides the site: the program and what it runs on.
        """
        if not self.path.is_file() or not self._is_as_written():
            return None
        try:
            store = Store.open(self.path)
        except sqlite3.Error:
            return None
        try:
            if store.get("code") == code:
                return store
        except sqlite3.Error:
            pass
        store.close()
        return None

    def create(self) -> Store:
        """Empty rows, which become the cache when they are kept."""
        return Store.create(self._new)

    def texts(self, name: str = "") -> Path:
        """The folder of the texts that the kept rows tell of, or a new one for those of a store that is created.

        :param name: of a folder; the rows keep it as ``texts``.
        """
        if not name:
            self._forget_texts(self._stamped()[2])
        folder = self.folder / (name or f"{self._texts}{os.urandom(4).hex()}")
        folder.mkdir(exist_ok=True)
        return folder

    def tidy(self) -> None:
        """Remove what builds that were killed have left."""
        for old in self.folder.glob("build-*/"):
            shutil.rmtree(old, ignore_errors=True)

    def keep(self, store: Store) -> None:
        """Commit and close the rows; from now on they are the cache."""
        texts = store.get("texts")
        store.db.execute("COMMIT")
        store.close()
        if store.path == self._new:
            self._stamp.unlink(missing_ok=True)
            self._journal.unlink(missing_ok=True)  # of rows that are replaced: these would be undone by it
            os.replace(self._new, self.path)
        about = self.path.stat()
        stamp = self._stamp.with_suffix(".tmp")
        stamp.write_text(json.dumps([about.st_mtime_ns, about.st_size, texts]), encoding="utf-8")
        os.replace(stamp, self._stamp)
        self._forget_texts(texts)

    def drop(self) -> None:
        """Forget the kept rows."""
        for path in (self._stamp, self._journal, self.path, self._new):
            path.unlink(missing_ok=True)
        self._forget_texts("")

    def _forget_texts(self, but: str) -> None:
        for old in self.folder.glob(f"{self._texts}*/"):
            if old.name != but:
                shutil.rmtree(old, ignore_errors=True)

    def _is_as_written(self) -> bool:
        written, size, _ = self._stamped()
        try:
            about = self.path.stat()
        except OSError:
            return False
        restored = about.st_mtime_ns % _SECOND == 0 and about.st_mtime_ns == written - written % _SECOND
        return about.st_size == size and (about.st_mtime_ns == written or restored)

    def _stamped(self) -> tuple[int, int, str]:
        """When the kept rows were written, how long they are, and what folder of texts they tell of."""
        try:
            written, size, texts = json.loads(self._stamp.read_text(encoding="utf-8"))
            return int(written), int(size), str(texts)
        except (OSError, ValueError, TypeError):
            return -1, -1, ""


@functools.cache
def fingerprint_of_program() -> str:
    """A hash of the program and of what its results depend on: the same program on the same libraries.

    Taken once: what a process runs is what it read when it began.
    """
    digest = hashlib.sha256()
    digest.update(repr((sys.version_info[:3], platform.python_implementation(), sqlite3.sqlite_version)).encode())
    found = find_spec("pydantic")  # where the libraries are, without importing one
    if found is not None and found.origin is not None:
        installed = Path(found.origin).parents[1].glob("*.dist-info")
        libraries = sorted(each.name for each in installed if each.name.lower().startswith(_LIBRARIES))
        digest.update(repr(libraries).encode())
    for folder, folders, names in os.walk(_PACKAGE):  # messages, and the words that ship with it, are of it too
        folders[:] = sorted(set(folders) - {"__pycache__"})
        for name in sorted(names):
            path = Path(folder, name)
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
