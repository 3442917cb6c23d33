"""Run a command to its end and tell what it cost: time, processor and memory of all its processes.

CPU time comes from `wait4`, which counts every descendant that its parent waited for; on Linux
this process also adopts and counts the others, such as Python's fork server. Memory is sampled:
the sum over the process tree of the proportional set size (Pss), in which a page shared
by n processes counts 1/n in each; a plain sum of RSS would charge forked workers for memory that
exists once. Both are reported. Peaks shorter than the sampling interval can be missed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter, sleep

import psutil

INTERVAL = 0.08  # seconds between two samples
_GRACE = 5.0  # seconds that processes left behind have to end by themselves
_PR_SET_CHILD_SUBREAPER = 36  # from <linux/prctl.h>
_BUSY = 0.05  # sampling may take this share of one core; it slows down rather than take more


@dataclass(frozen=True)
class Measure:
    """The cost of one run."""

    status: int  # exit status; negative: the signal that ended it
    wall: float  # seconds from start to end
    cpu: float  # seconds in user and system mode, all processes
    peak_pss: int  # bytes, the tree's highest sum of Pss; of RSS where Pss cannot be read
    peak_rss: int  # bytes, the tree's highest sum of RSS
    samples: int  # how often memory was looked at


class _Sampler(Thread):
    """Watches the memory of a process and its descendants until told to stop."""

    def __init__(self, pid: int, interval: float) -> None:
        super().__init__(daemon=True)
        self.pid, self.interval = pid, interval
        self.peak_pss = self.peak_rss = self.samples = 0
        self.cpu: dict[int, float] = {}  # last known CPU seconds, where wait4 does not exist
        self.finished = Event()

    def run(self) -> None:
        """Sample until `finished` is set."""
        pause = 0.0
        while not self.finished.wait(pause):
            begun = perf_counter()
            pss = rss = 0
            for pid in _tree(self.pid):
                one_pss, one_rss = _memory(pid)
                pss, rss = pss + one_pss, rss + one_rss
                if not hasattr(os, "wait4"):
                    self.cpu[pid] = _cpu(pid, self.cpu.get(pid, 0.0))
            self.peak_pss, self.peak_rss = max(self.peak_pss, pss), max(self.peak_rss, rss)
            self.samples += 1
            pause = max(self.interval, (perf_counter() - begun) / _BUSY)


def run(
    command: Sequence[str],
    cwd: Path,
    log: Path,
    env: Mapping[str, str] | None = None,
    interval: float = INTERVAL,
) -> Measure:
    """Run `command` in `cwd`, its output going to the file `log`, and measure it.

    `env` is the whole environment, by default this process's. If this process is interrupted
    meanwhile, the command and what it started are ended too. Raises OSError if it cannot start.
    """
    _adopt_orphans()
    with log.open("wb") as output:
        begun = perf_counter()
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        sampler = _Sampler(process.pid, interval)
        sampler.start()
        try:
            status, ended, cpu = _wait(process)
        except BaseException:
            _end(process)
            raise
        finally:
            sampler.finished.set()
            sampler.join()
    if cpu is None:
        cpu = sum(sampler.cpu.values())
    return Measure(status, ended - begun, cpu, sampler.peak_pss, sampler.peak_rss, sampler.samples)


def _adopt_orphans() -> None:
    """Make this process the new parent of descendants that lose theirs, so it can wait for them."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float, float | None]:
    """Exit status, the time of the end, and CPU seconds, None where the system does not tell."""
    if not hasattr(os, "wait4"):
        return process.wait(), perf_counter(), None
    _, code, usage = os.wait4(process.pid, 0)
    ended = perf_counter()
    process.returncode = os.waitstatus_to_exitcode(code)  # so that Popen does not wait again
    return process.returncode, ended, usage.ru_utime + usage.ru_stime + _orphans(process.pid)


def _orphans(group: int) -> float:
    """CPU seconds of adopted processes of `group`; those that do not end are ended."""
    seconds = 0.0
    deadline = perf_counter() + _GRACE
    while True:
        try:
            pid, _, usage = os.wait4(-group, os.WNOHANG)
        except ChildProcessError:
            return seconds
        if pid:
            seconds += usage.ru_utime + usage.ru_stime
            continue
        if perf_counter() > deadline:
            os.killpg(group, signal.SIGKILL)
        sleep(0.005)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and its group, which is its own."""
    if process.returncode is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _tree(pid: int) -> list[int]:
    """The ids of `pid` and its living descendants."""
    if not sys.platform.startswith("linux"):
        try:
            return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
        except psutil.Error:
            return []
    found = [pid]
    for one in found:  # grows while it is walked
        try:
            threads = os.listdir(f"/proc/{one}/task")
        except OSError:
            continue
        for thread in threads:
            try:
                with open(f"/proc/{one}/task/{thread}/children", "rb") as file:
                    found += map(int, file.read().split())
            except OSError:
                continue
    return found


def memory_of(pid: int) -> int:
    """Pss of a process and its living descendants, in bytes."""
    return sum(_memory(one)[0] for one in _tree(pid))


def _memory(pid: int) -> tuple[int, int]:
    """Pss and RSS of one process in bytes; zeros if it is gone."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
            rows = dict(line.split()[:2] for line in file if line[:4] in (b"Rss:", b"Pss:"))
        return int(rows[b"Pss:"]) * 1024, int(rows[b"Rss:"]) * 1024
    except (OSError, KeyError, ValueError):
        pass
    try:
        rss: int = psutil.Process(pid).memory_info().rss
    except psutil.Error:
        return 0, 0
    return rss, rss


def _cpu(pid: int, known: float) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return known
    return float(times.user + times.system)
