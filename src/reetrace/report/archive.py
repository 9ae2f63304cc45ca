"""The finish of a report: pages as reportlab writes them become a tagged PDF built to PDF/A-3b."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reetrace.core.errors import OutputError
from reetrace.report import colour
from reetrace.report.about import About
from reetrace.report.attached import Attachment
from reetrace.report.pages import Sheets
from reetrace.report.shaping import ZERO_WIDTH
from reetrace.report.structure import write_structure

if TYPE_CHECKING:
    from pikepdf import Pdf

_CHARACTER = re.compile(rb"<([0-9A-F]{2})> <([0-9A-F]{4})>\n?")

_PRIVATE = range(0xE000, 0xF900)
"""Characters of no script, as which reportlab knows shaped glyphs."""


def finish(sheets: Sheets, said: About, attached: Sequence[Attachment]) -> bytes:
    """The bytes of the report, the same for the same pages.

    Args:
        sheets: Pages and the meaning of their marks.
        said: What the document says about itself.
        attached: Files that go with it.
    """
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sheets.content)) as pdf:
        write_structure(pdf, sheets.marks)
        _describe(pdf, said)
        _give_colours_a_meaning(pdf)
        _mend_characters(pdf, sheets.marks.letters)
        _attach(pdf, attached, said.pdf_date)
        pdf.remove_unreferenced_resources()
        pdf.save(
            out,
            min_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            fix_metadata_version=False,
            deterministic_id=True,
        )
    return out.getvalue()


def _describe(pdf: Pdf, said: About) -> None:
    """Information dictionary, XMP, language, what a reader's window shows, labels of pages."""
    from pikepdf import Array, Dictionary, Name, String

    pdf.trailer.Info = pdf.make_indirect(
        Dictionary({name: String(value) for name, value in said.info.items()})
    )
    packet = pdf.make_stream(said.packet(), Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.Metadata = packet
    pdf.Root.Lang = String(said.language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.PageMode = Name.UseOutlines
    # As printed at the foot of each page.
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
    for page in pdf.pages:
        # reportlab gives every page an empty transition of slides.
        del page.Trans


def _give_colours_a_meaning(pdf: Pdf) -> None:
    """The output intent: numbers of red, green and blue are sRGB."""
    from pikepdf import Array, Dictionary, Name, String

    profile = pdf.make_stream(colour.srgb_profile(), N=3, Alternate=Name.DeviceRGB)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(colour.NAME),
        RegistryName=String("http://www.color.org"),
        Info=String(colour.NAME),
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


def _mend_characters(pdf: Pdf, letters: Mapping[int, str]) -> None:
    """Makes the codes of the fonts stand for characters.

    reportlab maps unused codes to U+0000, and shaped glyphs to private characters, numbered by the
    order of their first use in the process, which must not show in the bytes.
    """
    from pikepdf import Name

    for item in _fonts(pdf):
        rows = []
        for code, character in _CHARACTER.findall(item.ToUnicode.read_bytes()):
            number = int(character, 16)
            if number:
                text = letters.get(number, ZERO_WIDTH) if number in _PRIVATE else chr(number)
                rows.append(f"<{code.decode()}> <{text.encode('utf-16-be').hex().upper()}>")
        item.ToUnicode = pdf.make_stream(_character_map(str(item[Name.BaseFont]), rows))


def _fonts(pdf: Pdf) -> list[Any]:
    """Every font, each with its glyphs inside the file.

    Raises:
        OutputError: A font is left to the reader, who may have another of the same name.
    """
    from pikepdf import Dictionary, Name

    found = [
        each
        for each in pdf.objects
        if isinstance(each, Dictionary) and each.get("/Type") == Name.Font
    ]
    for each in found:
        if "/FontFile2" not in each.get("/FontDescriptor", {}) or "/ToUnicode" not in each:
            raise OutputError(
                f"the report would leave the font {str(each.BaseFont).removeprefix('/')} to its "
                "reader. Print with the fonts of the report only."
            )
    return found


def _character_map(font: str, rows: Sequence[str]) -> bytes:
    """A map from codes to characters; each of its blocks holds at most a hundred."""
    name = font.removeprefix("/")
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    listed = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return _MAP.format(name=name, listed=listed).encode("ascii")


_MAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def
/CMapName /{name} def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange
{listed}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def _attach(pdf: Pdf, attached: Sequence[Attachment], moment: str) -> None:
    """Embeds the files, and says how each relates to the document."""
    from pikepdf import Array, AttachedFileSpec, Name

    related = []
    for each in attached:
        spec = AttachedFileSpec(
            pdf,
            each.content,
            description=f"data/{each.path}: {each.what}",
            filename=each.name,
            mime_type=each.mime_type,
            creation_date=moment,
            mod_date=moment,
        )
        spec.obj.AFRelationship = Name(f"/{each.relation}")
        pdf.attachments[each.name] = spec
        related.append(spec.obj)
    pdf.Root.AF = Array(related)
