"""PDFs as a vandal or an attacker would leave them: seeded damage to good files, and files built to harm."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO

from tests.reviewer.conftest import paper_pages, pdf_bytes, show

Damage = Callable[[random.Random, bytes], bytes]

_OBJECT = re.compile(rb"\d+ \d+ obj\b.*?endobj\s*", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_NUMBER = re.compile(rb"(?<=[\s/\[(])\d+(?=[\s/\]>])")
_KEYED = re.compile(rb"/(?:Length1?|Count|Size|Prev|W|Index|N|First|Width|Height|Columns|Predictor|BitsPerComponent|FirstChar|LastChar|MediaBox ?\[\d+ \d+)\s+(\d+)")  # fmt: skip
_LINK = re.compile(rb"\b(\d+) 0 R\b")
_FILTERS = (b"/ASCIIHexDecode", b"/ASCII85Decode", b"/LZWDecode", b"/RunLengthDecode", b"/CCITTFaxDecode", b"/JBIG2Decode",
            b"/DCTDecode", b"/JPXDecode", b"/Crypt", b"[/FlateDecode /FlateDecode]", b"/None")  # fmt: skip
_ODD = (0, 1, 2, 255, 65535, 65536, 2**31 - 1, 2**31, 2**32, 2**63, -1, -(2**31))


def flip_bytes(rng: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 4, 20, 200))):
        out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


def cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(20, len(data))] + rng.choice((b"", b"\n%%EOF\n"))


def drop_object(rng: random.Random, data: bytes) -> bytes:
    return _without(data, rng.choice(list(_OBJECT.finditer(data)) or [re.search(b"", data)]))


def double_object(rng: random.Random, data: bytes) -> bytes:
    found = list(_OBJECT.finditer(data))
    if len(found) < 2:
        return data
    one, other = rng.sample(found, 2)
    body = re.sub(rb"^\d+", other.group().split(None, 1)[0], one.group(), count=1)
    return data[: one.end()] + body + data[one.end() :]


def change_numbers(rng: random.Random, data: bytes) -> bytes:
    found = list(_KEYED.finditer(data)) if rng.random() < 0.7 else list(_NUMBER.finditer(data))
    for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 1, 3, 10)))), key=lambda m: -m.start()):
        group = 1 if match.re is _KEYED else 0
        data = data[: match.start(group)] + str(rng.choice(_ODD)).encode() + data[match.end(group) :]
    return data


def redirect_links(rng: random.Random, data: bytes) -> bytes:
    found = list(_LINK.finditer(data))
    for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 2, 8)))), key=lambda m: -m.start()):
        data = data[: match.start(1)] + rng.choice(found)[1] + data[match.end(1) :]
    return data


def swap_streams(rng: random.Random, data: bytes) -> bytes:
    found = list(_STREAM.finditer(data))
    if len(found) < 2:
        return data
    one, other = sorted(rng.sample(found, 2), key=lambda match: match.start())
    return (
        data[: one.start(1)] + other[1] + data[one.end(1) : other.start(1)] + one[1] + data[other.end(1) :]
    )  # fmt: skip


def change_filter(rng: random.Random, data: bytes) -> bytes:
    found = list(re.finditer(rb"/FlateDecode", data))
    if not found:
        return data.replace(b"/Length", b"/Filter " + rng.choice(_FILTERS) + b" /Length", 1)
    match = rng.choice(found)
    return data[: match.start()] + rng.choice(_FILTERS) + data[match.end() :]


def spoil_contents(rng: random.Random, data: bytes) -> bytes:
    """Damage within a compressed stream (a page's operators, a font's program, a table of characters), packed again."""
    found = [match for match in _STREAM.finditer(data) if _inflated(match[1])]
    if not found:
        return flip_bytes(rng, data)
    match = rng.choice(found)
    inner = bytearray(_inflated(match[1]))
    for _ in range(rng.choice((1, 5, 50))):
        inner[rng.randrange(len(inner))] = rng.randrange(256)
    if rng.random() < 0.3:
        start = rng.randrange(len(inner))
        inner[start:start] = inner[start : start + rng.randrange(1, 4000)] * rng.choice((2, 50))
    return _replaced(data, match, zlib.compress(bytes(inner)))


def burst_stream(rng: random.Random, data: bytes) -> bytes:
    """A stream that swells to thirty megabytes."""
    found = list(_STREAM.finditer(data))
    if not found:
        return data
    piece = rng.choice((b"\0", b" ", b"q ", b"[", b"(A) Tj ", b"0 0 m 9 9 l S "))
    return _replaced(data, rng.choice(found), swollen(piece, 30_000_000), b"/Filter /FlateDecode ")


def scramble(rng: random.Random, data: bytes) -> bytes:
    """A piece moved, repeated, or replaced by noise."""
    start = rng.randrange(len(data))
    piece = data[start : start + rng.randrange(1, 3000)]
    at = rng.randrange(len(data))
    noise = rng.choice((piece, piece * 20, rng.randbytes(len(piece)), b"<<" * 500, b"[" * 500))
    return data[:at] + noise + data[at + rng.choice((0, len(noise))) :]


DAMAGES: Sequence[Damage] = (
    flip_bytes, cut, drop_object, double_object, change_numbers, redirect_links, swap_streams, change_filter, spoil_contents,
    burst_stream, scramble,
)  # fmt: skip


def _without(data: bytes, match: re.Match[bytes] | None) -> bytes:
    return data[: match.start()] + data[match.end() :] if match else data


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, 10_000_000)
    except zlib.error:
        return b""


def _replaced(data: bytes, match: re.Match[bytes], stream: bytes, extra: bytes = b"") -> bytes:
    """The stream exchanged and its length, where it is written out, mended."""
    head = data[: match.start()]
    at = head.rfind(b" obj")
    told = re.sub(rb"/Length \d+(?! 0 R)", b"/Length %d" % len(stream), head[at:])
    if extra and b"/Filter" not in told:
        told = told.replace(b"/Length", extra + b"/Length", 1)
    return head[:at] + told + b"stream\n" + stream + b"\nendstream" + data[match.end() :]


def damaged(sources: Sequence[bytes], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many files with the name of what was done to them; the same for the same sources and seed."""
    for number in range(count):
        rng = random.Random(seed * 1_000_003 + number)
        damage = DAMAGES[number % len(DAMAGES)]
        data = damage(rng, rng.choice(sources))
        if rng.random() < 0.2:
            damage = rng.choice(DAMAGES)
            data = damage(rng, data)
        yield f"{number:04d}-{damage.__name__}", data


def swollen(piece: bytes, size: int, before: bytes = b"") -> bytes:
    """What inflates to `before` and then so many bytes of repeated pieces, made without ever holding them."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(before)]
    block = piece * (1_000_000 // len(piece))
    parts += [packer.compress(block) for _ in range(size // len(block))]
    return b"".join([*parts, packer.flush()])


# Good files to damage.


def written() -> bytes:
    return pdf_bytes(paper_pages(), info="/Title (A paper) /Author (Somebody)")


def packed() -> bytes:
    """The same with compressed streams, an annotation, an outline and an attached file."""
    import pypdf

    writer = pypdf.PdfWriter(clone_from=BytesIO(written()))
    for page in writer.pages:
        page.compress_content_streams()
    writer.add_outline_item(title="Start", page_number=0)
    writer.add_attachment("data.txt", b"1 2 3")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def plotted() -> bytes:
    """Of matplotlib: an embedded font, markers as forms, an image, transparency."""
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots(1, 2)
    axes[0].plot([1, 3, 2, 5], marker="o", alpha=0.5, label="accuracy $\\alpha$")
    axes[0].legend()
    axes[1].imshow([[i * j % 7 for i in range(20)] for j in range(20)])
    axes[1].set(title="A picture of numbers", xlabel="columns")
    file = BytesIO()
    figure.savefig(file, format="pdf", metadata={"CreationDate": None})
    return file.getvalue()


# Files built to harm: each one page that shows a sentence, and something beside it.


def builders() -> dict[str, Callable[[], bytes]]:
    text = show("Some words that can be read.")
    one = pdf_bytes([text])
    flood = text + "\n" + "BT /F1 9 Tf 50 50 Td " + "(flood of letters) Tj " * 40_000 + "ET"
    return {
        "page tree that holds itself": lambda: one.replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]"),
        "page that is its parent": lambda: one.replace(b"/Kids [6 0 R]", b"/Kids [6 0 R 2 0 R 6 0 R]"),
        "a million pages told": lambda: one.replace(b"/Count 1", b"/Count 1000000"),
        "two thousand pages": lambda: pdf_bytes([text] * 2000),
        "arrays in arrays": lambda: _with(one, "[" * 200_000 + "]" * 200_000),
        "dictionaries in dictionaries": lambda: _with(one, "<< /A " * 100_000 + "1" + " >>" * 100_000),
        "table of objects that repeats": lambda: one.replace(b"trailer\n<<", b"trailer\n<< /Prev 10"),
        "content swells to a gigabyte": lambda: _content(swollen(b" ", 2**30)),
        "content swells twice": lambda: _content(zlib.compress(swollen(b"q ", 2**29), 9), "[/FlateDecode /FlateDecode]"),
        "content opens states without end": lambda: _content(swollen(b"q ", 2**27)),
        "content opens arrays without end": lambda: _content(swollen(b"[", 2**26)),
        "letters without end": lambda: _content(swollen(b"(letters) Tj ", 60_000_000, b"BT /F1 9 Tf ")),
        "flood of letters": lambda: pdf_bytes([flood] * 5),
        "lines without end": lambda: _content(swollen(b"9 9 l 5 700 l ", 60_000_000, b"0 0 m ")),
        "form that draws itself": lambda: _forms(text, 1, 1),
        "forms that draw each other ten times ten times": lambda: _forms(text, 10, 9),
        "picture of a terapixel": lambda: pdf_bytes([text + "q 500 0 0 500 0 0 cm BI /W 1000000 /H 1000000 /BPC 8 /CS /G ID 000 EI Q"]),
        "picture that swells": lambda: _picture(30_000, 30_000, swollen(b"\x80", 900_000_000)),
        "page as large as a field": lambda: pdf_bytes([text], size=(10**9, 10**9)),
        "page without a side": lambda: pdf_bytes([text], size=(0, 0)),
        "letters as large as a house": lambda: pdf_bytes([text + show("House", size=10**30)]),
        "letters at the end of the world": lambda: pdf_bytes([text + "BT /F1 9 Tf 1e38 -1e38 Td (x) Tj ET"]),
        "notes without end": lambda: pdf_bytes([text], extra="/Annots [" + "<< /Subtype /Text /Rect [0 0 9 9] /Contents (x) >> " * 50_000 + "]"),
        "a note of ten megabytes": lambda: pdf_bytes([text], extra=f"/Annots [<< /Subtype /Text /Rect [0 0 9 9] /Contents ({'y' * 10**7}) >>]"),
        "a title of ten megabytes": lambda: pdf_bytes([text], info=f"/Title ({'z' * 10**7})"),
        "outline that follows itself": lambda: one.replace(b"/Type /Catalog", b"/Type /Catalog /Outlines << /First 9 0 R /Last 9 0 R >>").replace(b"xref\n", b"9 0 obj\n<< /Title (A) /Next 9 0 R /First 9 0 R >>\nendobj\nxref\n", 1),
        "pattern of a million tiles": lambda: _pattern(text),
        "letters that draw themselves": lambda: _type3(text),
        "table of characters without end": lambda: _characters(text),
        "same content a hundred thousand times": lambda: one.replace(b"/Contents 7 0 R", b"/Contents [" + b"7 0 R " * 100_000 + b"]"),
        "no letters": lambda: pdf_bytes(["0 0 100 100 re f"]),
        "encrypted by nobody": lambda: one.replace(b"trailer\n<<", b"trailer\n<< /Encrypt << /Filter /Nobody /V 9 >>"),
        "only a head": lambda: b"%PDF-1.7\n%%EOF",
        "a picture called PDF": lambda: b"\x89PNG\r\n\x1a\n%PDF-1.4 %%EOF",
        "words behind a head": lambda: b"%PDF-1.4\n" + b"words " * 10_000 + b"%%EOF",
    }  # fmt: skip


def built() -> Iterator[tuple[str, bytes]]:
    for name, build in builders().items():
        yield name, build()


def _with(data: bytes, value: str) -> bytes:
    return data.replace(b"/Type /Catalog", b"/Type /Catalog /Extra " + value.encode())


def _content(stream: bytes, filters: str = "/FlateDecode") -> bytes:
    """A file whose only page has this packed content."""
    data = pdf_bytes([show("Some words that can be read.")])
    match = _STREAM.search(data)
    assert match is not None
    return _replaced(data, match, stream, f"/Filter {filters} ".encode())


def _extended(text: str, resources: str, objects: dict[int, str]) -> bytes:
    """The page of this text with further resources and objects (numbers from 9 on)."""
    data = pdf_bytes([text])
    data = data.replace(b"/Resources << ", b"/Resources << " + resources.encode() + b" ")
    more = "".join(f"{number} 0 obj\n{body}\nendobj\n" for number, body in objects.items())
    return data.replace(b"xref\n0", more.encode("latin-1") + b"xref\n0", 1).replace(
        b"startxref", b"startxref\n99999999 %"
    )


def _stream(head: str, content: str) -> str:
    return f"<< {head} /Length {len(content)} >>\nstream\n{content}\nendstream"


def _forms(text: str, times: int, levels: int) -> bytes:
    head = "/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /F {} 0 R >> >>"
    objects = {
        9 + level: _stream(head.format(9 + (level + 1) % max(levels, 1)), "/F Do " * times if level < levels - 1 or levels == 1 else "0 0 9 9 re f")
        for level in range(levels)
    }  # fmt: skip
    return _extended(text + "/F Do", "/XObject << /F 9 0 R >>", objects)


def _picture(width: int, height: int, stream: bytes) -> bytes:
    head = f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode"
    body = f"<< {head} /Length {len(stream)} >>\nstream\n{stream.decode('latin-1')}\nendstream"
    return _extended(show("Some words that can be read.") + "q 500 0 0 500 0 0 cm /P Do Q", "/XObject << /P 9 0 R >>", {9: body})  # fmt: skip


def _pattern(text: str) -> bytes:
    head = "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.001 /YStep 0.001 /Resources << >>"
    paint = "/Pattern cs /T scn 0 0 600 800 re f"
    return _extended(text + paint, "/Pattern << /T 9 0 R >>", {9: _stream(head, "0 0 1 1 re f")})


def _type3(text: str) -> bytes:
    font = "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 65 /LastChar 65 /Widths [9] " \
           "/Encoding << /Differences [65 /A] >> /CharProcs << /A 10 0 R >> /Resources << /Font << /F9 9 0 R >> >> >>"  # fmt: skip
    draws = _stream("", "9 0 d0 BT /F9 9 Tf (AAAAAAAA) Tj ET")
    data = _extended(text + "BT /F9 9 Tf 50 50 Td (A) Tj ET", "", {9: font, 10: draws})
    return data.replace(b"/Font << /F1", b"/Font << /F9 9 0 R /F1")


def _characters(text: str) -> bytes:
    table = (
        "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
        + "1 beginbfrange <0000> <FFFF> <0041> endbfrange " * 20_000
    )
    font = "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 10 0 R /DescendantFonts [<< /Type /Font " \
           "/Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (A) /Ordering (B) /Supplement 0 >> /W [0 65535 500] >>] >>"  # fmt: skip
    data = _extended(text + "BT /F9 9 Tf 50 50 Td <00410042> Tj ET", "", {9: font, 10: _stream("", table)})
    return data.replace(b"/Font << /F1", b"/Font << /F9 9 0 R /F1")
