"""Links within the pages are followed."""

from __future__ import annotations

from pathlib import Path

from generators.anchors import broken, without_dead_returns


def test_links_to_nothing_are_found(tmp_path: Path) -> None:
    (tmp_path / "_modules").mkdir()
    (tmp_path / "a.html").write_text(
        '<h1 id="top">A</h1><a href="b.html#here">b</a><a href="#top">up</a><a href="https://arxiv.org">x</a>'
        '<a class="x" href="b.html#gone">b</a><a href="c.html">c</a><a href="explorer.html#a=1&amp;b=2">e</a>',
        encoding="utf-8",
    )
    (tmp_path / "b.html").write_text('<p id="here">B</p>', encoding="utf-8")
    (tmp_path / "explorer.html").write_text("<p></p>", encoding="utf-8")
    assert broken(tmp_path) == ["a.html: b.html#gone", "a.html: c.html"]


def test_returns_from_code_stay_where_they_lead_somewhere(tmp_path: Path) -> None:
    code = tmp_path / "_modules" / "m.html"
    code.parent.mkdir()
    (tmp_path / "api.html").write_text('<p id="m.known">known</p>', encoding="utf-8")
    links = [f'<a class="viewcode-back" href="../api.html#m.{name}">[docs]</a>' for name in ("known", "moved")]
    code.write_text("".join(links), encoding="utf-8")
    assert broken(tmp_path) == ["_modules/m.html: ../api.html#m.moved"]
    assert without_dead_returns(tmp_path) == 1
    assert code.read_text(encoding="utf-8") == links[0]
    assert broken(tmp_path) == []
