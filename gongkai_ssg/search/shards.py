"""Shards as files: plain scripts that hand their content to the engine, readable without running them too."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any

import numpy as np

from gongkai_ssg.search.layout import ALPHABET
from gongkai_ssg.search.postings import SEVERAL, Postings

FORMAT = 7
"""What engine and index must agree on. It stands in every file."""

_LETTERS = np.frombuffer(ALPHABET.encode(), np.uint8)


def script(name: str, stamp: str, content: object) -> bytes:
    """A file of the index.

    :param name: its address below ``search/`` without ending.
    :param stamp: of the tier's numbering: files of different stamps must not meet.
    """
    words = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    words = words.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'GongkaiSearch.put("{name}",{FORMAT},"{stamp}",{words});\n'.encode()


def binary_script(name: str, stamp: str, content: bytes) -> bytes:
    """A file of the index that holds bytes."""
    return b'GongkaiSearch.put("%s",%d,"%s","%s");\n' % (name.encode(), FORMAT, stamp.encode(), b64encode(content))


def read_script(data: bytes) -> tuple[str, Any]:
    """(stamp, content) of a file of the index.

    :raises ValueError: if it is none, or of another format.
    """
    start, end = data.find(b"("), data.rfind(b");")
    name, form, stamp, content = json.loads(b"[" + data[start + 1 : end] + b"]")
    if form != FORMAT or not isinstance(name, str):
        raise ValueError(name)
    return stamp, content


def read_binary_script(data: bytes) -> tuple[str, bytes]:
    """(stamp, content) of a file that holds bytes."""
    stamp, content = read_script(data)
    return stamp, b64decode(content)


def follower_texts(postings: Postings, cuts: list[int]) -> list[tuple[str, str]]:
    """For each shard the followers of its postings as text: (one character a posting, the lists of ``SEVERAL``).

    :param cuts: where the shards' keys begin among all keys, one more than there are shards.
    """
    ends = np.concatenate(([0], np.cumsum(postings.counts)))[cuts]
    several_before = np.concatenate(([0], np.cumsum(postings.followers == SEVERAL)))[ends]
    several_ends = np.concatenate(([0], np.cumsum(postings.several_sizes)))[several_before]
    main = _LETTERS[postings.followers].tobytes().decode()
    more = _LETTERS[postings.several].tobytes().decode()
    starts, ends_list = ends.tolist(), several_ends.tolist()
    return [
        (main[starts[shard] : starts[shard + 1]], more[ends_list[shard] : ends_list[shard + 1]])
        for shard in range(len(cuts) - 1)
    ]
