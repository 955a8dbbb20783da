"""Every command of the tree with words that really call it, on a shop in which each of them has something to do."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import typer

from fixtures import report_rows, write_rows
from retcli.cli import app
from retcli.database import engine
from tests.reports import ORDERS, REQUESTED, Folder, asked_back, changed, sold
from tests.shopfloor import AGENT, MANAGER, OWNER, WAREHOUSE, Books
from tests.terminal import Desk, copied

NAME, NICK, PHONE = "欧阳诗涵", "tb云朵小铺88", "13987654321"
ADDRESS = "浙江省 杭州市 西湖区 文三路478号华星时代广场3幢502室"
CANARY = (
    f"收件人{NAME}（{NICK}）文三路478号3幢502室 139 8765 4321，+86 139-8765-4321，１３９８７６５４３２１，{PHONE}，"
    "0571-88123456，微信zhangsan_88，VX: zhang-san99，zhang.san@example.com，身份证330106199003071234"
)
REACHED = (PHONE, "88123456", "zhangsan_88", "zhang-san99", "zhang.san@", "330106199003071234")
"""What of it reaches somebody by itself: hidden also where nobody knows whom a text is about."""
NEEDLES = (NAME, "云朵小铺", "文三路", "502室", *REACHED)
"""What must not be read anywhere without --reveal, however it is written."""


def leaves() -> Iterator[tuple[str, Any]]:
    """Every command of the tree by its path, such as ``case show``."""
    yield from _leaves(typer.main.get_command(app), "")


def _leaves(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name in command.commands:
        yield from _leaves(command.get_command(typer.Context(command), name), f"{path} {name}".strip())


CALLS: dict[str, tuple[str, ...]] = {
    "demo": ("{tmp}/demo", "{tmp}/practice --practice 仓库"),
    "import": ("{file}",),
    "today": ("",),
    "scan": ("{scans}", "--explain SF1444444444444"),
    "undo": ("",),
    "doctor": ("", "--deep"),
    "words": ("",),
    "completion": ("", "bash"),
    "imports list": ("",),
    "imports show": ("", "{import}"),
    "imports faults": ("{import}", "{import} --seen"),
    "imports questions": ("",),
    "imports waiting": ("",),
    "imports answer": ("{question} --keep",),
    "imports explain": ("{file}", "{strange}"),
    "imports draft-map": ("{strange}", "{strange} -o {tmp}/map.toml"),
    "case open": ("{fresh} --kind return --reason B_7D",),
    "case show": ("{asked}", "{approved}", "{paid}"),
    "case explain": ("{asked}", "{approved}", "{approved} --for-buyer"),
    "case list": ("",),
    "case review": ("",),
    "case approve": ("{asked}", "--all-yes --dry-run"),
    "case change": ("{asked} --kind refund-only --because 改",),
    "case assign": ("{asked} --to 小美",),
    "case withdraw": ("{asked}",),
    "case finish": ("{inquiry}",),
    "case reopen": ("{withdrawn}",),
    "case fact": ("{asked} opened=no",),
    "case ship": ("{exchange} --waybill SF1999999999999",),
    "case advise": ("{asked}",),
    "case offer": ("{asked} --rung coupon --amount 5", "{offered} --declined"),
    "case attach": ("{asked} {photo} --kind photo",),
    "case evidence": ("{paid}",),
    "case contact": ("{asked} --by phone --result reached",),
    "case reject": ("{asked} --because 超期 --yes",),
    "case extend": ("{approved} --days 2 --because 出差",),
    "case note": ("{asked} 问过了",),
    "case flag": ("{asked} red --because 急",),
    "case escalate": ("{asked} --kind complaint",),
    "case answer": ("{escalated}",),
    "case verdict": ("{escalated} --won --because 凭证充分",),
    "case register": ("",),
    "case pack": ("{paid} -o {tmp}/pack",),
    "platform todo": ("",),
    "platform done": ("{clickable}",),
    "policy show": ("",),
    "policy check": ("{policy}",),
    "policy load": ("{policy}",),
    "policy history": ("",),
    "policy test": ("{policy}",),
    "policy waivers": ("",),
    "reason list": ("",),
    "reason map": ("拍错了 B_7D",),
    "report speed": ("--since 2026-11-01 --until 2026-11-30",),
    "report offers": ("--since 2026-11-01 --until 2026-11-30",),
    "parcel list": ("", "--unopened", "--unscanned"),
    "parcel unclaimed": ("", "--older 3d"),
    "parcel deliveries": ("", "{delivery}"),
    "parcel settle": ("{delivery} --because 司机数错了",),
    "parcel film": ("", "{arrived}"),
    "parcel expect": ("{approved} SF1777777777777",),
    "parcel intercept": ("{underway}",),
    "parcel inspect": ("{arrived} --item TS-L=1:A",),
    "parcel match": ("{stray}", "{stray} --tail 5678", "{stray} {approved}"),
    "parcel show": ("{stray}",),
    "parcel void": ("{stray} --because 扫错了",),
    "parcel send-back": ("{stray} --waybill SF1444444444444 --because 没人认领",),
    "parcel dispose": ("{stray} --because 没人认领",),
    "parcel shelf": ("{stray} A-03",),
    "parcel label": ("{stray} --sender 王小明 --phone-tail 5678 --old-waybill SF1333333333333 --city 杭州",),
    "parcel detach": ("{arrived} --because 搭错了",),
    "stock show": ("",),
    "stock moves": ("", "TS-L --parcel {arrived}"),
    "stock move": ("TS-L --pieces 1 --from sellable --to repair --because 要修",),
    "stock dispose": (
        "TS-L --as markdown --from sellable --because 样品",
        "TS-L --pieces 8 --as scrap --from sellable --because 受潮",
    ),
    "stock approve": ("", "{disposal}"),
    "stock alerts": ("",),
    "pick list": ("",),
    "stock export": ("--for 旺店通 -o {tmp}/stock.xlsx",),
    "label return": ("{approved} -o {tmp}/slip.pdf", "{approved} --size a4 -o {tmp}/slip.pdf"),
    "label exchange": ("{exchange} -o {tmp}/slip.pdf", "{exchange} --size 60x40 -o {tmp}/slip.pdf"),
    "label repair": ("{repair} -o {tmp}/slip.pdf", "{repair} --format tspl -o {tmp}/slip.prn"),
    "label parcel": ("{stray} {arrived} -o {tmp}/parcel.pdf",),
    "label goods": ("TS-L --copies 2 -o {tmp}/goods.pdf",),
    "label place": ("A-03 东区-1 --format tspl -o {tmp}/place.prn",),
    "label badge": ("-o {tmp}/badge.pdf", "阿强 -o {tmp}/badge.pdf"),
    "label commands": ("-o {tmp}/commands.pdf",),
    "stock count": ("", "TS-L --pieces 3 --place A-03", "--post", "--drop"),
    "pay refund": ("{payable}", "--all-due --dry-run", "--all-due --yes"),
    "pay freight": ("{approved} --amount 5 --waive freight --because 店铺承担",),
    "pay compensate": ("{approved} --coupon 3",),
    "pay approve": ("{payout_waiting}",),
    "pay sent": ("{payout_due}",),
    "pay confirm": ("{payout_sent}",),
    "pay fail": ("{payout_sent} --because 退回",),
    "pay unknown": ("{payout_sent}",),
    "pay reverse": ("{payout_confirmed} --because 多付",),
    "pay list": ("",),
    "order show": ("{order}",),
    "order find": ("4321", f"{NAME}"),
    "export reconciliation": ("--month 2026-11 -o {tmp}/a.xlsx",),
    "export reasons": ("--since 2026-11-01 --until 2026-11-30 -o {tmp}/b.xlsx",),
    "staff add": ("小新 --role agent",),
    "staff rename": ("阿强 强哥",),
    "staff leave": ("财务",),
    "staff list": ("",),
    "books init": ("",),
    "books check": ("",),
    "books mend": ("",),
    "books backup": ("{tmp}/usb",),
    "books restore": ("{copy} --yes",),
}
"""Words that call each command; in braces what the shop has for it."""


@dataclass(frozen=True)
class Scene:
    """A shop in which every command has something to do: its books, and what stands in the braces above."""

    path: Path
    names: dict[str, str]

    def desk(self, tmp: Path) -> Desk:
        """A terminal on a copy of it."""
        tmp.mkdir(exist_ok=True)
        return copied(self.path, tmp / "scene.db")

    def words(self, call: str, tmp: Path) -> list[str]:
        """The words of a call, with what they name put in."""
        return [word.format_map({**self.names, "tmp": str(tmp)}) for word in call.split()]


def scene(folder: Path) -> Scene:
    """The shop, made once; every buyer is the canary."""
    desk = Desk(str(folder / "scene.db"), by=MANAGER)
    desk.read("books", "init", by=OWNER)
    desk.books.hire()
    names = {"copy": desk.read("books", "backup", str(folder / "copies"), by=OWNER)["file"]}
    names |= _cases(desk) | _files(desk, folder)
    names |= _stock(desk)
    desk.case("note", names["asked"], "买家再来电", by=OWNER)  # what `undo` takes back
    engine.engine(desk.database).dispose()
    return Scene(Path(desk.database), names)


def _stock(desk: Desk) -> dict[str, str]:
    """Twenty pieces that were counted, of which a stocktake finds nineteen, and somebody wants to scrap eleven."""
    for pieces in (20, 19):
        desk.read("stock", "count", "TS-L", "--pieces", str(pieces), by=WAREHOUSE)
        if pieces == 20:
            desk.read("stock", "count", "--post")
    words = ("stock", "dispose", "TS-L", "--pieces", "11", "--from", "sellable", "--as", "scrap", "--because", "发霉")
    (waiting,) = desk.type("--json", *words, by=WAREHOUSE).documents
    return {"disposal": waiting["stock_order"]["number"]}


def _order(books: Books, n: int, cash: int = 9000, **more: Any) -> str:
    person: dict[str, Any] = {"buyer": NICK, "receiver": NAME, "phone": PHONE, "address": ADDRESS}
    person["phone_tail"] = PHONE[-4:]
    return books.order(f"28500000000000{n:05d}", ("TS-L", 1, cash), **person, **more)


def _cases(desk: Desk) -> dict[str, str]:
    books, names = desk.books, dict[str, str]()

    def opened(name: str, n: int, kind: str = "return", cash: int = 9000, **more: Any) -> str:
        words = ["--kind", kind, "--reason", "W_WRONG" if kind == "exchange" else "B_7D"]
        words += ["--want", "TS-M"] if kind == "exchange" else []
        names[name] = desk.case("open", _order(books, n, cash, **more), *words)["number"]
        return names[name]

    names["order"] = names["fresh"] = _order(books, 1)
    opened("asked", 2)
    opened("inquiry", 3, "inquiry")
    for name, n, kind in (("approved", 4, "return"), ("exchange", 5, "exchange"), ("payable", 6, "refund-only")):
        desk.case("approve", opened(name, n, kind), "--because", "好", "--waive", "window")
    desk.case("withdraw", opened("withdrawn", 7))
    desk.case("finish", names["withdrawn"])
    desk.read("case", "offer", opened("offered", 8), "--rung", "coupon", "--amount", "5")
    desk.case("escalate", opened("escalated", 9), "--kind", "complaint")
    opened("underway", 10, "refund-only", signed_at=None)
    desk.case("approve", names["underway"], "--waive", "window", "--because", "好")
    _parcels(desk, names, opened)
    _payouts(desk, names, opened)
    opened("repair", 16, "repair")
    return names


def _parcels(desk: Desk, names: dict[str, str], opened: Any) -> None:
    desk.case("approve", opened("arriving", 11))
    desk.read("parcel", "expect", names["arriving"], "SF1666666666666")
    desk.type("scan", "-", "--delivery", "3", "--film", by=WAREHOUSE, typed="SF1666666666666\nSF1555555555555\n")
    names["delivery"] = desk.read("parcel", "deliveries")["deliveries"][0]["number"]
    found = {row["waybill"]: row["number"] for row in desk.read("parcel", "list")["parcels"]}
    names |= {"arrived": found["SF1666666666666"], "stray": found["SF1555555555555"]}


def _payouts(desk: Desk, names: dict[str, str], opened: Any) -> None:
    def paid(name: str, n: int, *moves: str, cash: int = 9000, by: str = MANAGER) -> None:
        number = opened(f"case_{name}", n, "refund-only", cash=cash)
        case = desk.case("approve", number, "--waive", "window", "--because", "好")
        payout = (case["payouts"] or [desk.pay("refund", number, by=by)])[-1]["number"]
        for move in moves:
            desk.pay(move, payout)
        names[f"payout_{name}"] = payout

    paid("due", 12)
    paid("sent", 13, "sent")
    paid("confirmed", 14, "sent", "confirm")
    names["paid"] = names["case_confirmed"]
    if desk.case("show", names["paid"])["stage"] == "finished":
        desk.case("reopen", names["paid"])
    paid("waiting", 15, cash=900000, by=AGENT)


def _files(desk: Desk, folder: Path) -> dict[str, str]:
    """Reports with refused rows and a question in the books; files to import, to explain, to scan."""
    inbox = folder / "inbox"
    inbox.mkdir()
    here = Folder(inbox)
    person: dict[str, Any] = {"buyer": NICK, "receiver": NAME, "phone": PHONE, "address": ADDRESS}
    one = sold("2850000000000000801", ("TS-L", 1, 5000), **person, buyer_remark=CANARY, seller_remark=CANARY)
    two = sold("2850000000000000802", ("TS-L", 1, 5000), **person, buyer_remark=CANARY)
    orders, items = here.both(one)
    desk.type("import", str(orders), str(items))
    third = sold("2850000000000000804", ("TS-L", 1, 5000), **person)
    desk.type("import", *(str(path) for path in here.both(third)))
    desk.type("import", str(here.refunds(asked_back("99", third, 5000, status=REQUESTED))))
    desk.case("approve", "99", "--waive", "window", "--because", "好")
    desk.type("import", str(here.orders(replace(one, paid=4000), name="价格.csv")))
    rows = list(report_rows([two, sold("2850000000000000803", ("TS-L", 1, 5000), **person)], ORDERS, ".csv"))
    bad = here.rows(changed(rows, 1, {"买家实际支付金额": CANARY}), "坏.csv")
    desk.type("import", str(bad))
    number = str(desk.read("imports", "list")["imports"][0]["id"])
    question = str(desk.read("imports", "questions")["questions"][0]["id"])
    strange, scans = folder / "未知.csv", folder / "scans.txt"
    write_rows([["单据", "姓名", "联系电话", "收货地址", "备注"], ["A1", NAME, PHONE, ADDRESS, CANARY]], strange)
    scans.write_text("SF1444444444444\n", encoding="utf-8")
    photo = folder / f"{PHONE}.jpg"
    photo.write_bytes(b"\xff\xd8\xff" + b"x" * 100)
    policy = folder / "policy.toml"
    policy.write_text('version = "shop-2"\nfrom = 2026-12-01\n', encoding="utf-8")
    desk.read("case", "attach", "2850000000000000014", str(photo), "--kind", "photo")
    return {"clickable": "99", "clickable_case": desk.case("show", "99")["number"],
            "import": number, "question": question, "file": str(bad), "strange": str(strange), "scans": str(scans),
            "photo": str(photo), "policy": str(policy)}  # fmt: skip


def settled(tmp: Path) -> None:
    """Takes a copy of the scene away."""
    engine.engine(str(tmp / "scene.db")).dispose()
    shutil.rmtree(tmp, ignore_errors=True)
