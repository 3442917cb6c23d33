"""The processes that read: where much is to be read they get ready before it is known how."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial

from gongkai_ssg.parallel import open_executor, useful
from gongkai_ssg.reading.chunks import Reader, ReadResult, ToRead, get_ready, prepare_reading, read_task, read_with
from gongkai_ssg.reading.listing import Listing

_ReadTask = Callable[[list[ToRead]], ReadResult]


class Readers:
    """What reads chunks.

    :param jobs: as many processes as may read.
    :param ready: those that got ready, if any did; they read once.
    """

    def __init__(self, jobs: int, ready: Executor | None = None) -> None:
        self._jobs = jobs
        self._ready = ready

    @contextmanager
    def opened(self, reader: Reader, sources: int) -> Iterator[tuple[Executor, _ReadTask]]:
        """A pool, and what it does with a chunk of so many sources: the pool that is ready, if there is one."""
        ready, self._ready = self._ready, None
        if ready is None or reader.spill is None:
            with open_executor(useful(self._jobs, sources), prepare_reading, (reader,)) as executor:
                yield executor, read_task
            return
        place = reader.spill / "reader"
        place.write_bytes(pickle.dumps(reader))
        with ready:
            yield ready, partial(read_with, str(place))


@contextmanager
def readers_for(jobs: int, looked: Mapping[str, Listing]) -> Iterator[Readers]:
    """Readers; they get ready at once, while this process reads the site's own files, if there is much for them.

    :param looked: what is known to lie in the content folder and must all be read.
    """
    jobs_now = useful(jobs, sum(len(each.entries) for each in looked.values()))
    if jobs_now == 1:
        yield Readers(jobs)
        return
    with open_executor(jobs_now, get_ready, ()) as executor:
        yield Readers(jobs, executor)
