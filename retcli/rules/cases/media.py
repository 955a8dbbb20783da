"""The kind of a file by its first bytes, and which kinds and sizes may serve as which evidence."""

from enum import StrEnum

MEGABYTE = 1_000_000
HEAD_BYTES = 4096
"""How many of a file's first bytes `media_of` is given."""
_STARTS = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"%PDF-", "pdf"),
)
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OTHER_IMAGES = {b"avif", b"avis"}


class Proof(StrEnum):
    """A kind of evidence."""

    PHOTO = "photo"
    VIDEO = "video"
    CHAT = "chat"
    REPORT = "report"


PICTURES = frozenset({"jpg", "png", "webp", "heic", "gif", "bmp"})
VIDEOS = frozenset({"mp4", "mov", "webm"})
FITTING: dict[str, frozenset[str]] = {
    Proof.PHOTO: PICTURES,
    Proof.VIDEO: VIDEOS,
    Proof.CHAT: PICTURES | {"pdf", "txt"},
    Proof.REPORT: PICTURES | {"pdf", "txt"},
}
"""The contents that each kind of evidence may have."""
LIMITS: dict[str, int] = {
    Proof.PHOTO: 30 * MEGABYTE,
    Proof.VIDEO: 200 * MEGABYTE,
    Proof.CHAT: 50 * MEGABYTE,
    Proof.REPORT: 50 * MEGABYTE,
}
"""The most bytes that each kind of evidence may have."""


def media_of(head: bytes) -> str:
    """The kind of a file by its first `HEAD_BYTES`, whatever its name says: ``jpg``, ``png``, ``webp``, ``heic``,
    ``gif``, ``bmp``, ``mp4``, ``mov``, ``webm``, ``pdf``, ``txt``; empty where it is none of these.
    """
    for start, media in _STARTS:
        if head.startswith(start):
            return media
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    # BM alone begins many a text: the reserved bytes of the header must be nought as well
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0" and len(head) >= 26:
        return "bmp"
    # EBML, the container of WebM and of Matroska alike: only WebM names itself behind it
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "webm" if b"webm" in head[:64] else ""
    if head[4:8] == b"ftyp":
        return _boxed(head[8:12])
    # QuickTime from before files named their brand
    if head[4:8] in {b"moov", b"mdat", b"wide"}:
        return "mov"
    return "txt" if _is_text(head) else ""


def _boxed(brand: bytes) -> str:
    """The kind of a file of the ISO base media family (MP4, HEIC) by its major brand."""
    if brand in _HEIC:
        return "heic"
    if brand in _OTHER_IMAGES:
        return ""
    return "mov" if brand == b"qt  " else "mp4"


def _is_text(head: bytes) -> bool:
    """Whether the first bytes of a file are text in UTF-8 or GB18030, without control characters."""
    plain = all(byte >= 32 or byte in b"\t\n\r\f" for byte in head)
    return bool(head) and plain and any(_decodes(head, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(head: bytes, encoding: str) -> bool:
    """Whether the first bytes of a file decode; a character cut in two at `HEAD_BYTES` is no fault."""
    try:
        head.decode(encoding)
    except UnicodeDecodeError as wrong:
        # both encodings take four bytes a character at most
        return len(head) == HEAD_BYTES and len(head) - wrong.start < 4
    return True
