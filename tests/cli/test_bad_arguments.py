"""Slips of the keyboard, folders that are files, settings and templates that are neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.refusing import Bad, ids, refused

REPORT = ("report", "--site", "mine-A", "--years", "2005")


def _file(folder: Path) -> object:
    return (folder / "file").write_text("x")


def _round(folder: Path) -> object:
    (folder / "round").symlink_to(folder / "round")
    return folder


def _settings(text: str | bytes) -> object:
    content = text if isinstance(text, bytes) else text.encode()
    return lambda folder: (folder / "reetrace.toml").write_bytes(content)


def _template(name: str, content: bytes) -> object:
    def put(folder: Path) -> object:
        path = folder / "own" / name
        path.parent.mkdir(parents=True)
        return path.write_bytes(content)

    return put


USAGE = (
    Bad("no such command", ("reprot",), ("reprot", "Did you mean 'report'"), code=2),
    Bad("no such subcommand", ("sites", "shw"), ("shw", "Did you mean 'show'"), code=2),
    Bad("no such option", ("report", "--sit", "x"), ("--sit", "Did you mean --site?"), code=2),
    Bad("site missing", ("report",), ("missing option '--site'", "report --help"), code=2),
    Bad("site unsaid", ("report", "--site"), ("option '--site' requires",), code=2),
    Bad("years missing", ("report", "--site", "mine-A"), ("'--years'",), code=2),
    Bad("no trees", (*REPORT, "--trees", "0"), ("--trees '0': a whole number from 1",)),
    Bad("trees in words", (*REPORT, "--trees=many"), ("--trees 'many': a whole",)),
    Bad("trees unsaid", (*REPORT, "--trees", "--json"), ("--trees '--json': a whole",)),
    Bad("share is nan", (*REPORT, "--min-seen", "nan"), ("--min-seen 'nan': a number",)),
    Bad("fraction above one", (*REPORT, "--bag-fraction", "2"), ("from 0.01 to 1.0",)),
    Bad("negative seed", (*REPORT, "--seed", "-1"), ("--seed '-1': a whole number",)),
    Bad("endless nodes", (*REPORT, "--max-nodes", "9" * 30), ("--max-nodes '999",)),
    Bad("one node", (*REPORT, "--max-nodes", "1"), ("--max-nodes '1': a whole",)),
    Bad("requests in words", (*REPORT, "--concurrency", "many"), ("'many': a whole",)),
    Bad("a word too many", ("sites", "list", "x"), ("does not take 'x'",), code=2),
    Bad("place with a comma", ("sites", "add", "x", "--point", "9,5", "7"), ("2 numbers",)),
    Bad("seed in words", ("scenes", "draw", "--seed", "x", "--out", "w"), ("--seed 'x'",)),
)

VALUES = (
    Bad("near site", ("report", "--site", "mine-a2", "--years", "2005"), ("mean mine-A",)),
    Bad("empty site", ("report", "--site", "", "--years", "2005"), ("''", "sites list")),
    Bad("escape in site", ("sites", "show", "a\x1b[31m\nb"), ("\\x1b", "\\n")),
    Bad("path for a site", ("sites", "show", "../mine-A"), ("'../mine-A'", "mean mine-A")),
    Bad("years backwards", (*REPORT[:3], "--years", "2020-2005"), ("Write 2005-2020",)),
    Bad("letter in years", (*REPORT[:3], "--years", "20O5"), ("20O5", "2005-2020")),
    Bad("before satellites", (*REPORT[:3], "--years", "1850"), ("1850", "1984")),
    Bad("half a range", (*REPORT[:3], "--years", "2005-"), ("--years 2005-:",)),
    Bad("near engine", (*REPORT, "--engine", "locl"), ("mean 'local'",)),
    Bad("no labels then", ("labels", "show", "mine-A", "1999"), ("1999", "labels import")),
    Bad("label path", ("labels", "show", "mine-A", "../../x"), ("../../x",)),
    Bad("verify nothing", ("verify", "nope"), ("nope", "no such folder")),
    Bad("verify no bag", ("verify", "."), ("bagit.txt is missing",)),
    Bad("render nothing", ("render", "nope"), ("nope", "evidence folder")),
    Bad("endless name", ("verify", "x" * 300), ("the name is too long",)),
    Bad("verify a file", ("verify", "file"), ("file: no such folder",), _file),
)

FOLDERS = (
    Bad("no registry", (*REPORT, "--registry", "no"), ("--registry: no", "registry folder")),
    Bad("registry is a file", (*REPORT, "--registry", "file"), ("--registry: file",), _file),
    Bad("no scenes", (*REPORT, "--scenes", "no"), ("--scenes: no is not a folder",)),
    Bad("no templates", (*REPORT, "--template", "no"), ("--template: no is neither",)),
    Bad("out is a file", (*REPORT, "--out", "file"), ("--out: file", "folder is needed"), _file),
    Bad("out goes round", (*REPORT, "--out", "round"), ("--out: round",), _round),
    Bad("out too long", (*REPORT, "--out", "n" * 300), ("--out", "File name too long")),
    Bad("scenes too long", ("scenes", "list", "--scenes", "n" * 300), ("name too long",)),
    Bad(
        "scenes without any",
        (*REPORT, "--scenes", "empty"),
        ("empty: holds no scene", "scenes add"),
        lambda folder: (folder / "empty").mkdir(),
    ),
    Bad("draw on a file", ("scenes", "draw", "--seed", "1", "--out", "file"), ("file",), _file),
    Bad("draw round", ("scenes", "draw", "--seed", "1", "--out", "round"), ("round",), _round),
)

FILES = tuple(
    Bad(f"settings {name}", ("sites", "list"), ("reetrace.toml", *said), _settings(text))  # type: ignore[arg-type]
    for name, text, said in (
        ("cut off", "registry = ", ("not valid TOML", "Mend it")),
        ("binary", b"\xff\xfe\x00", ("not valid TOML",)),
        ("nested", "a = " + "[" * 5_000, ("not valid TOML",)),
        ("misspelt", "registri = 'x'", ("'registri'", "Known: registry")),
        ("number", "registry = 3", ("registry is 3", "a folder in quotes")),
        ("missing folder", "scenes = 'no'", ("is not a folder",)),
    )
) + tuple(
    Bad(
        f"template {name}",
        (*REPORT, "--templates", "own"),
        said,
        _template(file, content),  # type: ignore[arg-type]
    )
    for name, file, content, said in (
        ("misplaced", "limits.md.j2", b"Ours.", ("own: holds nothing of a template",)),
        ("cut off", "template.toml", b"schema =", ("template.toml: not TOML",)),
        ("version", "template.toml", b"schema = 2", ("schema is 2, 1 is needed",)),
        ("binary brand", "brand.yml", b"\xff\xfe", ("brand.yml: not text in UTF-8",)),
        ("colour", "brand.yml", b"color:\n  primary: red", ("'red' is no colour", "#rrggbb")),
        ("logo outside", "brand.yml", b"logo: ../x.png", ("logo: '../x.png'",)),
        ("syntax", "text/limits.md.j2", b"{% if %}", ("limits.md.j2, line 1",)),
        ("binary text", "text/limits.md.j2", b"\xff\xfe", ("limits.md.j2",)),
    )
)


@pytest.mark.parametrize("case", [*USAGE, *VALUES, *FOLDERS, *FILES], ids=ids)
def test_a_bad_argument_is_one_line_and_leaves_nothing(case, tmp_path, capsys, monkeypatch):
    """Exit code 2 where the command cannot be understood, 1 where a value or the world is wrong."""
    refused(case, tmp_path, capsys, monkeypatch)
