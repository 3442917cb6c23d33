"""Themes: a site's own templates come first, and a mistake in one stops before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rich_site import CODE, RICH
from tests.site import Built, build, build_text, item, lay_out, tree

THEME = Path(__file__).parents[1] / "themes/default/templates"
PAGES = sorted(path.name for path in THEME.glob("*.html"))


def with_template(folder: Path, name: str, words: str) -> Built:
    path = folder / "templates" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(words, encoding="utf-8", newline="\n")
    return build(folder)


def searching(folder: Path, name: str) -> Path:
    """The same site, with search where the template is for that."""
    config = folder / "config.yaml"
    wanted = "true" if name == "search-page.html" else "false"
    config.write_text(config.read_text(encoding="utf-8") + f"\nsearch: {wanted}\n", encoding="utf-8")
    return folder


def mended(name: str, words: str) -> str:
    """A template of the theme with words put where they are run, and their line."""
    text = (THEME / name).read_text(encoding="utf-8")
    for mark in ("{% block main %}\n", "<body>\n", "{% macro cards(items, root) %}\n"):
        if mark in text:
            return text.replace(mark, f"{mark}{words}\n")
    return f"{words}\n{text}"


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if words in line)


def test_a_sites_own_template_comes_before_the_themes(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, RICH)
    built = with_template(folder, "footer.html", "<footer>本县自己的页脚 {{ site.organizer }}</footer>\n")
    assert built.findings == []
    assert "本县自己的页脚 测试县人民政府办公室" in built.text("index.html")


def test_a_sites_own_asset_comes_before_the_themes(tmp_path: Path) -> None:
    folder = lay_out(
        tmp_path,
        f"{RICH}\n-- assets/style.css --\nbody {{ color: red; background: url(bg.png) }}\n-- assets/bg.png --\nx\n",
    )
    built = build(folder)
    (style,) = (built.output / "assets").glob("style.*.css")
    (picture,) = (built.output / "assets").glob("bg.*.png")
    assert style.read_text(encoding="utf-8") == f"body {{ color: red; background: url({picture.name}) }}\n"
    assert f'href="assets/{style.name}"' in built.page("index.html")


def test_a_style_sheet_is_published_with_those_it_imports(tmp_path: Path) -> None:
    sheets = {
        "style.css": '@import "own/parts.css";\n@import "own/none.css";\np { margin: 0 }\n',
        "own/parts.css": "/* parts */ @import url('style.css'); @import url('own/colours.css');\ni { margin: 1px }",
        "own/colours.css": "b { background: url(bg.png) }",
        "bg.png": "x\n",
    }
    lay_out(tmp_path, RICH + "".join(f"\n-- assets/{name} --\n{text}" for name, text in sheets.items()))
    built = build(tmp_path)
    (style,) = (built.output / "assets").glob("style.*.css")
    (picture,) = (built.output / "assets").glob("bg.*.png")
    assert " ".join(style.read_text(encoding="utf-8").split()) == (
        f'b {{ background: url({picture.name}) }} i {{ margin: 1px }} @import "own/none.css"; p {{ margin: 0 }}'
    )
    (tmp_path / "assets/own/colours.css").write_text("b { margin: 2px }\n", encoding="utf-8")
    build(tmp_path)
    (again,) = (built.output / "assets").glob("style.*.css")
    assert again.name != style.name


def test_extra_keys_reach_the_templates(tmp_path: Path) -> None:
    lay_out(tmp_path, f"-- content/items/xzf/1.md --\n{item(extra='{颜色: 红}')}")
    built = with_template(
        tmp_path, "item.html", '{% extends "base.html" %}{% block main %}{{ keys.extra["颜色"] }}{% endblock %}\n'
    )
    assert "红" in built.text(f"items/{CODE}/2024-00001.html"), built.findings


@pytest.mark.parametrize("name", PAGES)
def test_a_template_that_is_no_template_stops_before_anything_is_written(tmp_path: Path, name: str) -> None:
    folder = searching(lay_out(tmp_path, RICH), name)
    before = tree(build(folder).output)
    (folder / "content/items/xzf/2.md").unlink()
    text = mended(name, "{% if %}")
    built = with_template(folder, name, text)
    found = built.finding("GK018")
    assert (built.status, found["severity"], found["path"], found["line"]) == (
        1,
        "stop",
        f"templates/{name}",
        line_of(text, "{% if %}"),
    )
    assert tree(folder / "public") == before


@pytest.mark.parametrize("name", PAGES)
def test_a_template_that_asks_for_what_is_not_there_stops_before_anything_is_written(tmp_path: Path, name: str) -> None:
    folder = searching(lay_out(tmp_path, RICH), name)
    before = tree(build(folder).output)
    (folder / "content/items/xzf/2.md").unlink()
    text = mended(name, "{{ no_such_thing }}")
    built = with_template(folder, name, text)
    found = built.finding("GK018")
    assert (built.status, found["path"], found["line"]) == (1, f"templates/{name}", line_of(text, "no_such_thing"))
    assert tree(folder / "public") == before


@pytest.mark.parametrize(
    "words",
    ["{{ 1 / 0 }}", "{{ title + 1 }}", "{{ title.upper(1) }}", '{{ asset("no.css") }}', "{{ title|nofilter }}", '{% include "no.html" %}',
     "{{ [1][5].x }}", "{{ none.x }}", "{{ title|url|size }}"],
)  # fmt: skip
def test_whatever_goes_wrong_in_a_template_is_told_with_its_place(tmp_path: Path, words: str) -> None:
    folder = lay_out(tmp_path, RICH)
    text = mended("item.html", words)
    built = with_template(folder, "item.html", text)
    found = built.finding("GK018")
    assert (built.status, found["path"], found["line"]) == (1, "templates/item.html", line_of(text, words)), (
        built.errors
    )
    assert not (folder / "public").exists()


def test_a_template_that_fails_on_one_page_late_in_the_site_leaves_the_old_site_whole(tmp_path: Path) -> None:
    items = "\n".join(
        f"-- content/items/xzf/{number:03d}.md --\n{item(f'{number:05d}', title=f'文件{number}')}"
        for number in range(1, 130)
    )
    folder = lay_out(tmp_path, items)
    before = tree(build(folder).output)
    (folder / "content/items/xzf/001.md").unlink()
    words = "{% if code.endswith('00129') %}{{ no_such_thing }}{% endif %}"
    text = mended("item.html", words)
    built = with_template(folder, "item.html", text)
    assert (built.status, built.finding("GK018")["line"]) == (1, line_of(text, words))
    assert tree(folder / "public") == before


def test_a_theme_that_is_not_there_stops(tmp_path: Path) -> None:
    built = build_text(
        tmp_path, RICH.replace("-- content/units.yaml --", "theme: nothing\n-- content/units.yaml --", 1)
    )
    assert (built.codes, (tmp_path / "public").exists()) == (["GK017"], False)


def test_a_theme_of_the_site_is_used(tmp_path: Path) -> None:
    text = RICH.replace("-- content/units.yaml --", "theme: own\n-- content/units.yaml --", 1)
    folder = lay_out(tmp_path, text)
    for name in PAGES:
        lay_out(folder, f"-- themes/own/templates/{name} --\n{{% raw %}}自己的 {name}{{% endraw %}}\n", defaults=False)
    lay_out(folder, "-- themes/own/theme.yaml --\nname: 自己的\n", defaults=False)
    built = build(folder)
    assert built.page("index.html").strip() == "自己的 home.html"


def test_a_template_that_changes_between_the_builds_of_one_process_shows_on_every_page(tmp_path: Path) -> None:
    page = "<!DOCTYPE html>\n<html lang=zh-CN><title>{}</title></html>\n"
    many = "\n".join(f"-- content/items/xzf/{n}.md --\n{item(f'{n:05}')}" for n in range(1, 210))
    lay_out(tmp_path, f"-- templates/item.html --\n{page.format('甲')}{many}")
    assert build(tmp_path, jobs=2).status == 0
    (tmp_path / "templates/item.html").write_text(page.format("乙"), encoding="utf-8")
    again = build(tmp_path, jobs=2)
    assert {path.read_text(encoding="utf-8") for path in (again.output / "items").rglob("*.html")} == {
        page.format("乙")
    }


def test_names_live_where_jinja_has_them(tmp_path: Path) -> None:
    templates = {
        "own.html": (
            "{% set a = 'base' %}[{% block x %}{{ a|default('-') }}{% endblock %}|{{ self.x() }}]{% include 'inc.html' %}"
            "{{ z|default('out') }}{% from 'm.html' import f with context %}{{ f() }}"
            "{% from 'm.html' import f as g %}{{ g() }}"
        ),
        "inc.html": "{% set z = 'in' %}<{{ z }}>",
        "m.html": "{% macro f() %}({{ section|default('no') }}){% endmacro %}",
        "item.html": (
            "{% extends 'own.html' %}{% set c = 'C' %}{% block x %}{{ super() }}{{ c }}"
            "{% for i in 'ab' %}{% block y scoped %}{{ i }}{{ loop.index }}{% endblock %}{% endfor %}{% endblock %}"
        ),
    }
    laid = "\n".join(f"-- templates/{name} --\n{text}" for name, text in templates.items())
    built = build_text(tmp_path, f"{laid}\n{RICH}")
    assert built.page(f"items/{CODE}/2024-00001.html").replace("\n", "") == "[baseCa1b2|baseCa1b2]<in>out(catalog)(no)"
