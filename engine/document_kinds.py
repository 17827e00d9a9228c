"""Which files may be attached to a case: recognised by their content, their name agreeing."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath

from engine.errors import Invalid
from engine.wording import Text

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MEDIA_TYPES = {
    ".pdf": PDF,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".png": PNG,
    ".docx": DOCX,
    ".xlsx": XLSX,
}
"""File name ending → media type, for all that is accepted."""

LONGEST_NAME = 120
_STARTS = {PDF: b"%PDF-", JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n"}
_MAIN_PART = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
_MOST_PARTS = 5000
_FORBIDDEN = re.compile(r'[<>:"|?*]')

_WHAT_IS_TAKEN = Text(
    "يُقبل PDF وصور JPEG وPNG وملفات Word (docx) وExcel (xlsx).",
    "PDF, JPEG and PNG pictures, Word (docx) and Excel (xlsx) files are accepted.",
)


def media_type(name: str, content: bytes) -> str:
    """What the file is, by its content. Raises `Invalid` (field `file`) for anything that is not
    accepted, and when the name's ending says something else than the content."""
    promised = MEDIA_TYPES.get(PurePosixPath(name).suffix.lower())
    if promised is None:
        raise refused(_WHAT_IS_TAKEN)
    if not _is(promised, content):
        raise refused(
            Text(
                "محتوى الملف ليس ما يدل عليه اسمه؛ احفظه من جديد بالصيغة الصحيحة.",
                "The file is not what its name says; save it again in the right format.",
            )
        )
    return promised


def clean_name(name: str) -> str:
    """The name without folders, and without characters that hide or mislead (control characters,
    writing-direction marks). Raises `Invalid` when nothing is left."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(
        " " if unicodedata.category(c) in {"Zs", "Zl", "Zp"} else c
        for c in last
        if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    shown = " ".join(_FORBIDDEN.sub("_", shown).split()).strip(". ")
    path = PurePosixPath(shown)
    if not path.stem or not path.suffix:
        raise refused(Text("للملف اسم غير صالح.", "The file has no usable name."))
    return path.stem[: LONGEST_NAME - len(path.suffix)].rstrip(". ") + path.suffix


def refused(message: Text) -> Invalid:
    """The refusal of a file."""
    return Invalid(
        Text("لا يمكن إرفاق هذا الملف.", "The file cannot be attached."), {"file": [message]}
    )


def _is(kind: str, content: bytes) -> bool:
    start = _STARTS.get(kind)
    if start is not None:
        return content.startswith(start)
    return content.startswith(b"PK\x03\x04") and _is_office_file(kind, content)


def _is_office_file(kind: str, content: bytes) -> bool:
    """Whether the archive has the main part of that kind of document, and no macros. Only its list
    of contents is read; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return False
    return (
        len(names) <= _MOST_PARTS
        and "[Content_Types].xml" in names
        and _MAIN_PART[kind] in names
        and not any(name.lower().endswith("vbaproject.bin") for name in names)
    )
