"""Whatever happened before, a build gives byte for byte what a clean one gives."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.site import CODE, DEFAULTS, build, lay_out, tree

UNITS = {"xzf": CODE, "czj": "00000102X"}
CATEGORIES = ("gfxwj", "qtwj", "zcjd", "zcwj")
TITLES = ("办法", "关于防汛的通知", "公示", "解读 <一>", "Ａ&B 意见")
BODIES = ("正文。", "一、总则\n\n第一条 依据。\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |", "# 题\n\n- 一\n- 二", "")
DAYS = ("2023-12-30", "2024-01-02", "2024-03-01", "2024-06-30", "2025-02-10", "2025-05-31", "2025-06-02")
TODAYS = ("2024-07-01", "2025-06-01", "2025-06-03", "2026-01-01")
RELATIONS = ("repeals", "amends", "interprets", "related", "forwards", "part_of", "prolongs")
HANDED_ON = "kind: department\n          until: 2025-06-01\n          successors: [zjj]"
HEIRS = """
        - {{id: zjj, name: 中间局, code: "000001038", kind: department, until: 2025-06-02, successors: [jsj]}}
        - {{id: jsj, name: 接手局{}, code: "000001046", kind: department}}
"""
VARIANTS: dict[str, list[str]] = {
    "units": [
        DEFAULTS["content/units.yaml"],
        DEFAULTS["content/units.yaml"]
        .replace("短", "短")
        .replace("name: 测试县财政局", "name: 测试县财政局\n          contact: {phone: 0564-5550501}"),
        DEFAULTS["content/units.yaml"].replace("测试县财政局", "测试县财政和国资局"),
        DEFAULTS["content/units.yaml"].replace(
            "kind: department", "kind: department\n          until: 2025-06-01\n          successors: [xzf]"
        ),
        DEFAULTS["content/units.yaml"].replace(
            "kind: department", "kind: department\n          aliases: [old/czj.html, old/1.html]"
        ),
        *(
            DEFAULTS["content/units.yaml"].replace("kind: department", HANDED_ON) + HEIRS.format(name)
            for name in "甲乙"
        ),
    ],
    "catalog": [
        DEFAULTS["content/catalog.yaml"],
        DEFAULTS["content/catalog.yaml"].replace("name: 其他文件", "name: 别的文件"),
        DEFAULTS["content/catalog.yaml"].replace("library: true", "library: false"),
        DEFAULTS["content/catalog.yaml"].replace("- id: zcjd", "- id: zcjiedu").replace("name: 政策解读", "name: 解读"),
    ],
    "config": [
        DEFAULTS["config.yaml"],
        DEFAULTS["config.yaml"].replace("3415990001", "3415990002"),
        DEFAULTS["config.yaml"].rstrip() + "\n        raw_html: true\n",
        DEFAULTS["config.yaml"].rstrip()
        + "\n        doors: [{label: 政策, target: zcwj}]\n        report_category: zcjd\n",
        DEFAULTS["config.yaml"].rstrip() + "\n        search: false\n",
    ],
    "template": [
        "",
        '{% extends "base.html" %}{% block main %}<main id="main"><h1>{{ title }}</h1></main>{% endblock %}',
    ],
}


class Draw:
    """The choices of one item."""

    def __init__(self, source: random.Random, codes: list[str]) -> None:
        self.random = source
        self.codes = codes

    def text(self, code: str) -> str:
        some = self.random
        front: dict[str, Any] = {
            "title": some.choice(TITLES),
            "code": code,
            "category": some.choice(CATEGORIES),
            "date": f"{code[10:14]}-{some.choice(DAYS)[5:]}" if some.random() < 0.9 else some.choice(DAYS),
        }
        other = some.choice(self.codes)
        choices = (
            (0.1, "date", "nie"),
            (0.1, "category", "nirgends"),
            (0.15, "draft", True),
            (0.1, "publish_at", some.choice(DAYS)),
            (0.15, "public_until", some.choice(DAYS)),
            (0.15, "comments_until", some.choice(DAYS)),
            (0.2, "effective", some.choice(DAYS)),
            (0.2, "expires", some.choice(DAYS)),
            (0.1, "status", some.choice(("现行有效", "失效", "废止"))),
            (0.1, "withdrawn", {"date": "2025-01-01", "reason": "误发"}),
            (0.5, some.choice(RELATIONS), [other]),
            (0.3, "topic", some.choice(("综合政务/政务公开", "财政、金融、审计/财政"))),
            (
                0.2,
                "aliases",
                some.sample(["old/1.html", "old/2.html", "old/", f"items/{other}.html", "a.html/b.html", "a.html"], 2),
            ),
            (0.2, "attachments", [some.choice(("a.txt", "b.txt"))]),
            (0.2, "also", [some.choice(CATEGORIES)]),
            (0.2, "doc_number", f"测政〔2024〕{some.randint(1, 4)}号"),
            (0.1, "updated", "2025-06-01"),
            (0.1, "allow", [{"rule": "GK200", "reason": "外部文件"}]),
            (0.2, "unit", some.choice(("xzf", "czj", "测试县财政局"))),
        )
        front |= {key: value for chance, key, value in choices if some.random() < chance}
        body = some.choice(BODIES)
        if some.random() < 0.4:
            body += f"\n\n见[那里]({other})和[附件](a.txt)、[文件](1.md)。"
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()]
        return "\n".join(["---", *lines, "---", "", body, ""])


class Site(RuleBasedStateMachine):
    """A site that is edited at random; after each build it is compared with a clean one."""

    @initialize(seed=st.integers(0, 10**9))
    def begin(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.folder = Path(mkdtemp(prefix="site-"))
        self.clean = Path(mkdtemp(prefix="clean-"))
        lay_out(self.folder)
        self.today = TODAYS[1]
        self.built = False
        self.codes = [
            f"{unit}/{year}-{number:05d}" for unit in UNITS.values() for year in (2023, 2024, 2025) for number in (1, 2)
        ]
        for _ in range(6):
            self.edit()

    def teardown(self) -> None:
        for name in ("folder", "clean"):
            if hasattr(self, name):
                shutil.rmtree(getattr(self, name), ignore_errors=True)

    def items(self) -> list[Path]:
        return sorted((self.folder / "content/items").rglob("*.md"))

    @rule()
    def edit(self) -> None:
        folder = self.folder / "content/items" / self.random.choice(["xzf", "xzf", "czj", "xzf/sub"])
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.random.randint(1, 6)}.md"
        path.write_text(Draw(self.random, self.codes).text(self.random.choice(self.codes)), encoding="utf-8")

    @rule()
    def append_to_a_body(self) -> None:
        if found := self.items():
            path = self.random.choice(found)
            path.write_bytes(path.read_bytes() + "\n又一段。\n".encode())

    @rule()
    def change_one_key(self) -> None:
        if found := self.items():
            path = self.random.choice(found)
            key, value = self.random.choice(
                [("category", self.random.choice(CATEGORIES)), ("title", self.random.choice(TITLES)), ("stage", "决策")]
            )
            lines = path.read_bytes().split(b"\n")
            named = [line for line in lines if not line.startswith(f"{key}:".encode())]
            new = f"{key}: {json.dumps(value, ensure_ascii=False)}".encode()
            path.write_bytes(b"\n".join([*named[:1], new, *named[1:]]))

    @rule()
    def break_an_item(self) -> None:
        if found := self.items():
            self.random.choice(found).write_bytes(
                self.random.choice([b"", b"\xc4\xe3\xba\xc3", b"---\ntitle: x\n", "绝密★30年".encode()[:3]])
            )

    @rule()
    def delete(self) -> None:
        if found := self.items():
            self.random.choice(found).unlink()

    @rule()
    def rename(self) -> None:
        if found := self.items():
            path = self.random.choice(found)
            path.rename(path.with_name(self.random.choice([f"{path.stem}b.md", path.name.upper(), "1.md"])))

    @rule()
    def move_a_folder(self) -> None:
        old, new = (self.folder / "content/items" / name for name in ("xzf/sub", "xzf/moved"))
        if new.is_dir():
            old, new = new, old
        if old.is_dir() and not new.exists():
            old.rename(new)

    @rule()
    def touch_everything(self) -> None:
        for path in self.items():
            os.utime(path)

    @rule()
    def change_a_file(self) -> None:
        folder = self.folder / "content/items/xzf"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / self.random.choice(["a.txt", "b.txt"])
        if path.exists() and self.random.random() < 0.4:
            path.unlink()
        else:
            path.write_text(self.random.choice(["一", "二二", "三"]), encoding="utf-8")

    @rule()
    def change_a_guide(self) -> None:
        path = self.folder / "content/guides" / self.random.choice(["site/zhinan.md", "xzf/guide.md", "site/two.md"])
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and self.random.random() < 0.3:
            path.unlink()
        else:
            day = self.random.choice(["", f"date: {self.random.choice(DAYS)}\n"])
            link = self.random.choice(["", f"[文件]({self.random.choice(self.codes)})", "[表](t.txt)"])
            kind = self.random.choice(["指南", "制度"])
            path.write_text(
                f"---\ntitle: 公开指南\ntype: {kind}\n{day}---\n\n{self.random.choice(BODIES)}\n\n{link}\n",
                encoding="utf-8",
            )

    @rule(name=st.sampled_from(sorted(VARIANTS)))
    def change_the_site(self, name: str) -> None:
        words = self.random.choice(VARIANTS[name])
        if name == "template":
            path = self.folder / "templates" / self.random.choice(["item.html", "category.html"])
            path.unlink(missing_ok=True)
            if words:
                path.parent.mkdir(exist_ok=True)
                path.write_text(words, encoding="utf-8")
            return
        lay_out(
            self.folder, f"-- {'config.yaml' if name == 'config' else f'content/{name}.yaml'} --{words}", defaults=False
        )

    @rule(day=st.sampled_from(TODAYS))
    def another_day(self, day: str) -> None:
        self.today = day

    @precondition(lambda self: getattr(self, "built", False))
    @rule()
    def harm_the_cache(self) -> None:
        caches = sorted((self.folder / ".gongkai").glob("build-*.sqlite"))
        if not caches:
            return
        how: Callable[[Path], object] = self.random.choice(
            [
                lambda path: path.unlink(),
                lambda path: path.write_bytes(b"nothing"),
                lambda path: path.write_bytes(path.read_bytes()[:5000]),
                lambda path: path.write_bytes(path.read_bytes()[:8192] + os.urandom(4096) + path.read_bytes()[12288:]),
            ]
        )
        how(self.random.choice([*caches, *sorted((self.folder / ".gongkai").glob("texts-*/*"))]))

    @rule()
    def build_twice_as_it_is(self) -> None:
        self.compare()
        self.compare()

    @rule()
    def compare(self) -> None:
        one = build(self.folder, today=self.today)
        self.built = True
        shutil.rmtree(self.clean)
        shutil.copytree(self.folder, self.clean, ignore=shutil.ignore_patterns("public", ".gongkai"))
        other = build(self.clean, today=self.today)
        assert one.findings == other.findings
        assert one.status == other.status
        if "没有发布" not in one.errors:
            assert tree(one.output) == tree(other.output)


def test_any_sequence_of_changes_gives_what_a_clean_build_gives() -> None:
    some = settings(
        max_examples=int(os.environ.get("GONGKAI_SEQUENCES", "20")),
        stateful_step_count=25,
        deadline=None,
        phases=(Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Site, settings=some)
