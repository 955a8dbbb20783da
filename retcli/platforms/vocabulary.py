"""Our words for columns: how each is read, what it means, and which a kind of file cannot do without. Mapping files,
explanations and drafts go by this table, and the built-in dialects agree with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from retcli.language import mark
from retcli.platforms.bills import DIRECTIONS
from retcli.platforms.operators import AT_ONCE, WAYS
from retcli.platforms.plain import BUCKETS, EVENTS
from retcli.platforms.reasons import reason
from retcli.platforms.taobao import ORDER_STATUS, REFUND_KIND, REFUND_STATUS
from retcli.reading import cells, waybills
from retcli.reading.cells import Read

READS: Mapping[str, Read] = {
    "id": cells.identifier,
    "codes": cells.codes,
    "text": cells.text,
    "word": cells.word,
    "money": cells.worth,
    "signed": cells.money,
    "count": cells.count,
    "pieces": cells.pieces,
    "instant": cells.zoned,
    "waybill": waybills.all_waybills,
    "weight": cells.weight,
    "grams": cells.grams,
    "kilograms": cells.kilograms,
    "reason": reason,
}
"""The reader of each sort of cell; sorts that are not here have a vocabulary."""
VOCABULARIES: Mapping[str, Mapping[str, str]] = {
    "order_status": ORDER_STATUS,
    "refund_status": REFUND_STATUS,
    "kind": REFUND_KIND,
    "direction": DIRECTIONS,
    "movement": EVENTS,
    "bucket": BUCKETS,
    "way": WAYS,
    "at_once": AT_ONCE,
}
"""For each sort with a fixed vocabulary, the words that are known and our codes for them."""
PEOPLE = frozenset(
    {
        "buyer",
        "receiver",
        "phone",
        "address",
        "buyer_remark",
        "seller_remark",
        "explanation",
        "reviewed_by",
        "refunded_by",
    }
)
"""Our words whose cells are about a person and are shown masked."""
BESIDE = {"status": "platform_status", "reason": "reason_words"}
"""Our words whose column is read twice: as a code of ours, and as the platform's own words under the second name."""


@dataclass(frozen=True)
class Word:
    """One of our words: the sort of its cells (`READS`, `VOCABULARIES`), its meaning (a message id), and column names
    that often stand for it.
    """

    name: str
    sort: str
    meaning: str
    often: tuple[str, ...] = ()


_ORDER = Word("order", "id", mark("number of the order"), ("订单号", "订单编号", "主订单编号", "关联订单", "Order ID"))
_STATUS = Word("platform_status", "word", mark("status in the platform's own words"))
_PAYMENT = Word(
    "payment_number", "text", mark("number of the payment at the channel"), ("支付单号", "支付流水号", "支付宝交易号")
)
_SKU = Word("sku", "id", mark("the shop's own code of the article"), ("商家编码", "规格编码", "货号", "商品编码"))
_TITLE = Word("title", "text", mark("title of the article"), ("商品标题", "商品名称", "宝贝标题", "商品信息"))
_SENT = (
    Word("waybill", "waybill", mark("waybill of the goods sent"), ("快递单号", "运单号", "物流单号")),
    Word("carrier", "word", mark("carrier"), ("快递公司", "物流公司")),
    Word("shipped_at", "instant", mark("sent at"), ("发货时间",)),
)
_HEAD = (
    Word("paid", "money", mark("paid by the buyer, freight included"), ("实付金额", "实收金额", "买家实付")),
    Word("freight", "money", mark("freight in it"), ("运费", "邮费")),
    Word("refunded_amount", "money", mark("gone back of it so far"), ("已退款金额", "订单已退款金额")),
    Word("ordered_at", "instant", mark("ordered at"), ("下单时间", "订单创建时间")),
    Word("paid_at", "instant", mark("paid at"), ("付款时间", "支付时间")),
    Word("status", "order_status", mark("status of the order"), ("订单状态",)),
    _STATUS,
    Word("pieces", "count", mark("pieces of all lines together")),
    Word("shop_name", "word", mark("name of the shop"), ("店铺", "店铺名称")),
    Word(
        "buyer",
        "word",
        mark("the buyer's name on the platform"),
        ("买家昵称", "买家账号", "买家旺旺", "旺旺", "旺旺号"),
    ),
    Word("receiver", "word", mark("name of the receiver"), ("收货人", "收件人")),
    Word("phone", "word", mark("phone of the receiver"), ("手机号", "联系电话", "收件人手机")),
    Word("address", "text", mark("address of the receiver"), ("收货地址", "收件地址", "地址")),
    Word("buyer_remark", "text", mark("the buyer's remark"), ("买家留言",)),
    Word("seller_remark", "text", mark("the shop's remark"), ("商家备注", "卖家备注")),
    *_SENT,
    Word("confirmed_at", "instant", mark("receipt confirmed at"), ("确认收货时间",)),
    Word("carrier_signed_at", "instant", mark("signed for at, by the carrier"), ("签收时间",)),
    Word("currency", "word", mark("currency, such as CNY")),
    Word("weight", "weight", mark("weight as it left, or of one piece"), ("重量", "包裹重量", "称重重量")),
    _PAYMENT,
)
_LINE = (
    Word("line", "id", mark("number of the line"), ("子订单编号", "子订单号")),
    _TITLE,
    Word("price", "money", mark("price of one piece"), ("单价", "商品单价", "商品价格")),
    Word("quantity", "pieces", mark("pieces"), ("数量", "商品数量", "购买数量")),
    _SKU,
    Word("outer_sku", "id", mark("another code of the article, where there is no own one")),
    Word("variant", "word", mark("colour, size"), ("商品规格", "规格", "商品属性")),
    Word("bundle", "word", mark("bundle")),
    Word("stated", "money", mark("paid for the line"), ("商品实付", "实付金额")),
    Word("line_refunded_amount", "money", mark("gone back of the line so far"), ("商品已退款金额",)),
    Word("platform_line", "id", mark("number of the line on the platform, beside an ERP's own")),
    Word("line_status", "word", mark("status of the line in the platform's own words")),
)
_REFUND = (
    Word(
        "refund",
        "id",
        mark("number of the refund"),
        ("售后编号", "售后单号", "退款编号", "退款单号", "服务单号", "售后服务单"),
    ),
    Word("quantity", "pieces", mark("pieces"), ("数量", "商品数量", "售后数量")),
    Word("amount", "money", mark("amount asked back"), ("退款金额", "申请退款金额", "应退金额", "退款", "退款(元)")),
    Word("kind", "kind", mark("kind of after-sales"), ("售后类型", "退款类型", "类型")),
    Word("status", "refund_status", mark("status of the refund"), ("售后状态", "退款状态", "处理进度", "状态")),
    _STATUS,
    _SKU,
    _TITLE,
    Word("applied_at", "instant", mark("applied for at"), ("申请时间", "售后申请时间", "提交时间")),
    Word("due_at", "instant", mark("the platform's deadline"), ("超时时间", "截止时间")),
    Word("finished_at", "instant", mark("finished at"), ("完结时间", "退款成功时间")),
    Word("processed_at", "instant", mark("last handled at, where no time of finishing is said"), ("处理时间",)),
    Word("reason", "reason", mark("reason of the buyer"), ("退款原因", "售后原因", "原因")),
    Word("reason_words", "word", mark("the reason in the platform's own words")),
    Word("explanation", "text", mark("what the buyer wrote"), ("退款说明", "问题描述")),
    Word("goods_status", "word", mark("whether the buyer has the goods"), ("货物状态",)),
    Word("waybill", "waybill", mark("waybill of the goods coming back"), ("退货单号", "退货物流单号", "退货快递单号")),
    Word("carrier", "word", mark("carrier"), ("退货物流公司", "退货快递公司")),
    Word("evidence_due_at", "instant", mark("deadline for evidence")),
    Word("platform_order", "id", mark("number of the order on the platform, beside an ERP's own")),
    Word("intervention", "word", mark("whether the platform has stepped in"), ("客服介入状态",)),
    Word("phase", "word", mark("before or after receipt")),
    _PAYMENT,
    Word("way", "way", mark("whether a person refunded or the platform")),
    Word("reviewed_by", "word", mark("who of the shop agreed there")),
    Word("refunded_by", "word", mark("who of the shop refunded there")),
    Word("instant", "at_once", mark("whether it was answered at once")),
)
_PRODUCT = (
    _SKU,
    Word("barcodes", "codes", mark("barcodes, several with blanks between"), ("条码", "条形码", "国际条码")),
    Word("carton_codes", "codes", mark("barcodes of a whole carton"), ("箱码", "外箱条码")),
    Word("carton_pieces", "pieces", mark("pieces in a carton"), ("装箱数", "每箱数量", "箱规")),
    Word("name", "word", mark("name of the article"), ("商品名称", "名称", "品名")),
    Word("category", "word", mark("category"), ("类目", "分类")),
    Word("cost", "money", mark("what one piece costs the shop"), ("成本价", "成本", "进价")),
    Word("price", "money", mark("price of one piece"), ("售价", "销售价")),
    Word("warranty_months", "count", mark("months of warranty"), ("保修月数", "质保月数")),
    Word("weight", "weight", mark("weight as it left, or of one piece"), ("重量",)),
    Word("weight_g", "grams", mark("weight of one piece, in grams"), ("重量(g)", "克重")),
    Word("weight_kg", "kilograms", mark("weight of one piece, in kilograms"), ("重量(kg)",)),
    Word("safety_stock", "count", mark("pieces that are to stay in stock"), ("安全库存", "最低库存")),
)
_BILL = (
    Word("number", "id", mark("number of the entry"), ("流水号", "账务流水号", "业务流水号", "交易流水号")),
    _ORDER,
    Word("refund", "id", mark("number of the refund"), ("退款单号", "退款编号", "售后单号", "售后编号")),
    Word("trade", "id", mark("number of the payment at the channel"), ("交易单号", "支付单号")),
    Word("at", "instant", mark("entered at"), ("入账时间", "发生时间", "记账时间", "动账时间", "交易时间")),
    Word("amount", "signed", mark("amount, with its sign or beside a direction"), ("金额", "发生额", "动账金额")),
    Word("direction", "direction", mark("which way the money went"), ("收支方向", "收支类型", "动账方向")),
    Word("income", "signed", mark("amount that came in"), ("收入", "收入金额", "收入金额（元）")),
    Word("outgo", "signed", mark("amount that went out"), ("支出", "支出金额", "支出金额（元）")),
    Word("fee", "signed", mark("fee kept along with it, below zero"), ()),
    Word("balance", "signed", mark("balance afterwards"), ("余额", "账户余额", "账户余额（元）")),
    Word("words", "word", mark("what it was for"), ("业务类型", "账务类型", "动账摘要", "交易类型")),
    Word("currency", "word", mark("currency, such as CNY")),
    Word("remark", "text", mark("remark"), ("备注",)),
    Word("shop_name", "word", mark("name of the shop"), ("店铺", "店铺名称")),
)
_MOVEMENT = (
    Word("waybill", "waybill", mark("waybill"), ("运单号", "快递单号", "物流单号")),
    Word("at", "instant", mark("happened at"), ("轨迹时间", "时间", "操作时间")),
    Word("status", "movement", mark("what happened to the parcel"), ("物流状态", "状态")),
    Word("event", "text", mark("what the carrier wrote"), ("物流轨迹", "轨迹", "描述")),
    Word("carrier", "word", mark("carrier"), ("快递公司", "物流公司")),
    Word("place", "word", mark("place where it was"), ("地点", "网点")),
)
_COUNT = (
    _SKU,
    Word("bucket", "bucket", mark("where the pieces lie"), ("库存状态",)),
    Word("quantity", "count", mark("pieces counted"), ("盘点数量", "实盘数量")),
    Word("counted_at", "instant", mark("counted at"), ("盘点时间",)),
)
WORDS: Mapping[str, tuple[Word, ...]] = {
    "orders": (_ORDER, *_HEAD),
    "items": (_ORDER, *_LINE, *_SENT),
    "sales": (_ORDER, *_HEAD, *_LINE),
    "refunds": (_ORDER, *_REFUND),
    "products": _PRODUCT,
    "bills": _BILL,
    "movements": _MOVEMENT,
    "counts": _COUNT,
}
"""Our words for each kind of file; a row of `sales` is a line with its order's head beside it."""
NEEDS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "orders": (("order",), ("paid",), ("paid_at", "status")),
    "items": (("order",), ("quantity",), ("price", "stated")),
    "sales": (("order",), ("quantity",), ("paid", "stated"), ("paid_at", "status")),
    "refunds": (("order",), ("refund",), ("amount",)),
    "products": (("sku",), ("barcodes",)),
    "bills": (("at",), ("amount", "income", "outgo")),
    "movements": (("waybill",), ("at",), ("status",)),
    "counts": (("sku",), ("bucket",), ("quantity",), ("counted_at",)),
}
"""What a kind of file cannot do without: one word of each group. A word that is a group by itself must also be filled
in every row, since no other stands in for it, except those of `MAY_BE_EMPTY`.
"""
MAY_BE_EMPTY = frozenset({"barcodes"})
"""Words whose column must be there and whose cells may be empty: an article may have no barcode."""


def words_of(holds: str) -> dict[str, Word]:
    """Our words for a kind of file, by name; none for a kind that no mapping file can describe."""
    return {word.name: word for word in WORDS.get(holds, ())}


def required(holds: str) -> frozenset[str]:
    """The words whose column must be in a file of a kind, once a mapping file names it."""
    return frozenset(name for group in NEEDS[holds] for name in group)


def needed(holds: str) -> frozenset[str]:
    """The words whose cell must be filled in every row of a kind of file."""
    return frozenset(group[0] for group in NEEDS[holds] if len(group) == 1) - MAY_BE_EMPTY


def lacking(holds: str, known: frozenset[str]) -> list[tuple[str, ...]]:
    """The groups of words that a kind of file needs and of which none is among `known`."""
    return [group for group in NEEDS[holds] if not known.intersection(group)]
