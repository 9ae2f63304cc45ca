"""Template folders of people who mean harm, or who merely copied the wrong file."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Make = Callable[[Path], None]


@dataclass(frozen=True)
class Hostile:
    """A folder, and what its refusal must say."""

    name: str
    make: Make
    said: tuple[str, ...]


def text(words: str | bytes, name: str = "limits") -> Make:
    """A folder with one text."""
    return write(f"text/{name}.md.j2", words)


def write(name: str, content: str | bytes) -> Make:
    """A folder with one file."""

    def made(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    return made


def listing(rows: str) -> Make:
    """A folder with a template.toml."""
    return write("template.toml", f"schema = 1\n{rows}")


def sections(*kinds: str, more: str = "") -> Make:
    """A folder with these sections."""
    rows = "\n".join(f'[[section]]\nkind = "{kind}"' for kind in kinds)
    return listing(f"{rows}\n{more}")


def both(*makes: Make) -> Make:
    """A folder with several files."""

    def made(folder: Path) -> None:
        for each in makes:
            each(folder)

    return made


def logo(content: str | bytes, name: str = "logo.svg") -> Make:
    """A folder with a logo."""
    return both(write("brand.yml", f"logo: {name}\n"), write(name, content))


def svg(inside: str, box: str = "0 0 20 10") -> str:
    """A small drawing."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inside}</svg>'


def png(wide: int, tall: int, rows: bytes | None = None) -> bytes:
    """A grey PNG that says it is so large, whatever it holds."""
    packed = zlib.compress(rows if rows is not None else b"\0" * ((wide + 1) * tall))

    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + crc

    head = struct.pack(">IIBBBBB", wide, tall, 8, 0, 0, 0, 0)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def linked(name: str, target: str) -> Make:
    """A folder in which a file leads elsewhere."""

    def made(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)

    return made


def linked_folder(folder: Path) -> None:
    """A folder whose texts are another's."""
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "limits.md.j2").write_text("Ours.", encoding="utf-8")
    (folder / "text").symlink_to(elsewhere)


def pipe(name: str) -> Make:
    """A folder in which a file waits for a writer for ever."""

    def made(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)

    return made


def typefaces(content: bytes) -> Make:
    """A folder with a typeface."""
    lines = "".join(f"  {face}: {face}.ttf\n" for face in ("regular", "bold", "italic"))
    files = (write(f"{face}.ttf", content) for face in ("regular", "bold", "italic"))
    return both(write("brand.yml", f"typography:\n{lines}"), *files)


def crowded(folder: Path) -> None:
    """A folder with more texts than anybody needs."""
    (folder / "text").mkdir()
    for number in range(120):
        (folder / "text" / f"t{number}.md.j2").write_bytes(b"")


LAUGHS = (
    '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c '
    '"&b;&b;&b;&b;&b;&b;&b;&b;">]>' + svg("<title>&c;</title>")
)

OUTSIDE = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg("<title>&x;</title>")

WHOLE = ("cover", "findings", "accuracy", "spectral", "limits", "method", "custody")

PLACES = (
    Hostile(
        "text out of the folder",
        listing('[[section]]\nkind = "text"\ntext = "../../etc/passwd"'),
        ("text is", "a file of the folder"),
    ),
    Hostile(
        "text from the root",
        listing('[[section]]\nkind = "text"\ntext = "/etc/passwd"'),
        ("text is '/etc/passwd'",),
    ),
    Hostile(
        "text with backslashes",
        listing('[[section]]\nkind = "text"\ntext = "text\\\\..\\\\x.md.j2"'),
        ("text is",),
    ),
    Hostile(
        "extends a path",
        listing('extends = "../default"'),
        ("extends is '../default', no shipped",),
    ),
    Hostile("extends a list", listing('extends = ["default"]'), ("extends is ['default']",)),
    Hostile(
        "logo out of the folder", write("brand.yml", "logo: ../x.png"), ("does not stay within",)
    ),
    Hostile(
        "logo from the root", write("brand.yml", "logo: /etc/passwd"), ("does not stay within",)
    ),
    Hostile("logo of a drive", write("brand.yml", "logo: C:x.png"), ("does not stay within",)),
    Hostile("linked text", linked("text/limits.md.j2", "/etc/hostname"), ("is a link",)),
    Hostile("linked texts", linked_folder, ("is a link",)),
    Hostile("linked brand", linked("brand.yml", "/etc/hostname"), ("is a link",)),
    Hostile("link to nothing", linked("template.toml", "nowhere"), ("is a link",)),
    Hostile(
        "linked logo",
        both(write("brand.yml", "logo: a.png"), linked("a.png", "/etc/hostname")),
        ("is a link",),
    ),
    Hostile("pipe for a text", pipe("text/limits.md.j2"), ("no plain file",)),
    Hostile("pipe for a listing", pipe("template.toml"), ("no plain file",)),
    Hostile(
        "folder for a text",
        lambda folder: (folder / "text" / "limits.md.j2").mkdir(parents=True),
        ("no plain file",),
    ),
    Hostile("too many texts", crowded, ("more than 100 files",)),
    Hostile("huge text", text("a" * 70_000), ("70,000 bytes", "65,536 may be")),
    Hostile("huge listing", write("template.toml", "#" * 70_000), ("70,000 bytes",)),
    Hostile("huge brand", write("brand.yml", "#" * 70_000), ("70,000 bytes",)),
)

ESCAPES = tuple(
    Hostile(f"text {name}", text(words), ("limits.md.j2, line 1: ", *said))
    for name, words, said in (
        ("class", "{{ ''.__class__ }}", ("nothing lies behind a dot",)),
        ("class by item", "{{ ''['__class__'] }}", ("square brackets take a whole number",)),
        ("attr filter", "{{ ''|attr('__class__') }}", ("'attr' is no filter",)),
        ("cycler", "{{ cycler.__init__.__globals__.os.popen('id').read() }}", ("call",)),
        ("lipsum", "{{ lipsum }}", ("'lipsum' is no fact",)),
        ("self", "{{ self }}", ("'self' is no fact",)),
        ("context", "{{ get_flashed_messages }}", ("is no fact",)),
        ("range", "{% for a in range(10**9) %}x{% endfor %}", ("a loop goes over one fact",)),
        ("format", "{{ '%0999999999d'|format(1) }}", ("'format' is no filter",)),
        ("format call", "{{ '{0.__class__}'.format(1) }}", ("call",)),
        ("centre", "{{ 'a'|center(999999999) }}", ("'center' is no filter",)),
        ("power", "{{ 9**9**9 }}", ("'pow' may not stand",)),
        ("times", "{{ 'a' * 999999999 }}", ("'mul' may not stand",)),
        ("map", "{{ epochs|map('upper') }}", ("'map' is no filter",)),
        ("include", "{% include 'text/limits.md.j2' %}", ("'include' may not stand",)),
        ("include outside", "{% include '/etc/passwd' %}", ("'include' may not stand",)),
        ("import", "{% import 'a' as b %}", ("'import' may not stand",)),
        ("extends", "{% extends 'a' %}", ("'extends' may not stand",)),
        ("macro", "{% macro a() %}{{ a() }}{% endmacro %}", ("'macro' may not stand",)),
        ("set", "{% set site = 'B' %}", ("'set' may not stand",)),
        ("block", "{% block a %}{% endblock %}", ("'block' may not stand",)),
        (
            "loops",
            "".join(f"{{% for {each} in epochs %}}" for each in "abc") + "{% endfor %}" * 3,
            ("loops stand more than 2 deep",),
        ),
        ("joined joins", "{{ site|join('a')|join('a') }}", ("'join' stands behind a fact",)),
        ("join of attributes", "{{ epochs|join(',', '__class__') }}", ("'join' stands behind",)),
        ("join by a book", "{{ site|join('" + "a" * 99 + "') }}", ("'join' stands behind",)),
        ("keywords", "{{ epochs|length(x=1) }}", ("takes nothing in brackets",)),
        ("loop itself", "{% for a in epochs %}{{ loop }}{% endfor %}", ("'loop' is no fact",)),
        ("a fact renamed", "{% for site in epochs %}{{ site }}{% endfor %}", ("needs a new name",)),
        ("deep items", "{{ epochs" + "[0]" * 5_000 + " }}", ("too deeply nested",)),
        ("deep filters", "{{ epochs" + "|first" * 4_000 + " }}", ("too deeply nested",)),
        ("deep conditions", "{{ " + "1 if 1 else " * 3_000 + "1 }}", ("too deeply nested",)),
        ("a long number", "{{ " + "9" * 6_000 + " }}", ("too deeply nested",)),
        ("nesting", "{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}", ()),
        ("not closed", "{{ site ", ()),
        ("statement", "{% debug %}", ()),
    )
)

WORDS = (
    Hostile("forbidden word", text("The mine is illegal."), ("'illegal' may not stand",)),
    Hostile("parted by a sign", text("il\u00adlegal"), ("U+00AD cannot be seen",)),
    Hostile("parted by a joiner", text("il\u200blegal"), ("cannot be seen",)),
    Hostile("of two alphabets", text("\u0456llegal"), ("mixes letters of two alphabets",)),
    Hostile("of wide letters", text("\uff49\uff4c\uff4c\uff45\uff47\uff41\uff4c"), ("illegal",)),
    Hostile("turned round", text("\u202elagelli"), ("U+202E cannot be seen",)),
    Hostile("in the title", listing('title = "Neodymium confirmed"'), ("title", "'confirmed'")),
    Hostile("in the footer", listing('footer = "conflict-free"'), ("footer", "conflict-free")),
    Hostile("in the name", write("brand.yml", "meta:\n  name: Legal Gold"), ("meta.name", "Legal")),
    Hostile("an endless title", listing(f'title = "{"a" * 200}"'), ("200 characters",)),
    Hostile("a title without letters", listing('title = "\U00020bb7"'), ("U+20BB7",)),
)

HONESTY = (
    Hostile(
        "no limits",
        sections(*(each for each in WHOLE if each != "limits")),
        ("'limits' is missing",),
    ),
    Hostile(
        "limits when drawn", sections(*WHOLE, more='when = "imagery.simulated"'), ("always stands",)
    ),
    Hostile(
        "a flag with code", sections(*WHOLE, "place", more='when = "1 or 2"'), ("when is '1 or 2'",)
    ),
    Hostile(
        "words first",
        both(sections("cover", "text", *WHOLE[1:]), text("x", "a")),
        ("names no file",),
    ),
    Hostile(
        "maps before findings",
        sections("cover", "imagery", *WHOLE[1:]),
        ("stands before the findings",),
    ),
    Hostile(
        "own words before the limits",
        both(
            listing(
                '[[section]]\nkind = "cover"\n[[section]]\nkind = "findings"\n'
                '[[section]]\nkind = "text"\ntext = "text/a.md.j2"\n'
                + "\n".join(f'[[section]]\nkind = "{each}"' for each in WHOLE[2:])
            ),
            text("Buy.", "a"),
        ),
        ("stands before 'accuracy'",),
    ),
    Hostile("twice", sections(*WHOLE, "limits"), ("stands there twice",)),
    Hostile("many", sections(*WHOLE, *["place"] * 60), ("at most 40",)),
    Hostile(
        "white words",
        write("brand.yml", 'color:\n  foreground: "#ffffff"'),
        ("0.9 to 1|1.1 to 1", "darker"),
    ),
    Hostile(
        "pale notes", write("brand.yml", 'color:\n  muted: "#c0c0c0"'), ("color.muted", "4.5 to 1")
    ),
    Hostile("pale rules", write("brand.yml", 'color:\n  secondary: "#eeeeee"'), ("3 to 1",)),
)

LOGOS = (
    Hostile("laughs", logo(LAUGHS), ("DOCTYPE, entities",)),
    Hostile("entity outside", logo(OUTSIDE), ("DOCTYPE, entities",)),
    Hostile("laughs in UTF-16", logo(LAUGHS.encode("utf-16")), ("DOCTYPE, entities",)),
    Hostile("instruction", logo('<?xml-stylesheet href="x"?>' + svg("")), ("instructions",)),
    Hostile("script", logo(svg("<script>alert(1)</script>")), ("'script', which is not drawn",)),
    Hostile("picture", logo(svg('<image href="http://x/y"/>')), ("'image'",)),
    Hostile("handler", logo(svg('<g onload="x"/>')), ("'onload'",)),
    Hostile("use", logo(svg('<use href="#a"/>')), ("'use'",)),
    Hostile("style sheet", logo(svg("<style>@import 'x'</style>")), ("'style'",)),
    Hostile(
        "gradient", logo(svg('<rect width="9" height="9" fill="url(#a)"/>')), ("no plain colour",)
    ),
    Hostile("words", logo(svg("<text>Legal</text>")), ("'text'",)),
    Hostile("deep", logo(svg("<g>" * 60 + "</g>" * 60)), ("deep",)),
    Hostile("many shapes", logo(svg("<g/>" * 3_000)), ("over 2000 elements",)),
    Hostile(
        "large numbers", logo(svg('<rect width="1e300" height="2"/>')), ("no number it could",)
    ),
    Hostile("no path", logo(svg('<path d="M 1 1 L __import__"/>')), ("path that cannot be read",)),
    Hostile(
        "many rings",
        logo(svg('<path fill-rule="evenodd" d="' + "M0 0h1v1z" * 9_000 + '"/>')),
        ("more than 400 rings",),
    ),
    Hostile("nothing", logo(svg("")), ("draws nothing",)),
    Hostile("a thread", logo(svg("", box="0 0 9000 1")), ("no viewBox",)),
    Hostile("large drawing", logo(svg(" " * 300_000)), ("262,144 may be",)),
    Hostile("bomb", logo(png(60_000, 60_000, b""), "a.png"), ("60000 × 60000 pixels",)),
    Hostile("cut off", logo(png(100, 50)[:60], "a.png"), ("cannot be read as a PNG",)),
    Hostile("other kind", logo(b"GIF89a", "a.png"), ("neither a PNG nor an SVG",)),
    Hostile("program", logo(b"MZ", "a.exe"), ("neither a PNG nor an SVG",)),
    Hostile(
        "large file", logo(b"\x89PNG\r\n\x1a\n" + bytes(2_000_000), "a.png"), ("1,048,576 may be",)
    ),
)

BRANDS = tuple(
    Hostile(f"brand {name}", write("brand.yml", lines), said)
    for name, lines, said in (
        ("anchors", 'a: &a ["x","x"]\nb: &b [*a,*a]', ("'a' is not known",)),
        ("tag", "logo: !!python/object/apply:os.system ['id']", ("does not stay within",)),
        ("twice", 'color:\n  muted: "#000000"\n  muted: "#111111"', ("stands there twice",)),
        ("alias", "color:\n  primary: *a", ("is no colour",)),
        ("flow", "{a: b}", ("is not `key: value`",)),
        ("name of nothing", 'meta:\n  name: " "', ("is no name",)),
    )
)


def shrunk(content: bytes, share: float) -> bytes:
    """A typeface whose letters are drawn on a larger em square, and so come out small."""
    tables = {
        content[at : at + 4]: struct.unpack(">II", content[at + 8 : at + 16])
        for at in range(12, 12 + 16 * struct.unpack(">H", content[4:6])[0], 16)
    }
    head = tables[b"head"][0]
    (units,) = struct.unpack_from(">H", content, head + 18)
    out = io.BytesIO(content)
    out.seek(head + 18)
    out.write(struct.pack(">H", min(16_384, round(units / share))))
    return out.getvalue()


def with_flags(content: bytes, flags: int) -> bytes:
    """A typeface with other permissions."""
    for at in range(12, 12 + 16 * struct.unpack(">H", content[4:6])[0], 16):
        if content[at : at + 4] == b"OS/2":
            (offset,) = struct.unpack(">I", content[at + 8 : at + 12])
            return content[: offset + 8] + struct.pack(">H", flags) + content[offset + 10 :]
    raise AssertionError
