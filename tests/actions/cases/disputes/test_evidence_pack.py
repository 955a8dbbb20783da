"""What goes to the platform when it steps in: a Chinese text that the facts bear out, copies of the evidence in order,
the buyer's data masked unless it is revealed.
"""

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from retcli import language
from retcli.actions.cases import contacts, decisions, offers
from retcli.actions.cases.disputes import evidence, evidence_pack, register
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.database import copies
from retcli.errors import Refused
from retcli.rules.cases.register import Entry
from retcli.rules.lifecycles import Kind
from tests.shopfloor import AGENT, MANAGER, WAREHOUSE, Books, shanghai
from tests.terminal import Desk

ORDER = "2850000000000000131"
JPEG, PDF = b"\xff\xd8\xff\xe0 crack", b"%PDF-1.7 report"
PERSON: dict[str, Any] = {
    "buyer": "tb小雅",
    "receiver": "张小雅",
    "phone": "13812348000",
    "address": "杭州市余杭区文一西路 1 号",
}
HIDDEN = ("tb小雅", "张小雅", "13812348000", "文一西路")


def refused_case(books: Books, tmp_path: Path) -> str:
    """A return that was called about, came back used, and was refused; the platform stepped in; two files."""
    books.hire()
    books.order(ORDER, ("TS-L", 1, 9900), freight=600, **PERSON)
    case = books.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="Q_FUNC", by=AGENT).number
    books.later(hours=1)
    books.do(contacts.contact, case, way="phone", result="reached", note="张小雅 13812348000 说没洗过", by=AGENT)
    books.do(parcels.expect_by_hand, case, "YT5260493176849")
    books.later(days=2)
    books.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:C")], by=WAREHOUSE)
    books.later(hours=1)
    books.do(decisions.reject, case, because="张小雅 退回的衣服已洗过", by=AGENT)
    books.later(hours=20)
    books.do(register.escalate, case, kind=Entry.INTERVENTION, by=AGENT)
    for name, content, kind in (("洗标.jpg", JPEG, "photo"), ("张小雅检测.pdf", PDF, "report")):
        path = tmp_path / name
        path.write_bytes(content)
        evidence.attach(books.asked(), case, [path], kind=kind)
    return case


def test_the_account_tells_what_happened_in_its_order(books: Books, tmp_path: Path) -> None:
    case = refused_case(books, tmp_path)
    view = evidence_pack.pack(books.asked(), case, folder=tmp_path / "pack")
    parts = dict(part.split("\n", 1) for part in view.text.strip().split("\n\n")[1:])
    assert list(parts) == [f"【{x}】" for x in ("商家陈述", "事情经过", "原因", "金额", "物流单号", "凭证清单")]
    assert [line[:16] for line in parts["【事情经过】"].splitlines()] == sorted(
        line[:16] for line in parts["【事情经过】"].splitlines()
    )
    assert [line[18:] for line in parts["【事情经过】"].splitlines()] == [
        "买家下单",
        "买家付款 105.00",
        "商家发货：SF000000000131",
        "确认收货",
        "买家申请退货退款（商家登记的原因：功能故障）",
        "商家联系买家：电话 已联系上",
        "退件到仓：圆通 YT5260493176849",
        "验货：TS-L ×1，C 次品",
        "商家拒绝：张* 退回的衣服已洗过",
        "平台介入（不晚于此时，商家此时得知）",
    ]
    assert parts["【物流单号】"].splitlines() == ["发出 SF000000000131", "退回 圆通 YT5260493176849"]
    assert "订单实付：105.00" in parts["【金额】"]
    assert "应退" not in parts["【金额】"], "what the shop would owe does not serve a refusal"
    assert parts["【商家陈述】"].startswith(
        "订单 2850000000000000131 已于 2026-11-02 12:00 发货，运单号 SF000000000131。"
    )
    assert "本店联系买家 1 次，最近一次 2026-11-09 13:00（已联系上）。" in parts["【商家陈述】"]
    assert "本店于 2026-11-11 14:00 拒绝申请，理由：张* 退回的衣服已洗过。" in parts["【商家陈述】"]
    assert parts["【商家陈述】"].endswith("随附凭证 2 份。请平台依据以上事实判定。")
    assert language.current() == language.ENGLISH, "the agent's own language is spoken again"


def test_the_shops_own_doubts_are_for_itself_alone(books: Books, tmp_path: Path) -> None:
    """Every finding and the amount it comes to are written only where they are asked for."""
    case = refused_case(books, tmp_path)
    text = evidence_pack.pack(books.asked(), case, folder=tmp_path / "own", everything=True).text
    told = evidence_pack.pack(books.asked(), case, folder=tmp_path / "told").text
    assert "【审核情况】" in text and "应退" in text
    own = text.splitlines()
    assert "【审核情况】" not in told and all(any(x.startswith(line) for x in own) for line in told.splitlines())
    assert "商家联系买家：电话 已联系上：张* 138****8000 说没洗过" in text, "what was noted is for the shop itself"


OWN_WORDS = ("联系批注", "售后备注", "标旗原因", "延期原因", "登记备注", "特批理由", "报价批注", "撤销原因")
REFUSAL = "吊牌已剪"


def test_what_the_shop_wrote_for_itself_never_goes_to_the_platform(books: Books, tmp_path: Path) -> None:
    """Every free text that the shop's people can write on a case; only why it was refused was said to the buyer."""
    books.hire()
    books.order(ORDER, ("TS-L", 1, 9900), freight=600, **PERSON)
    case = books.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="Q_FUNC", by=AGENT).number
    books.do(contacts.contact, case, way="phone", result="reached", note="联系批注")
    books.do(contacts.note, case, "售后备注", reason="Q_LOOK")
    books.do(contacts.flag, case, "red", because="标旗原因")
    books.do(offers.offer, case, "coupon", amount=500, note="报价批注")
    books.do(register.escalate, case, kind=Entry.INTERVENTION, note="登记备注")
    books.do(decisions.approve, case, waive=["freight"], because="特批理由", by=MANAGER)
    books.do(contacts.extend, case, days=2, because="延期原因")
    approved = evidence_pack.pack(books.asked(), case, folder=tmp_path / "approved").text
    assert [word for word in OWN_WORDS if word in approved] == []
    assert "多给买家 2 天" in approved, "the fact itself is told"
    books.do(decisions.reject, case, because=REFUSAL)
    refused = evidence_pack.pack(books.asked(), case, folder=tmp_path / "refused").text
    assert [word for word in OWN_WORDS if word in refused] == []
    assert refused.count(REFUSAL) == 2 and "商家核实" not in refused
    own = evidence_pack.pack(books.asked(), case, folder=tmp_path / "own", everything=True).text
    assert [word for word in ("联系批注", "延期原因", "登记备注") if word not in own] == []


def test_evidence_is_copied_in_its_order_and_read_again(books: Books, tmp_path: Path) -> None:
    case, folder = refused_case(books, tmp_path), tmp_path / "pack"
    view = evidence_pack.pack(books.asked(), case, folder=folder)
    assert view.exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["01-照片.jpg", "02-检测报告.pdf", "举证说明.txt"]
    assert (folder / "01-照片.jpg").read_bytes() == JPEG
    assert (folder / "02-检测报告.pdf").read_bytes() == PDF
    assert (folder / "举证说明.txt").read_text(encoding="utf-8") == view.text
    assert "凭证 2：检测报告，02-检测报告.pdf（张*检测.pdf，2026-11-12 10:00）" in view.text
    if os.name != "nt":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    with pytest.raises(Refused, match="something in"):
        evidence_pack.pack(books.asked(), case, folder=folder)


def test_what_is_gone_or_rotten_is_told_and_not_sent(books: Books, tmp_path: Path) -> None:
    case = refused_case(books, tmp_path)
    jpg, pdf = sorted(copies.evidence_of(books.database).rglob("*.*"), key=lambda path: path.suffix)
    jpg.unlink()
    pdf.write_bytes(b"%PDF-1.7 repost")
    view = evidence_pack.pack(books.asked(), case, folder=tmp_path / "pack")
    assert (view.exit_code, [piece.state for piece in view.evidence]) == (3, ["missing", "damaged"])
    assert [path.name for path in (tmp_path / "pack").iterdir()] == ["举证说明.txt"]
    assert view.text.splitlines()[-2:] == [
        "凭证 1：照片，-（洗标.jpg，2026-11-12 10:00）【文件已丢失】",
        "凭证 2：检测报告，-（张*检测.pdf，2026-11-12 10:00）【已损坏】",
    ]


def test_the_buyers_data_are_masked_until_they_are_revealed_on_record(books: Books, tmp_path: Path) -> None:
    case = refused_case(books, tmp_path)
    masked = evidence_pack.pack(books.asked(), case, folder=tmp_path / "masked").text
    assert [word for word in HIDDEN if word in masked] == []
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'reveal'") == 0
    shown = evidence_pack.pack(
        books.asked(AGENT), case, folder=tmp_path / "shown", reveal=True, because="平台介入"
    ).text
    assert [word for word in HIDDEN if word not in shown] == []
    assert books.rows("SELECT operator, subject FROM events WHERE action = 'reveal'") == [(AGENT, case)]
    payloads = "".join(row[0] for row in books.rows("SELECT payload FROM events"))
    assert [word for word in HIDDEN if word in payloads] == []
    books.check()


def test_nothing_is_claimed_that_did_not_happen(books: Books, tmp_path: Path) -> None:
    books.order(ORDER, ("TS-L", 1, 9900), shipped=False)
    case = books.do(decisions.open_case, ORDER, kind=Kind.REFUND_ONLY, reason="B_MIND").number
    text = evidence_pack.pack(books.asked(), case, folder=tmp_path / "pack").text
    for word in ("发货，", "签收", "联系", "验货", "拒绝", "同意申请", "凭证", "物流单号"):
        assert word not in text.partition("【审核情况】")[0] + text.partition("【金额】")[2], word


def test_a_rule_that_speaks_against_it_is_named_without_the_way_around_it(books: Books, tmp_path: Path) -> None:
    """Applied for on day 20 and refused: the article stands in the statement, no waiver is offered."""
    books.order(ORDER, ("TS-L", 1, 9900), signed_at=shanghai("2026-10-20 10:00"))
    case = books.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D").number
    books.do(decisions.reject, case, because="超过七天")
    text = evidence_pack.pack(books.asked(), case, folder=tmp_path / "pack").text
    (line,) = [line for line in text.splitlines() if line.startswith("×")]
    assert line.endswith("）")
    assert "暂行办法" in line
    assert "window" not in text
    assert "依据暂行办法" in text.partition("【事情经过】")[0]


def test_an_agreed_case_tells_the_payout(books: Books, tmp_path: Path) -> None:
    books.hire()
    books.order(ORDER, ("TS-L", 1, 9900), shipped=False)
    case = books.do(decisions.open_case, ORDER, kind=Kind.REFUND_ONLY, reason="B_MIND").number
    books.do(decisions.approve, case)
    payout = books.do(payouts.refund, case, by=MANAGER)
    books.do(payout_steps.step, payout.number, "send", by=MANAGER)
    books.later(hours=2)
    books.do(payout_steps.step, payout.number, "confirm", by=MANAGER)
    text = evidence_pack.pack(books.asked(), case, folder=tmp_path / "pack").text
    assert text.partition("【原因】")[0].splitlines()[-2] == "2026-11-09 14:00  退款 99.00 已到账（小额打款）"
    assert "核定金额：99.00\n已退金额：99.00" in text


def test_an_agent_packs_a_case(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    case = desk.case("open", "2850000000000000001", "--kind", "return", "--reason", "Q_FUNC", "--line", "TS-L")[
        "number"
    ]
    (tmp_path / "a.jpg").write_bytes(JPEG)
    desk.case("attach", case, "a.jpg")
    answer = desk.type("case", "pack", case)
    assert answer.code == 0
    assert "【商家陈述】" in answer.out
    *_above, packed, then = answer.out.splitlines()
    assert packed == f"Packed: {case}/举证说明.txt, with 1 files of evidence"
    assert then == f"Once it was handed in: retcli case answer {case}"
    assert sorted(path.name for path in (tmp_path / case).iterdir()) == ["01-照片.jpg", "举证说明.txt"]
    assert "something in" in desk.refused("case", "pack", case)
    again = desk.read("case", "pack", case, "-o", "again")
    assert (again["folder"], again["evidence"][0]["file"]) == ("again", "01-照片.jpg")
