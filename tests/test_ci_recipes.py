"""The recipes in ``ci/``: the scripts are run wholly, the others read, and their script lines run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.site import CODE, item, lay_out, tree

ROOT = Path(__file__).parents[1]
RECIPES = ROOT / "ci"
MARKER = ".gongkai-output"
SECRET = item("00009", body="机密★10年")
NEW = f"items/{CODE}/2024-00002.html"

needs_rsync = pytest.mark.skipif(
    sys.platform == "win32" or not shutil.which("rsync") or not shutil.which("flock"), reason="needs rsync and flock"
)


class Place:
    """A git server, a web host and a machine that publishes, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.host = folder / "host"
        self.work = folder / "publisher"
        self.editor = folder / "editor"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GONGKAI"))},
            "PYTHONPATH": str(ROOT),
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        for who in ("AUTHOR", "COMMITTER"):
            self.environment |= {f"GIT_{who}_NAME": "x", f"GIT_{who}_EMAIL": "x@example.gov.cn"}
        self.host.mkdir()
        (self.host / "own.txt").write_text("theirs")
        self.program("gongkai", f'exec {sys.executable} -m gongkai_ssg "$@"')
        self.git("init", "--quiet", "--bare", "--initial-branch=main", "server.git", where=folder)
        self.git("clone", "--quiet", "server.git", "editor", where=folder)
        (self.editor / ".gitignore").write_text("public/\n.gongkai/\n")
        lay_out(self.editor, f"-- content/items/xzf/1.md --\n{item()}")
        self.push()
        self.settings = folder / "publish.conf"
        self.settings.write_text(
            f"REPOSITORY='{folder}/server.git'\nPLACE='{self.work}'\nTARGET='{self.host}'\nGONGKAI='{folder}/bin/gongkai'\n"
        )

    def program(self, name: str, line: str) -> None:
        path = self.folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)

    def git(self, *words: str, where: Path | None = None) -> None:
        subprocess.run(["git", *words], cwd=where or self.editor, env=self.environment, check=True, capture_output=True)

    def push(self, text: str = "") -> None:
        lay_out(self.editor, text, defaults=False)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "x", "--allow-empty")
        self.git("push", "--quiet", "origin", "HEAD:main")

    def publish(self, **environment: str) -> subprocess.CompletedProcess[str]:
        words = ["sh", str(RECIPES / "publish.sh"), str(self.settings)]
        variables = {**self.environment, **environment}
        return subprocess.run(words, env=variables, capture_output=True, text=True, check=False, timeout=100)

    @property
    def output(self) -> Path:
        return self.work / "checkout/public"

    def same(self) -> bool:
        """Whether the host holds the output, beside what is its own, and no empty folder."""
        made, held = tree(self.output), tree(self.host)
        made.pop(MARKER)
        assert held.pop("own.txt") == b"theirs"
        assert not [path for path in self.host.rglob("*") if path.is_dir() and not any(path.iterdir())]
        return made == held


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "一 处")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> Iterator[None]:
    (tmp_path / "一 处").mkdir()
    yield


@needs_rsync
def test_publishing_brings_the_host_to_the_branch_each_time(place: Place) -> None:
    done = place.publish()
    assert done.returncode == 0, done.stderr
    assert place.same()
    place.push(
        f"-- content/items/xzf/2.md --\n{item('00002', attachments='[表.pdf]')}\n-- content/items/xzf/表.pdf --\nx"
    )
    assert place.publish().returncode == 0
    assert place.same() and (place.host / NEW).is_file()
    (place.editor / "content/items/xzf/2.md").unlink()
    place.push()
    assert place.publish().returncode == 0
    assert place.same() and not (place.host / NEW).exists()


@needs_rsync
def test_files_that_are_the_same_are_not_sent_again(place: Place) -> None:
    place.publish()
    times = {path: path.stat().st_mtime_ns for path in place.host.rglob("*") if path.is_file()}
    inodes = {path: path.stat().st_ino for path in times}
    place.push(f"-- content/items/xzf/1.md --\n{item(body='另一段。')}")
    assert place.publish().returncode == 0
    sent = {path.relative_to(place.host).as_posix() for path in times if path.stat().st_ino != inodes[path]}
    assert f"items/{CODE}/2024-00001.html" in sent
    assert len([path for path in sent if not path.startswith("search/")]) < 12, sent


@needs_rsync
def test_cache_and_output_stay_between_runs_and_nothing_is_done_for_nothing(place: Place) -> None:
    place.publish()
    cache = next((place.work / "checkout/.gongkai").glob("build-*.sqlite"))
    before = cache.stat().st_mtime_ns, cache.stat().st_ino
    assert place.publish().stderr == ""
    assert (cache.stat().st_mtime_ns, cache.stat().st_ino) == before, "nothing is built"
    place.push(f"-- content/items/xzf/1.md --\n{item(title='另一个')}")
    place.publish()
    assert cache.stat().st_ino == before[1] and cache.stat().st_mtime_ns != before[0], "the cache is gone on with"


@needs_rsync
def test_another_day_in_china_is_a_reason_to_build(place: Place) -> None:
    place.program("date", 'case "$*" in *%Y-%m-%d*) echo "$DAY" ;; *) exec /bin/date "$@" ;; esac')
    path = f"{place.folder}/bin:{os.environ['PATH']}"
    place.push(f"-- content/items/xzf/2.md --\n{item('00002', publish_at='2030-01-02')}")
    place.publish(PATH=path, DAY="2030-01-01")
    assert place.same() and not (place.host / NEW).exists()
    place.publish(PATH=path, DAY="2030-01-02")
    assert place.same() and (place.host / NEW).exists()


@needs_rsync
@pytest.mark.parametrize("harm", ["secret", "config", "strict"])
def test_a_stop_leaves_the_host_as_it_is_and_is_told_once(place: Place, harm: str) -> None:
    place.publish()
    before = tree(place.host)
    if harm == "strict":
        with place.settings.open("a") as file:
            file.write("BUILD_OPTIONS=--strict\n")
    texts = {
        "secret": f"-- content/items/xzf/9.md --\n{SECRET}",
        "config": "-- config.yaml --\nsite: [",
        "strict": f"-- content/items/xzf/9.md --\n{item('00009', body='')}",
    }
    place.push(texts[harm] + f"\n-- content/items/xzf/2.md --\n{item('00002')}")
    done = place.publish()
    assert done.returncode == (2 if harm == "config" else 1)
    assert "nothing is uploaded" in done.stderr
    assert tree(place.host) == before
    again = place.publish()
    assert (again.returncode, again.stdout, again.stderr) == (1, "", "")
    place.push("-- config.yaml --\n" + (place.editor / "config.yaml").read_text() if harm == "strict" else "")


@needs_rsync
def test_an_item_in_error_is_left_out_and_the_rest_goes_online(place: Place) -> None:
    place.push(
        f"-- content/items/xzf/2.md --\n{item('00002')}\n-- content/items/xzf/3.md --\n{item('00003', date='nie')}"
    )
    done = place.publish()
    assert done.returncode == 0
    assert "content/items/xzf/3.md" in done.stdout
    assert place.same() and (place.host / NEW).is_file()


@needs_rsync
@pytest.mark.parametrize("after", range(1, 9))
def test_an_upload_that_is_cut_off_anywhere_is_made_good_by_the_next_one_for_another_state(
    place: Place, after: int
) -> None:
    place.publish()
    counted = f'n=$(cat "{place.folder}/n" 2>/dev/null || echo 0); n=$((n + 1)); echo $n >"{place.folder}/n"'
    place.program("rsync", f'{counted}; [ $n -le {after} ] || exit 12\nexec {shutil.which("rsync")} "$@"')
    path = f"{place.folder}/bin:{os.environ['PATH']}"
    text = f"-- content/items/xzf/2.md --\n{item('00002', aliases='[old/a.html]')}\n-- content/items/xzf/1.md --\n{item(title='二')}"
    (place.editor / "content/items/xzf/1.md").unlink()
    place.push(text)
    cut_off = place.publish(PATH=path).returncode != 0
    (place.editor / "content/items/xzf/2.md").unlink()
    place.push(
        f"-- content/items/xzf/1.md --\n{item()}\n-- content/items/xzf/3.md --\n{item('00003', aliases='[old/a.html/b.html]')}"
    )
    done = place.publish()
    assert done.returncode == 0, done.stderr
    assert place.same()
    assert cut_off or after > 5


@needs_rsync
def test_a_host_that_cant_be_reached_is_a_fault_that_is_tried_again(place: Place) -> None:
    place.host.rename(place.folder / "away")
    assert place.publish().returncode not in (0, 1)
    (place.folder / "away").rename(place.host)
    assert place.publish().returncode == 0
    assert place.same()


@needs_rsync
def test_of_three_runs_at_once_one_works_one_waits_and_one_leaves(place: Place) -> None:
    place.publish()
    place.program("gongkai", f'sleep 1\nexec {sys.executable} -m gongkai_ssg "$@"')
    place.push(f"-- content/items/xzf/2.md --\n{item('00002')}")
    words = ["sh", str(RECIPES / "publish.sh"), str(place.settings)]
    runs = []
    for _ in range(3):
        runs.append(subprocess.Popen(words, env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        time.sleep(0.3)
    assert runs[2].wait(10) == 0 and runs[0].poll() is None, "the third leaves at once"
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    for run in runs:
        run.communicate()
    assert place.same() and (place.host / NEW).is_file()


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="needs shellcheck")
@pytest.mark.parametrize("script", sorted(RECIPES.glob("*.sh")), ids=lambda path: path.name)
def test_the_scripts_are_plain_and_sound(script: Path) -> None:
    done = subprocess.run(["shellcheck", "--shell=sh", str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def read(path: str) -> dict[Any, Any]:
    loaded = yaml.safe_load((RECIPES / path).read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def run_lines(place: Place, lines: str, where: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Script lines as a runner runs them."""
    variables = {**place.environment, "PATH": f"{place.folder}/bin:{os.environ['PATH']}", **environment}
    words = ["bash", "-e", "-o", "pipefail", "-c", lines]
    return subprocess.run(words, cwd=where, env=variables, capture_output=True, text=True, check=False, timeout=100)


def fresh_clone(place: Place, name: str) -> Path:
    """A new checkout with the scripts, as a runner has it."""
    place.git("clone", "--quiet", "server.git", name, where=place.folder)
    shutil.copytree(RECIPES, place.folder / name / "ci")
    return place.folder / name


def carried_over(old: Path, new: Path, archive: Path) -> None:
    """Cache and output, through an archive with whole seconds."""
    with tarfile.open(archive, "w", format=tarfile.GNU_FORMAT) as kept:
        for name in (".gongkai", "public"):
            kept.add(old / name, name)
    with tarfile.open(archive) as kept:
        kept.extractall(new, filter="data")


@pytest.mark.parametrize("forge", ["github", "gitea"])
def test_a_workflow_is_built_as_the_forge_reads_it(forge: str) -> None:
    workflow = read(f"{forge}/gongkai.yml")
    events = workflow[True]  # what YAML 1.1 makes of "on"
    assert events["push"]["branches"] == ["main"]
    assert [entry["cron"] for entry in events["schedule"]] == [
        "1 16 * * *" if forge == "github" else "TZ=Asia/Shanghai 1 0 * * *"
    ]
    assert workflow.keys() <= {"name", True, "permissions", "jobs"}
    for job in workflow["jobs"].values():
        assert job.keys() <= {"if", "runs-on", "steps", "concurrency"}
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step)
            assert step.keys() <= {"name", "if", "uses", "with", "run", "env"}
            assert "${{" not in step.get("run", ""), "values reach scripts by the environment alone"


def test_the_pipeline_is_built_as_gitlab_reads_it() -> None:
    pipeline = read("gitlab/.gitlab-ci.yml")
    assert pipeline.keys() == {"workflow", "default", "check", "publish"}
    for job in (pipeline["check"], pipeline["publish"]):
        assert job.keys() <= {
            "rules", "script", "after_script", "artifacts", "resource_group", "variables", "cache", "allow_failure",
        }  # fmt: skip
        assert all(isinstance(line, str) for line in job["script"])
    assert pipeline["publish"]["cache"]["paths"] == [".gongkai", "public"]


def steps_of(recipe: str, job: str) -> list[str]:
    """The script lines of a job that need nothing but the site."""
    if recipe == "gitlab":
        lines = read("gitlab/.gitlab-ci.yml")[job]
        return ["\n".join(lines["script"]), *lines.get("after_script", [])]
    runs = [step["run"] for step in read(f"{recipe}/gongkai.yml")["jobs"][job]["steps"] if "run" in step]
    return [run for run in runs if "pip install" not in run and "fetch --quiet" not in run]


@needs_rsync
@pytest.mark.parametrize("recipe", ["github", "gitea", "gitlab"])
def test_the_lines_that_check_a_proposed_change_tell_good_from_bad(place: Place, recipe: str) -> None:
    good = fresh_clone(place, "good")
    assert [run_lines(place, lines, good).returncode for lines in steps_of(recipe, "check")] in ([0], [0, 0])
    lay_out(good, f"-- content/items/xzf/2.md --\n{item('00002', category='nowhere')}", defaults=False)
    first, *others = [run_lines(place, lines, good) for lines in steps_of(recipe, "check")]
    assert (first.returncode, [each.returncode for each in others]) == (1, [0] * len(others))
    assert "GK102" in first.stdout
    if others:
        assert json.loads((good / "gongkai.sarif").read_bytes())["runs"][0]["results"]
    if recipe != "gitlab":
        assert "::error file=content/items/xzf/2.md,line=" in first.stdout


@needs_rsync
@pytest.mark.parametrize("recipe", ["github", "gitlab"])
def test_the_lines_that_publish_go_on_from_what_the_runner_before_has_kept(place: Place, recipe: str) -> None:
    key = place.folder / "key"
    key.write_text("")
    given = {
        "DEPLOY_KEY": str(key),
        "KNOWN_HOSTS": str(key),
        "DEPLOY_TARGET": str(place.host),
        "RUNNER_TEMP": str(place.folder),
    }
    lines = "\n".join(steps_of(recipe, "publish"))
    one = fresh_clone(place, "one")
    done = run_lines(place, lines, one, **given)
    assert done.returncode == 0, done.stderr
    place.push(
        f"-- content/items/xzf/2.md --\n{item('00002')}\n-- content/items/xzf/3.md --\n{item('00003', date='nie')}"
    )
    two = fresh_clone(place, "two")
    carried_over(one, two, place.folder / "kept.tar")
    done = run_lines(place, lines, two, **given)
    assert done.returncode == (10 if recipe == "gitlab" else 0), done.stderr
    assert json.loads((two / "result.json").read_bytes())["written"] < 60, "the cache was trusted"
    held = tree(place.host)
    assert {**tree(two / "public"), "own.txt": b"theirs"} == {**held, MARKER: (two / "public" / MARKER).read_bytes()}
    place.push(f"-- content/items/xzf/9.md --\n{SECRET}")
    three = fresh_clone(place, "three")
    assert run_lines(place, lines, three, **given).returncode not in (0, 10), "a stop is a failure"
    assert tree(place.host) == held


@needs_rsync
def test_the_line_that_publishes_on_a_runner_of_ones_own_is_the_script(place: Place) -> None:
    (line,) = steps_of("gitea", "publish")
    assert "/opt/gongkai/ci/publish.sh" in line
    line = line.replace("/opt/gongkai/ci", str(RECIPES).replace(" ", "\\ "))
    assert run_lines(place, line, place.folder, GONGKAI_SETTINGS=str(place.settings)).returncode == 0
    assert place.same()
