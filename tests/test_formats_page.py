"""docs/formats.md tells the truth: every layout that is read stands in it, with its columns and its words as the code
has them.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from retcli.platforms import (
    DIALECTS,
    alibaba,
    amazon,
    douyin,
    erp,
    jd,
    kuaishou,
    lazada,
    operators,
    pdd,
    plain,
    shopee,
    shopify,
    taobao,
    tiktok,
    wxshop,
    xhs,
    youzan,
)
from retcli.reading.dialect import Dialect, Field

PAGE = Path(__file__).parent.parent / "docs/formats.md"
WORDS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "taobao.order": {"status": taobao.ORDER_STATUS},
    "taobao.refund": {
        "status": taobao.REFUND_STATUS,
        "kind": taobao.REFUND_KIND,
        "way": operators.WAYS,
        "instant": operators.AT_ONCE,
    },
    "jd.order": {"status": jd.ORDER_STATUS},
    "jd.aftersale": {"status": jd.REFUND_STATUS, "kind": jd.REFUND_KIND, "instant": operators.AT_ONCE},
    "pdd.order": {"status": pdd.ORDER_STATUS},
    "pdd.aftersale": {"status": pdd.REFUND_STATUS, "kind": pdd.REFUND_KIND},
    "douyin.order": {"status": douyin.ORDER_STATUS},
    "douyin.aftersale": {
        "status": douyin.REFUND_STATUS,
        "kind": douyin.REFUND_KIND,
        "instant": operators.AT_ONCE,
    },
    "kuaishou.order": {"status": kuaishou.ORDER_STATUS},
    "kuaishou.aftersale": {"status": kuaishou.REFUND_STATUS, "kind": kuaishou.REFUND_KIND},
    "wxshop.order": {"status": wxshop.ORDER_STATUS},
    "wxshop.aftersale": {"status": wxshop.REFUND_STATUS, "kind": wxshop.REFUND_KIND},
    "xhs.order": {"status": xhs.ORDER_STATUS},
    "xhs.aftersale": {"status": xhs.REFUND_STATUS, "kind": xhs.REFUND_KIND},
    "1688.order": {"status": alibaba.ORDER_STATUS},
    "youzan.order": {"status": youzan.ORDER_STATUS},
    "wdt.order": {"status": erp.WDT_STATUS},
    "jst.order": {"status": erp.JST_STATUS},
    "jst.aftersale": {"status": erp.JST_REFUND_STATUS, "kind": erp.JST_KIND},
    "shopify.order": {"status": shopify._PAYMENT_STATUS},
    "amazon.fba_returns": {"reason": amazon.REASONS},
    "tiktok.order": {"status": tiktok._STATUS, "currency": tiktok.CURRENCIES},
    "shopee.order": {"status": shopee._STATUS},
    "shopee.return": {"status": shopee._REFUND_STATUS},
    "lazada.order": {"status": lazada._STATUS},
    "plain.movements": {"status": plain.EVENTS},
    "plain.counts": {"bucket": plain.BUCKETS},
}
"""The words that a layout's files have for ours, by our word for the column."""


def block(dialect: Dialect) -> str:
    """The columns and the words of a layout, folded away until somebody wants them."""
    columns = "\n".join(_row(field) for field in dialect.fields)
    parts = [f"| our word | column | must |\n|---|---|---|\n{columns}"]
    if words := WORDS.get(dialect.name):
        rows = "\n".join(row for axis, known in words.items() for row in _said(axis, known))
        parts.append(f"| our word | in the file |\n|---|---|\n{rows}")
    inside = "\n\n".join(parts)
    return f"<details><summary><code>{dialect.name}</code>: columns and words</summary>\n\n{inside}\n\n</details>"


def _row(field: Field) -> str:
    must = "be filled" if field.needed else "be there" if field.required else ""
    return f"| `{field.name.removeprefix('_')}` | {' / '.join(map(_plain, field.headers))} | {must} |"


def _said(axis: str, known: Mapping[str, str]) -> list[str]:
    ours = dict.fromkeys(known.values())
    return [f"| {axis} `{code}` | {'、'.join(_plain(w) for w in known if known[w] == code)} |" for code in ours]


def _plain(name: str) -> str:
    return name.replace("|", "\\|").replace("*", "\\*")


def _renewed(text: str, name: str, wanted: str) -> str:
    """The page with the part of a layout as it must be."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, _begin, rest = text.partition(begin)
    return before + wanted + rest.partition(end)[2] if end in rest else text


@pytest.mark.writes_page
def test_every_layout_stands_in_the_page_as_the_code_reads_it() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for dialect in DIALECTS:
        wanted = f"<!-- {dialect.name} -->\n{block(dialect)}\n<!-- /{dialect.name} -->"
        if os.environ.get("RETCLI_WRITE_DOCS"):
            text = _renewed(text, dialect.name, wanted)
            PAGE.write_text(text, encoding="utf-8")
        assert wanted in text, f"{dialect.name}: run RETCLI_WRITE_DOCS=1 python -m pytest {Path(__file__).name}"


def test_the_page_holds_no_layout_that_is_not_read() -> None:
    named = re.findall(r"<!-- ([\w.]+) -->", PAGE.read_text(encoding="utf-8"))
    assert sorted(named) == sorted(dialect.name for dialect in DIALECTS)


def test_every_vocabulary_of_a_layout_is_shown() -> None:
    worded = {d.name for d in DIALECTS if d.holds != "bills" and any(f.name in {"status", "kind"} for f in d.fields)}
    assert worded <= WORDS.keys()
