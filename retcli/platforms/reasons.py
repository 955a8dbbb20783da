"""Reads a buyer's reason, as platforms print it, into a canonical one (`docs/rules.md` §6)."""

import re

from retcli.reading.cells import Read, word

Phrases = tuple[tuple[str, str], ...]

REASON_WORDS = (
    ("七天无理由", "B_7D"),
    ("7天无理由", "B_7D"),
    ("尺寸与商品描述不符", "SZ_DESC"),
    ("大小/尺寸与", "SZ_DESC"),
    ("尺码与描述", "SZ_DESC"),
    ("尺寸拍错", "B_MIS"),
    ("多拍", "B_MIS"),
    ("拍错", "B_MIS"),
    ("错拍", "B_MIS"),
    ("尺码不合适", "SZ_FIT"),
    ("尺寸不合适", "SZ_FIT"),
    ("不合身", "SZ_FIT"),
    ("不喜欢", "B_MIND"),
    ("不想要", "B_MIND"),
    ("效果不好", "B_MIND"),
    ("信息填写错误", "B_INFO"),
    ("地址填错", "B_INFO"),
    ("优惠", "B_COUPON"),
    ("材质", "D_MATERIAL"),
    ("面料", "D_MATERIAL"),
    ("颜色", "D_COLOR"),
    ("图案", "D_COLOR"),
    ("功效", "D_EFFECT"),
    ("描述不符", "D_DESC"),
    ("做工粗糙", "Q_CRAFT"),
    ("瑕疵", "Q_LOOK"),
    ("开线", "Q_CRAFT"),
    ("变质", "Q_SPOIL"),
    ("保质期", "Q_SPOIL"),
    ("过期", "Q_SPOIL"),
    ("过敏", "Q_ALLERGY"),
    ("配件", "Q_PART"),
    ("功能故障", "Q_FUNC"),
    ("无法使用", "Q_FUNC"),
    ("质量问题", "Q_FUNC"),
    ("货物破损已拒签", "L_DAMAGE"),
    ("拒签", "L_REJECT"),
    ("拒收", "L_REJECT"),
    ("空包裹", "L_EMPTY"),
    ("少件", "W_SHORT"),
    ("漏发", "W_SHORT"),
    ("少货", "W_SHORT"),
    ("破损", "L_DAMAGE"),
    ("发错货", "W_WRONG"),
    ("卖家发错", "W_WRONG"),
    ("错发", "W_WRONG"),
    ("无跟踪记录", "L_NOTRACK"),
    ("一直未送", "L_LOST"),
    ("未收到", "L_LOST"),
    ("丢件", "L_LOST"),
    ("停滞", "L_DELAY"),
    ("未按约定时间发货", "S_LATE"),
    ("缺货", "S_OOS"),
    ("虚假发货", "S_FAKE"),
    ("假冒", "F_FAKE"),
    ("三无", "F_3NO"),
    ("发票", "I_INVOICE"),
    ("退运费", "I_FREIGHT"),
    ("运费", "I_FREIGHT"),
    ("价格保护", "I_PRICE"),
    ("价保", "I_PRICE"),
    ("降价", "I_PRICE"),
    ("协商一致", "N_AGREE"),
)
"""Phrases that all platforms share, tried from the top; whole phrases, since single characters misfire."""

_NO_FAULT = re.compile(
    "(?:没有|没|无|非|不是|不存在|未|未见)(?:发现)?(?:任何|明显)?"
    "(?:质量问题|质量原因|功能故障|瑕疵|破损|变质|过期|过敏|开线|少件|漏发|少货|发错货|错发|假冒|描述不符)"
)
"""A fault that a buyer says is not there: 非质量问题, 没有破损. Parts and invoices are left out: 没有配件 means that
one is missing.
"""


def reasons(own: Phrases = ()) -> Read:
    """A reader of reasons that tries a platform's own phrases before the common ones."""
    phrases = own + REASON_WORDS

    def read(cell: str) -> str:
        """The code of the first phrase in a cell, ``X_OTHER`` for none; "" for an empty cell."""
        choice = word(cell)
        faults = _NO_FAULT.sub("", choice)
        return next((code for phrase, code in phrases if phrase in faults), "X_OTHER") if choice else ""

    return read


reason = reasons()
"""The reader of reasons without a platform's own phrases: ``X_OTHER`` where nothing matches, "" for an empty cell."""
