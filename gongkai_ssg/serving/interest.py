"""Which places a site depends on, and which changes in them matter."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from gongkai_ssg.config import Config, Folders
from gongkai_ssg.rendering.theme import find_theme

_NEVER = frozenset({".git", ".svn", "node_modules", "__pycache__"})
_PASSING = re.compile(
    r"~$|^~\$|^\.~lock\.|^~wr[ld].*\.tmp$|\.sw[a-z]{1,2}$|^4913$|^\.#|^#.*#$|___jb_(?:tmp|old)___$|^\.goutputstream-"
    r"|\.kate-swp$|\.(?:tmp|temp|part|crdownload|bak)$|^\.ds_store$|^thumbs\.db$|^desktop\.ini$",
    re.IGNORECASE,
)
"""Files that editors and systems make for a moment, or for themselves."""


@dataclass(frozen=True)
class Interest:
    """What to watch.

    :ivar trees: folders whose files all matter.
    :ivar chain: folders of which only what leads to the trees matters, and ``config_file``.
    :ivar ignored: folders in which nothing matters: what we write ourselves.
    :ivar git_lock: the file that is there while git changes the files.
    """

    config_file: str
    trees: tuple[str, ...]
    chain: tuple[str, ...]
    ignored: tuple[str, ...]
    git_lock: str | None = None

    def matters(self, path: str) -> bool:
        """Whether a change at a path may change the site."""
        if path == self.config_file:
            return True
        if _PASSING.search(os.path.basename(path)) or any(_within(path, each) for each in self.ignored):
            return False
        for tree in self.trees:
            if _within(path, tree):
                return _NEVER.isdisjoint(path[len(tree) :].split(os.sep))
        return any(_within(tree, path) for tree in self.trees)  # a folder on the way to a tree came or went


def interest_of(config_file: Path, site: tuple[Config, Folders] | None) -> Interest:
    """What a site depends on; where its configuration is broken, what it depends on in all likelihood."""
    root = config_file.resolve().parent
    content = site[1].content if site else root / "content"
    trees = [content, *(root / name for name in ("templates", "assets", "themes"))]
    theme = find_theme(root, site[0].theme) if site else None
    if theme is not None and not theme.is_relative_to(root):
        trees.append(theme)
    ignored = [root / site[0].output, root / site[0].cache] if site else [root / "public", root / ".gongkai"]
    ways = {root} | {parent for parent in content.parents if parent.is_relative_to(root)}
    return Interest(
        str(root / config_file.name),
        tuple(os.path.normpath(each) for each in trees),
        tuple(sorted(str(each) for each in ways)),
        tuple(os.path.normpath(each) for each in ignored),
        next((str(each / ".git/index.lock") for each in (root, *root.parents) if (each / ".git").is_dir()), None),
    )


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)
