"""What a report says about itself to a machine: the same in both places that a PDF has for it."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from reetrace.core.evidence import SIMULATED_NOTICE, Evidence
from reetrace.reading.language import ENGLISH, code, plain

_WRITTEN = {ENGLISH: "en-GB"}


@dataclass(frozen=True)
class About:
    """The description of a document."""

    title: str
    author: str
    subject: str
    keywords: str
    creator: str
    producer: str
    date: str
    """Of its evidence, e.g. `2020-12-06`."""
    language: str
    """Of its words, e.g. `en-GB`."""

    @property
    def pdf_date(self) -> str:
        """The date as the information dictionary writes it."""
        return f"D:{self.date.replace('-', '')}000000Z"

    @property
    def info(self) -> dict[str, str]:
        """The information dictionary."""
        return {
            "/Title": self.title,
            "/Author": self.author,
            "/Subject": self.subject,
            "/Keywords": self.keywords,
            "/Creator": self.creator,
            "/Producer": self.producer,
            "/CreationDate": self.pdf_date,
            "/ModDate": self.pdf_date,
        }

    def packet(self, *, part: int = 3) -> bytes:
        """The same as XMP, with the claim of PDF/A conformance B.

        Nothing is claimed about PDF/UA: the pages are tagged, but no checker has said so.
        """
        said = {name: escape(value) for name, value in self.info.items()}
        moment = f"{self.date}T00:00:00Z"
        text = _PACKET.format(
            title=said["/Title"],
            author=said["/Author"],
            subject=said["/Subject"],
            keywords=said["/Keywords"],
            creator=said["/Creator"],
            producer=said["/Producer"],
            language=self.language,
            moment=moment,
            part=part,
        )
        return text.encode("utf-8")


def about(evidence: Evidence, title: str, digest: str) -> About:
    """What a report says about itself.

    Args:
        evidence: That it was made from.
        title: As a reader's window shows it.
        digest: SHA-256 of `evidence.json`.
    """
    notice = f"{SIMULATED_NOTICE}. " if evidence.simulated else ""
    maker = f"reetrace {evidence.reetrace_version}"
    return About(
        title=f"{notice}{plain(title)}",
        author=maker,
        subject=f"{notice}Run {evidence.run_id}, evidence.json SHA-256 {digest}",
        keywords=f"reetrace, {evidence.site.id}, run {evidence.run_id}",
        creator="reetrace",
        producer=f"{maker}, ReportLab, pikepdf",
        date=evidence.issue_date[:10],
        language=_WRITTEN.get(code(), code()),
    )


_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
   <dc:description>
    <rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt>
   </dc:description>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <pdf:Keywords>{keywords}</pdf:Keywords>
   <pdf:Producer>{producer}</pdf:Producer>
   <xmp:CreatorTool>{creator}</xmp:CreatorTool>
   <xmp:CreateDate>{moment}</xmp:CreateDate>
   <xmp:ModifyDate>{moment}</xmp:ModifyDate>
   <xmp:MetadataDate>{moment}</xmp:MetadataDate>
   <pdfaid:part>{part}</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
