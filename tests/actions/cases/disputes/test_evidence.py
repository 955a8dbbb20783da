"""Evidence: files copied beside the books, each content once; what is no evidence is refused; what is gone is told."""

import hashlib
import os
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from retcli.actions.books import backups
from retcli.actions.cases import decisions
from retcli.actions.cases.disputes import evidence
from retcli.actions.insight import doctor
from retcli.database import copies, engine
from retcli.database import evidence as kept
from retcli.errors import NotFound, Refused
from retcli.rules.cases import media
from retcli.rules.lifecycles import Kind
from tests.shopfloor import FINANCE, Books
from tests.terminal import Desk

ORDER, OTHER = "2850000000000000101", "2850000000000000102"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"crack" * 100
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\x00" * 64
MIB = 1 << 20


def opened(books: Books, number: str = ORDER) -> str:
    books.order(number, ("TS-L", 1, 9900))
    return books.do(decisions.open_case, number, kind=Kind.RETURN, reason="Q_FUNC").number


def photo(tmp_path: Path, name: str = "裂缝.jpg", content: bytes = JPEG) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def attach(books: Books, case: str, *paths: Path, kind: str = "photo") -> list[str]:
    """What became of each file."""
    return [file.outcome for file in evidence.attach(books.asked(), case, paths, kind=kind).attached]


def files(books: Books) -> list[Path]:
    return sorted(path for path in copies.evidence_of(books.database).rglob("*") if path.is_file())


def test_a_photo_is_copied_beside_the_books_under_its_hash(books: Books, tmp_path: Path) -> None:
    case = opened(books)
    path = photo(tmp_path)
    assert attach(books, case, path) == ["stored"]
    name = hashlib.sha256(JPEG).hexdigest()
    (there,) = files(books)
    assert there.relative_to(copies.evidence_of(books.database)) == Path(name[:2]) / f"{name}.jpg"
    assert there.read_bytes() == JPEG
    assert path.read_bytes() == JPEG
    if os.name != "nt":
        folders = (there.parent.parent, there.parent)
        assert [stat.S_IMODE(each.stat().st_mode) for each in (*folders, there)] == [0o700, 0o700, 0o600]
    (row,) = books.do(evidence.evidence_of, case, check=True).evidence
    assert (row.kind, row.name, row.size, row.state) == ("photo", "裂缝.jpg", 510, "present")
    books.check()


def test_the_same_content_is_kept_once_and_said(books: Books, tmp_path: Path) -> None:
    case, other = opened(books), opened(books, OTHER)
    first, again = photo(tmp_path), photo(tmp_path, "again.jpg")
    assert attach(books, case, first) == ["stored"]
    assert attach(books, case, again) == ["known"]
    assert attach(books, other, again) == ["shared"]
    assert len(files(books)) == 1
    assert books.value("SELECT COUNT(*) FROM evidence") == 2
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'attach'") == 2


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"", "photo", "is empty"),
        (MP4, "photo", "is not a photo: its content is mp4"),
        (JPEG, "video", "is not a video: its content is jpg"),
        (b"<?php \x00\x01", "report", "nobody knows this kind of content"),
        (b"PK\x03\x04\x00", "chat", "nobody knows this kind of content"),
    ],
)
def test_what_is_not_what_it_is_said_to_be_is_refused(
    books: Books, tmp_path: Path, content: bytes, kind: str, said: str
) -> None:
    case = opened(books)
    with pytest.raises(Refused, match=said):
        attach(books, case, photo(tmp_path), photo(tmp_path, "x.jpg", content), kind=kind)
    assert [path for path in files(books) if path.name.endswith(".partial")] == []
    assert books.value("SELECT COUNT(*) FROM evidence") == 0, "all of them or none"


def test_only_files_are_taken(sqlite_books: Books, tmp_path: Path) -> None:
    case = opened(sqlite_books)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    photo(elsewhere, "secret.jpg")
    (tmp_path / "link.jpg").symlink_to(elsewhere / "secret.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    refused = {"link.jpg": "a link that leads elsewhere", "pipe.jpg": "not a file", "elsewhere": "not a file"}
    for name, said in refused.items():
        with pytest.raises(Refused, match=said):
            attach(sqlite_books, case, tmp_path / name)
    with pytest.raises(Refused, match="not a file"):
        attach(sqlite_books, case, Path("/dev/null"))
    with pytest.raises(NotFound, match="There is no file"):
        attach(sqlite_books, case, tmp_path / "nowhere.jpg")
    photo(tmp_path, "near.jpg")
    (tmp_path / "beside.jpg").symlink_to("near.jpg")
    assert attach(sqlite_books, case, tmp_path / "beside.jpg") == ["stored"]


@pytest.mark.parametrize(("kind", "megabytes", "head"), [("photo", 30, JPEG), ("video", 200, MP4), ("chat", 50, JPEG)])
def test_a_file_above_its_limit_is_refused_by_one_byte(
    sqlite_books: Books, tmp_path: Path, kind: str, megabytes: int, head: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits are 30, 200 and 50 MB; here a thousandth of them, so that nobody waits for the disk."""
    assert media.LIMITS[kind] == megabytes * 1_000_000
    monkeypatch.setitem(media.LIMITS, kind, megabytes * 1000)
    case = opened(sqlite_books)
    fits = photo(tmp_path, "fits", head.ljust(megabytes * 1000, b"\x01"))
    above = photo(tmp_path, "above", head.ljust(megabytes * 1000 + 1, b"\x01"))
    assert attach(sqlite_books, case, fits, kind=kind) == ["stored"]
    with pytest.raises(Refused, match="is bigger than"):
        attach(sqlite_books, case, above, kind=kind)
    assert len(files(sqlite_books)) == 1


def test_a_big_file_is_never_whole_in_memory(sqlite_books: Books, tmp_path: Path) -> None:
    import tracemalloc

    case, path = opened(sqlite_books), tmp_path / "unboxing.mp4"
    with path.open("wb") as stream:
        stream.write(MP4)
        stream.truncate(60 * MIB)
    tracemalloc.start()
    try:
        assert attach(sqlite_books, case, path, kind="video") == ["stored"]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20 * MIB


def test_a_file_that_is_gone_or_changed_is_told_and_comes_back(books: Books, tmp_path: Path) -> None:
    case, path = opened(books), photo(tmp_path)
    attach(books, case, path)
    (there,) = files(books)
    there.write_bytes(b"\xff\xd8\xff" + b"other" * 10)
    assert [row.state for row in books.do(evidence.evidence_of, case).evidence] == ["present"]
    changed = books.do(evidence.evidence_of, case, check=True)
    assert ([row.state for row in changed.evidence], changed.exit_code) == (["damaged"], 3)
    there.unlink()
    gone = books.do(evidence.evidence_of, case)
    assert ([row.state for row in gone.evidence], gone.exit_code) == (["missing"], 3)
    (found,) = [line for line in doctor.examine(books.asked()).findings if line.where == "evidence"]
    assert (found.state, found.text) == ("error", f"Evidence is missing or damaged: {case} ×1")
    assert attach(books, case, path) == ["known"]
    assert books.do(evidence.evidence_of, case, check=True).exit_code == 0


def test_what_was_only_noted_before_is_not_stored_until_it_is_attached_again(books: Books, tmp_path: Path) -> None:
    case, path = opened(books), photo(tmp_path)
    sha = hashlib.sha256(JPEG).hexdigest()
    with engine.engine(books.database).begin() as connection:
        row = f"1, 'photo', '{sha}', 'C:\\照片\\裂缝.jpg', '老板', '2026-11-09 04:00:00'"
        connection.execute(
            sa.text(
                f"INSERT INTO evidence (case_id, kind, sha256, path, by, at) VALUES ({row})".replace(":\\", "\\:\\")
            )
        )
    (old,) = books.do(evidence.evidence_of, case, check=True).evidence
    assert (old.name, old.size, old.state) == ("裂缝.jpg", None, "not_stored")
    assert attach(books, case, path) == ["stored"]
    (new,) = books.do(evidence.evidence_of, case, check=True).evidence
    assert (new.name, new.size, new.state) == ("裂缝.jpg", 510, "present")


def test_a_copy_of_the_books_takes_the_evidence_along(sqlite_books: Books, tmp_path: Path) -> None:
    case, place = opened(sqlite_books), tmp_path / "usb"
    attach(sqlite_books, case, photo(tmp_path), photo(tmp_path, "2.jpg", JPEG + b"2"))
    copied = [backups.back_up(sqlite_books.asked(), place) for _ in range(2)]
    assert [view.evidence for view in copied] == [2, 0]
    taken = sorted(path.name for path in (place / "shop.db-evidence").rglob("*.jpg"))
    assert taken == sorted(path.name for path in files(sqlite_books))
    if os.name != "nt":
        assert stat.S_IMODE((place / "shop.db-evidence").stat().st_mode) == 0o700
    attach(sqlite_books, case, photo(tmp_path, "3.jpg", JPEG + b"3"))
    broken = next(p for p in files(sqlite_books) if p.read_bytes() == JPEG + b"3")
    broken.write_bytes(b"\xff\xd8\xff rotten")
    view = backups.back_up(sqlite_books.asked(), place)
    assert (view.evidence, view.exit_code) == (0, 3)
    assert broken.name in view.complaints[0]


def test_a_killed_run_leaves_nothing_for_long(sqlite_books: Books, tmp_path: Path) -> None:
    case, folder = opened(sqlite_books), copies.evidence_of(sqlite_books.database)
    folder.mkdir()
    young, old = (folder / f"{sign * 32}.partial" for sign in "ab")
    for path in (young, old):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    attach(sqlite_books, case, photo(tmp_path))
    assert (young.exists(), old.exists()) == (True, False)


def test_the_name_is_text_to_show_and_no_more(books: Books, tmp_path: Path) -> None:
    assert kept.shown_name("..\\..\\C\x1b[31m裂缝\r\n.jpg") == "C[31m裂缝.jpg"
    assert kept.shown_name("/etc/passwd") == "passwd"
    case = opened(books)
    attach(books, case, photo(tmp_path, "13812348000 张三.jpg"))
    (row,) = books.do(evidence.evidence_of, case).evidence
    assert row.name == "138****8000 张三.jpg"
    assert "1381234" not in books.value("SELECT payload FROM events WHERE action = 'attach'")


def test_finance_attaches_nothing(books: Books, tmp_path: Path) -> None:
    case = opened(books)
    books.hire()
    with pytest.raises(Refused, match="may not attach evidence"):
        evidence.attach(books.asked(FINANCE), case, [photo(tmp_path)], kind="photo")
    assert files(books) == []


@pytest.mark.parametrize(
    ("head", "content"),
    [
        (JPEG, "jpg"),
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", ""),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "heic"),
        (b"GIF89a\x01\x00", "gif"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00", "bmp"),
        (MP4, "mp4"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00", "mov"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", "webm"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", ""),
        (b"%PDF-1.7\n", "pdf"),
        ("旺旺：收到裂了".encode(), "txt"),
        ("旺旺：收到裂了".encode("gb18030"), "txt"),
        (("裂" * 1366).encode()[:4096], "txt"),
        (b"MZ\x90\x00", ""),
        (b"", ""),
    ],
)
def test_a_file_is_known_by_its_first_bytes(head: bytes, content: str) -> None:
    assert media.media_of(head) == content


def test_an_agent_proves_a_crack_at_the_terminal(desk: Desk, tmp_path: Path) -> None:
    case = desk.case("open", "2850000000000000001", "--kind", "refund-only", "--reason", "Q_FUNC", "--line", "TS-L")[
        "number"
    ]
    asked = [f["rule"] for f in desk.case("show", case)["findings"] if f["answer"] == "person"]
    assert "evidence" in asked
    two = [str(photo(tmp_path)), str(photo(tmp_path, "2.jpg", JPEG + b"2"))]
    answer = desk.type("case", "attach", case, *two, "--kind", "照片")
    assert answer.out.splitlines() == [
        f"裂缝.jpg: stored with case {case}",
        f"2.jpg: stored with case {case}",
        f"All evidence: retcli case evidence {case}",
    ]
    listed = desk.read("case", "evidence", case, "--check")
    assert [(e["kind"], e["size"], e["state"]) for e in listed["evidence"]] == [
        ("photo", 510, "present"),
        ("photo", 511, "present"),
    ]
    asked = [f["rule"] for f in desk.case("show", case)["findings"] if f["answer"] == "person"]
    assert "evidence" not in asked
    assert "is not a video" in desk.refused("case", "attach", case, two[0], "--kind", "video")
