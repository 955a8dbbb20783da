"""Labels as a printer of 203 dpi prints them: every code is read back, and no text is cut off or written over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from retcli import language
from retcli.errors import Refused
from retcli.paper import fonts, layout, pdf, sizes, tspl
from retcli.paper.layout import Bars, Drawn, Squares, Text
from retcli.paper.sizes import Size
from retcli.rules.warehouse import payloads
from retcli.views.warehouse.labels import Label

NAME = "保温杯大容量不锈钢便携学生女生高颜值水杯车载大肚杯运动健身" * 2  # sixty signs, as long as Taobao takes them
SKU = "CUP-500-WHITE-MWMWMWMW-012345678"  # thirty-two signs
ADDRESS = "内蒙古自治区锡林郭勒盟苏尼特右旗赛汉塔拉镇工业园区三期十二号楼B座2单元1503室 云朵小铺售后组 13987654321"
PERSON = "欧阳诗涵 13987654321-0042"
CASE, PARCEL = "RC20261109-12345", "PK20261109-12345"
LINES = tuple(("商品", f"{SKU} {NAME} ×12") for _line in range(3))
LABELS = {
    "return": Label("退货标签", payloads.of_case(CASE), CASE, (("寄到", ADDRESS), ("寄件人", PERSON), *LINES)),
    "exchange": Label("换货单", payloads.of_case(CASE), CASE, (*LINES, *LINES, ("收货人", f"{PERSON} {ADDRESS}"))),
    "repair": Label(
        "维修单", payloads.of_case(CASE), CASE, (*LINES, ("问题", "不加热、漏水。" * 20), ("买家", PERSON))
    ),
    "parcel": Label(
        "退件标签", payloads.of_parcel(PARCEL), PARCEL, (("运单号", "JDVA0123456789012"),), "无主-123456789"
    ),
    "barcode": Label("商品标签", "6901234567892", "6901234567892", (("商品", NAME), ("商品编码", SKU))),
    "sku": Label("商品标签", payloads.of_article(SKU), SKU, (("商品", NAME), ("商品编码", SKU))),
    "chinese sku": Label(
        "商品标签", payloads.of_article("红色加厚保温杯大号-限量款"), "红色加厚保温杯大号-限量款", (("商品", NAME),)
    ),
    "place": Label("货位", payloads.of_place("A-03"), "A-03", big="A-03"),
    "long place": Label(
        "货位", payloads.of_place("东区-二层-冷藏-12.3"), "东区-二层-冷藏-12.3", big="东区-二层-冷藏-12.3"
    ),
    "badge": Label("工牌", payloads.of_badge(123456), "仓库", big="买买提·阿不都热合曼"),
    "command": Label("指令", "RCMDDELIVERY", "RCMDDELIVERY", (("下一行写共几件", ""),), "整车到货"),
}
SLIPS = {"return", "exchange", "repair"}
EACH = [(kind, size) for kind in LABELS for size in ("60x40", "100x150", "a4")]
DOTS_PER_INCH = 25.4 * sizes.DOTS


@pytest.fixture(scope="module")
def face() -> fonts.Face:
    """The Chinese font of this computer (Debian, Ubuntu: fonts-noto-cjk)."""
    return fonts.found(None)


def drawn(kind: str, size: str, face: fonts.Face) -> tuple[list[Drawn], Size]:
    language.use(language.CHINESE)
    one = sizes.label(size, slip=kind in SLIPS)
    return layout.laid_out(LABELS[kind], one, face), one


def read(image: Image.Image) -> set[tuple[str, str]]:
    """The kind and the text of every code on a picture."""
    return {(code.format.name, code.text) for code in zxingcpp.read_barcodes(image)}


def codes(kind: str, labels: list[Drawn]) -> set[tuple[str, str]]:
    """What is to be read of a label: its QR code, and its bars where it has room for them."""
    text = LABELS[kind].code
    return {("QRCode", text)} | ({("Code128", text)} if labels[0].bars else set())


@pytest.mark.parametrize(("kind", "size"), EACH)
def test_every_code_is_read_from_the_paper(kind: str, size: str, face: fonts.Face) -> None:
    labels, one = drawn(kind, size, face)
    written, pages = pdf.drawn(labels, one, sizes.sheet(size, one), face, datetime(2026, 11, 9, tzinfo=UTC))
    document = pypdfium2.PdfDocument(written)
    assert len(document) == pages
    for page in document:
        assert read(page.render(scale=DOTS_PER_INCH / 72).to_pil().convert("L")) == codes(kind, labels)


@pytest.mark.parametrize(("kind", "size"), [each for each in EACH if each[1] != "a4"])
def test_every_code_is_read_from_a_label_printer(kind: str, size: str, face: fonts.Face) -> None:
    labels, one = drawn(kind, size, face)
    for label in labels:
        assert read(bitmaps(tspl.drawn([label], one, face), one)[0]) == codes(kind, labels)


def test_a_bitmap_is_as_long_as_counted_by_hand(face: fonts.Face) -> None:
    """SIZE 18 bytes, GAP 15, DIRECTION 13; then for each label CLS 5, BITMAP 20, a bit a dot, 2, PRINT 11."""
    labels, one = drawn("place", "60x40", face)
    written = tspl.drawn(labels * 2, one, face)
    assert len(written) == 18 + 15 + 13 + 2 * (5 + 20 + 480 // 8 * 320 + 2 + 11)
    assert written.startswith(
        b"SIZE 60 mm,40 mm\r\nGAP 2 mm,0 mm\r\nDIRECTION 1\r\nCLS\r\nBITMAP 0,0,60,320,0,\xff\xff"
    )
    assert written.endswith(b"\xff\xff\r\nPRINT 1,1\r\n"), "a set bit stays white"


def bitmaps(written: bytes, one: Size) -> list[Image.Image]:
    """The pictures in the bytes for a label printer."""
    command = f"CLS\r\nBITMAP 0,0,{one.width // 8},{one.height},0,".encode()
    size = one.width // 8 * one.height
    starts = [part[:size] for part in written.split(command)[1:]]
    return [Image.frombytes("1", (one.width, one.height), bits).convert("L") for bits in starts]


@pytest.mark.parametrize(("kind", "size"), EACH)
def test_nothing_is_cut_off_or_written_over(kind: str, size: str, face: fonts.Face) -> None:
    labels, one = drawn(kind, size, face)
    for label in labels:
        boxes = [box(text, face) for text in label.texts] + [box(label.squares, face)]
        boxes += [box(label.bars, face)] if label.bars else []
        for left, top, right, bottom in boxes:
            assert 0 <= left < right <= one.width
            assert 0 <= top < bottom <= one.height
        apart = [(a, b) for place, a in enumerate(boxes) for b in boxes[place + 1 :]]
        assert not [pair for pair in apart if over(*pair)]
        assert min(text.size for text in label.texts) >= one.least, "letters that a printer of 203 dpi can print"


@pytest.mark.parametrize(("kind", "size"), EACH)
def test_every_sign_stands_on_some_label(kind: str, size: str, face: fonts.Face) -> None:
    labels, _one = drawn(kind, size, face)
    heads = {LABELS[kind].title, LABELS[kind].caption, *(f"{n}/{len(labels)}" for n in range(1, len(labels) + 1))}
    texts = [text.words for label in labels for text in label.texts]
    rows = "".join(text for text in texts if text not in heads).replace(" ", "")
    for name, text in LABELS[kind].fields:
        assert (name + text).replace(" ", "") in rows.replace("：", ""), (name, rows)
    assert LABELS[kind].big.replace(" ", "") in "".join(texts).replace(" ", "")
    pages = [text for text in texts if "/" in text]
    assert pages == [f"{n}/{len(labels)}" for n in range(1, len(labels) + 1)] * (len(labels) > 1)


def test_a_small_label_goes_on_to_further_ones(face: fonts.Face) -> None:
    assert len(drawn("exchange", "60x40", face)[0]) > 1
    assert len(drawn("exchange", "100x150", face)[0]) == 1


def test_a_sheet_of_a4_holds_twenty_one_small_labels_and_four_slips(face: fonts.Face) -> None:
    """210 ÷ 60 is 3, 297 ÷ 40 is 7; 210 ÷ 100 is 2, 297 ÷ 145 is 2."""
    for kind, many, pages in (("place", 22, 2), ("place", 21, 1), ("return", 5, 2), ("return", 4, 1)):
        one = sizes.label("a4", slip=kind in SLIPS)
        labels = drawn(kind, "a4", face)[0] * many
        written, made = pdf.drawn(labels, one, sizes.sheet("a4", one), face, datetime(2026, 11, 9, tzinfo=UTC))
        assert made == pages
        assert len(pypdfium2.PdfDocument(written)) == pages


def box(thing: Text | Bars | Squares, face: fonts.Face) -> tuple[int, int, int, int]:
    """Left, top, right and lower end of what stands on a label; a text from the top of its Chinese signs to the lower
    ends of its letters.
    """
    match thing:
        case Text():
            top = thing.y - thing.size * 9 // 10
            return thing.x, top, thing.x + face.width(thing.words, thing.size), thing.y + thing.size // 5
        case Bars():
            return thing.x, thing.y, thing.x + thing.dots * len(thing.modules), thing.y + thing.height
        case Squares():
            quiet = 4 * thing.dots
            return thing.x + quiet, thing.y + quiet, thing.x + thing.side - quiet, thing.y + thing.side - quiet


def over(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Whether two boxes have dots in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_texts_are_broken_between_words_and_before_no_closing_sign(face: fonts.Face) -> None:
    label = Label("退货标签", "RC2026110912345", "RC", (("寄到", "杭州市，" * 40),))
    rows = [text.words for text in layout.laid_out(label, sizes.SMALL, face)[0].texts]
    assert not [row for row in rows if row.startswith("，")]


def test_a_file_that_is_no_font_is_told(tmp_path: Path) -> None:
    other = tmp_path / "a.ttf"
    other.write_bytes(b"no font at all")
    with pytest.raises(Refused, match="is no font that can be drawn"):
        fonts.found(other)
