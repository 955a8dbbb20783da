"""Views of the first day: the questions, and how to export the files from each platform's back-end."""

from dataclasses import dataclass
from pathlib import Path

from retcli.language import _, mark
from retcli.rules.names import PLATFORMS
from retcli.shellwords import quoted
from retcli.views.base import Screen, View, draw_next, pairs
from retcli.words import word

EXPORTED_AT = {
    "taobao": mark(
        "千牛: 交易 → 已卖出的宝贝 → 批量导出 gives 订单报表 and 宝贝报表 of the same period;"
        " 退款管理 → 导出 the refund report"
    ),
    "pdd": mark("商家后台: 订单查询 → 批量导出; 售后工作台 → 批量导出"),
    "douyin": mark("抖店: 订单管理 → 导出; 售后工作台 → 导出"),
    "jd": mark("京麦: 订单管理 → 导出; 售后管理 → 服务单 → 导出"),
    "kuaishou": mark("快手小店: 订单查询 → 导出; 售后 → 导出"),
    "wxshop": mark("微信小店: 订单 → 导出; 售后 → 导出"),
    "xhs": mark("小红书商家后台: 订单查询 → 导出; 售后单 → 导出"),
    "1688": mark("1688: 已卖出货品 → 导出"),
    "youzan": mark("有赞后台: 订单 → 导出, by order and by article"),
    "wdt": mark("旺店通: the sheet of orders"),
    "jst": mark("聚水潭: the sheets of orders and of after-sales"),
    "shopify": mark("Shopify: Orders → Export"),
    "tiktok": mark("TikTok Shop: Orders → Export"),
    "amazon": mark("Amazon: Reports → Fulfilment → FBA customer returns"),
    "shopee": mark("Shopee: My Orders → Export; Return/Refund → Export"),
    "lazada": mark("Lazada: Orders → Export; Return Orders → Export"),
}
"""Where to export the files in each platform's back-end (message ids)."""
_WORKBOOK = "retcli export reconciliation --month {month}"
_A_ROW = 4
"""How many platforms stand on a line of the list."""


@dataclass(frozen=True)
class Greeting(View):
    """What is going to happen, and where the books will lie."""

    database: str

    def draw(self, screen: Screen) -> None:
        """Shows two lines."""
        screen.line(_("There are no books yet. Three questions, then your files come in."), "bold")
        screen.line(_("They will lie in {path}; Ctrl-C leaves everything as it is.").format(path=self.database))


@dataclass(frozen=True)
class PlatformChoice(View):
    """The platforms with their numbers."""

    def draw(self, screen: Screen) -> None:
        """Shows as many on a line as a narrow terminal holds."""
        each = [f"{place} {word(code)}" for place, code in enumerate(PLATFORMS, 1)]
        for start in range(0, len(each), _A_ROW):
            screen.line("  " + "   ".join(each[start : start + _A_ROW]))


@dataclass(frozen=True)
class HowToExport(View):
    """Where to export the files of each platform, and the folder in which they are looked for."""

    platforms: tuple[str, ...]
    folder: Path

    def draw(self, screen: Screen) -> None:
        """Shows a line for each platform, then what happens with the folder."""
        screen.line(_("To be exported, now and each day (the last three months the first time):"), "bold")
        for platform in self.platforms:
            screen.line(f"  {_(EXPORTED_AT[platform])}")
        screen.line(_("What lies in {folder} is looked through now; what is no export stays as it is.").format(
            folder=self.folder))  # fmt: skip


@dataclass(frozen=True)
class NothingThere(View):
    """The folder is empty; with the command for when it no longer is."""

    folder: Path

    def draw(self, screen: Screen) -> None:
        """Shows a line and the next command."""
        screen.line(_("Nothing lies there yet: export as above first"))
        draw_next(screen, f"retcli import {quoted(str(self.folder))}")


@dataclass(frozen=True)
class Onward(View):
    """What to type from now on; `month` (``2026-11``) is the newest one with something to reconcile."""

    folder: Path
    month: str

    def draw(self, screen: Screen) -> None:
        """Shows a line for each command."""
        screen.line(_("From now on:"), "bold")
        commands = (
            (_("  What has to be done"), "retcli today"),
            (_("  To decide case by case, one key each"), "retcli case review"),
            (_("  When new downloads lie there"), f"retcli import {quoted(str(self.folder))}"),
            (_("  The workbook of {month} for finance").format(month=self.month), _WORKBOOK.format(month=self.month)),
        )
        pairs(screen, commands)
