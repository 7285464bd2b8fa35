"""What a PDF carries beside what its pages show: notes, form fields, bookmarks, alternative and replacement texts, XMP."""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterator
from typing import Any

from ai_scientist_reviewer.document import Beside, BesideKind
from ai_scientist_reviewer.pdfium import said
from ai_scientist_reviewer.reader.wire import LONGEST_NOTE, MOST_NOTES

_DEEPEST = 16
_MOST_XMP = 2 * 1024 * 1024
"""Bytes of one packet, unpacked."""
_FIELD: tuple[tuple[bytes, BesideKind], ...] = (
    (b"V", "form field"),
    (b"DV", "form field"),
    (b"TU", "form field"),
    (b"RC", "annotation"),
    (b"Subj", "annotation"),
)
_MARKS: tuple[tuple[bytes, BesideKind], ...] = (
    (b"ActualText", "replacement text"),
    (b"Alt", "alternative text"),
    (b"E", "alternative text"),
)
_XMP_STREAM = re.compile(rb"<<(?:(?!endobj).){0,2000}?/Type\s*/Metadata(?:(?!endobj).){0,2000}?stream\r?\n", re.DOTALL)
_XMP_TAG = re.compile(r"<(?P<tag>[\w.-]+:[\w.-]+)(?P<attributes>[^<>]*)>(?P<text>[^<]*)")
_XMP_ATTRIBUTE = re.compile(r"(?P<tag>[\w.-]+:[\w.-]+)\s*=\s*[\"'](?P<text>[^\"']*)[\"']")
_XMP_FRAME = ("rdf", "xml", "xmlns", "x")
"""Name spaces whose tags hold the packet together and say nothing."""
_STRUCTURE: tuple[tuple[BesideKind, str], ...] = (("alternative text", "FPDF_StructElement_GetAltText"), ("replacement text", "FPDF_StructElement_GetActualText"), ("alternative text", "FPDF_StructElement_GetTitle"), ("alternative text", "FPDF_StructElement_GetExpansion"))  # fmt: skip


def notes(page: Any) -> Iterator[str]:
    """The texts of a page's annotations."""
    import pypdfium2.raw as raw

    for note in _annotations(page):
        if words := said(raw.FPDFAnnot_GetStringValue, note, b"Contents", most=LONGEST_NOTE):
            yield words


def fields(page: Any, number: int) -> Iterator[Beside]:
    """Values and hints of a page's form fields, and the titles of its annotations."""
    import pypdfium2.raw as raw

    for note in _annotations(page):
        for key, kind in _FIELD:
            if words := said(raw.FPDFAnnot_GetStringValue, note, key, most=LONGEST_NOTE).strip():
                yield Beside(kind, words, number)


def _annotations(page: Any) -> Iterator[Any]:
    import pypdfium2.raw as raw

    for index in range(min(raw.FPDFPage_GetAnnotCount(page), MOST_NOTES)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if note:
            yield note
            raw.FPDFPage_CloseAnnot(note)


def replacements(page: Any, number: int) -> Iterator[Beside]:
    """Texts that a program is to take instead of what is drawn (ActualText), each taken off the page in memory.

    PDFium would give them for the page's text. What is read has to be what is drawn.
    """
    import pypdfium2.raw as raw

    told: set[str] = set()
    for thing in page.get_objects(max_depth=_DEEPEST):
        for index in range(min(raw.FPDFPageObj_CountMarks(thing), 50)):
            mark = raw.FPDFPageObj_GetMark(thing, index)
            for key, kind in _MARKS:
                words = _of_mark(mark, key)
                if key == b"ActualText":
                    raw.FPDFPageObjMark_RemoveParam(thing, mark, key)
                if words and words not in told and len(told) < MOST_NOTES:
                    told.add(words)
                    yield Beside(kind, words, number)


def _of_mark(mark: Any, key: bytes) -> str:
    import ctypes

    import pypdfium2.raw as raw

    size = ctypes.c_ulong()
    if not raw.FPDFPageObjMark_GetParamStringValue(mark, key, None, 0, size) or not 2 < size.value <= 2 * LONGEST_NOTE:
        return ""
    buffer = ctypes.create_string_buffer(size.value)
    ask: Any = raw.FPDFPageObjMark_GetParamStringValue
    ask(mark, key, ctypes.cast(buffer, ask.argtypes[2]), size.value, size)
    return buffer.raw[: size.value].decode("utf-16-le", "replace").partition("\0")[0].strip()


def structure(page: Any, number: int) -> Iterator[Beside]:
    """The texts of a tagged document's structure: what is read out for a picture, or instead of a formula."""
    import pypdfium2.raw as raw

    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return
    waiting = [
        (raw.FPDF_StructTree_GetChildAtIndex(tree, i), 0)
        for i in range(min(raw.FPDF_StructTree_CountChildren(tree), 1000))
    ]
    seen = 0
    while waiting and seen < 5 * MOST_NOTES:
        element, depth = waiting.pop()
        seen += 1
        if not element:
            continue
        for kind, ask in _STRUCTURE:
            if words := said(getattr(raw, ask), element, most=LONGEST_NOTE).strip():
                yield Beside(kind, words, number)
        if depth < 50:
            count = min(raw.FPDF_StructElement_CountChildren(element), 1000)
            waiting += [(raw.FPDF_StructElement_GetChildAtIndex(element, i), depth + 1) for i in range(count)]
    raw.FPDF_StructTree_Close(tree)


def bookmarks(document: Any) -> Iterator[Beside]:
    for count, mark in enumerate(document.get_toc(max_depth=10)):
        if count == MOST_NOTES:
            return
        if words := mark.get_title().strip():
            yield Beside("bookmark", words[:LONGEST_NOTE], None)


def xmp(data: bytes) -> Iterator[Beside]:
    """The texts of the XMP packets in a file, packed or not, as "tag: text"."""
    for count, match in enumerate(_XMP_STREAM.finditer(data)):
        if count == 20:
            return
        stream = data[match.end() : match.end() + _MOST_XMP]
        stream = stream[:end] if (end := stream.find(b"endstream")) >= 0 else stream
        if b"FlateDecode" in match.group():
            try:
                stream = zlib.decompressobj().decompress(stream, _MOST_XMP)
            except zlib.error:
                continue
        for tag, words in _told(stream.decode("utf-8", "replace")):
            if words.strip():
                yield Beside("XMP", f"{tag}: {html.unescape(words).strip()[:LONGEST_NOTE]}", None)


def _told(packet: str) -> Iterator[tuple[str, str]]:
    tag = ""
    for match in _XMP_TAG.finditer(packet):
        own = match["tag"].partition(":")[0] not in _XMP_FRAME
        tag = match["tag"] if own else tag
        for attribute in _XMP_ATTRIBUTE.finditer(match["attributes"]):
            if attribute["tag"].partition(":")[0] not in _XMP_FRAME:
                yield attribute["tag"], attribute["text"]
        yield tag, match["text"]
