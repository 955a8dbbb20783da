"""Taobao and Tmall (千牛): order report, item report, refund report, in their layouts since 2016 (`formats.md` §1)."""

from retcli.platforms.cells import count, identifier, instant, one_of, pieces, text, waybill, word, worth
from retcli.platforms.dialect import Dialect, Field

ORDER_STATUS = {
    "等待买家付款": "unpaid",
    "买家已付款，等待卖家发货": "paid",
    "卖家部分发货": "paid",
    "卖家已发货，等待买家确认": "shipped",
    "交易成功": "done",
    "交易关闭": "closed",
}

REFUND_STATUS = {
    "买家已经申请退款，等待卖家同意": "requested",
    "卖家已经同意退款，等待买家退货": "awaiting_goods",
    "买家已经退货，等待卖家确认收货": "goods_sent",
    "卖家已发货，等待卖家和买家确认收货": "replacement_sent",
    "等待买家确认重新邮寄的货物": "replacement_sent",
    "卖家拒绝退款": "refused",
    "卖家不同意协议，等待买家修改": "refused",
    "退款关闭": "closed",
    "退款成功": "succeeded",
    "换货成功": "succeeded",
    "补寄成功": "succeeded",
}
"""The platform's refund statuses, each one of ours."""

REFUND_KIND = {
    "仅退款": "refund-only",
    "我要退款(无需退货)": "refund-only",
    "退货退款": "return",
    "我要退货退款": "return",
    "换货": "exchange",
    "补寄": "resend",
    "补发": "resend",
    "维修": "repair",
    "退运费": "freight",
    "邮费退差": "freight",
    "价保": "allowance",
    "是": "return",
    "买家退货": "return",
    "否": "refund-only",
    "不需要": "refund-only",
    "需要": "return",
}

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
"""Phrases of the buyers' reasons, tried from the top: single characters misfire (`rules.md` §6)."""


def reason(cell: str) -> str:
    """The canonical reason that a buyer's choice stands for; ``X_OTHER`` where nothing matches."""
    found = word(cell)
    return next((code for phrase, code in REASON_WORDS if phrase in found), "X_OTHER") if found else ""


_ORDER_NUMBER = Field("order", ("订单编号",), identifier, required=True, needed=True)
_PAID = ("买家实付金额", "买家实际支付金额")
_SIGNED = Field("carrier_signed_at", ("物流签收时间", "签收时间"), instant)

ORDERS = Dialect(
    name="taobao.order",
    platform="taobao",
    holds="orders",
    fields=(
        _ORDER_NUMBER,
        Field("paid", _PAID, worth, required=True, needed=True),
        Field("freight", ("买家应付邮费",), worth),
        Field("ordered_at", ("订单创建时间",), instant, required=True),
        Field("paid_at", ("订单付款时间",), instant, required=True),
        Field("status", ("订单状态",), one_of(ORDER_STATUS, "")),
        Field("platform_status", ("订单状态",), word),
        Field("pieces", ("宝贝总数量",), count),
        Field("shop_name", ("店铺名称",), word),
        Field("buyer", ("买家会员名",), word),
        Field("receiver", ("收货人姓名",), word),
        Field("phone", ("联系手机", "联系电话"), word),
        Field("address", ("修改后的收货地址", "收货地址"), text),
        Field("buyer_remark", ("买家留言",), text),
        Field("seller_remark", ("订单备注",), text),
        Field("waybill", ("物流单号",), waybill),
        Field("carrier", ("物流公司",), word),
        Field("shipped_at", ("发货时间",), instant),
        Field("confirmed_at", ("确认收货时间",), instant),
        _SIGNED,
    ),
    never=("退款编号", "子订单编号", "购买数量"),
)

ITEMS = Dialect(
    name="taobao.item",
    platform="taobao",
    holds="items",
    fields=(
        Field("order", ("主订单编号", "订单编号"), identifier, required=True, needed=True),
        Field("line", ("子订单编号",), identifier),
        Field("title", ("商品标题", "标题", "宝贝标题"), text, required=True),
        Field("price", ("商品价格", "价格"), worth, required=True, needed=True),
        Field("quantity", ("购买数量",), pieces, required=True, needed=True),
        Field("sku", ("商家编码",), identifier),
        Field("outer_sku", ("外部系统编号",), identifier),
        Field("variant", ("商品属性",), word),
        Field("bundle", ("套餐信息",), word),
        Field("stated", _PAID, worth),
        Field("line_status", ("订单状态",), word),
    ),
    never=("退款编号",),
)

REFUNDS = Dialect(
    name="taobao.refund",
    platform="taobao",
    holds="refunds",
    fields=(
        Field("order", ("订单编号",), identifier, required=True, needed=True),
        Field("refund", ("退款编号",), identifier, required=True, needed=True),
        Field("amount", ("买家退款金额", "退给买家金额", "退款总额"), worth, required=True, needed=True),
        Field("kind", ("售后类型", "是否需要退货"), one_of(REFUND_KIND)),
        Field("status", ("退款状态",), one_of(REFUND_STATUS)),
        Field("platform_status", ("退款状态",), word),
        Field("sku", ("商家编码", "商品编码"), identifier),
        Field("title", ("宝贝标题", "商品标题"), text),
        Field("applied_at", ("退款的申请时间",), instant),
        Field("due_at", ("超时时间",), instant),
        Field("finished_at", ("退款完结时间", "完结时间"), instant),
        Field("reason", ("买家退款原因",), reason),
        Field("reason_words", ("买家退款原因",), word),
        Field("explanation", ("买家退款说明",), text),
        Field("goods_status", ("货物状态",), word),
        Field("waybill", ("退货物流单号",), waybill),
        Field("carrier", ("退货物流公司",), word),
        Field("intervention", ("客服介入状态",), word),
        Field("phase", ("售中或售后",), word),
    ),
)
