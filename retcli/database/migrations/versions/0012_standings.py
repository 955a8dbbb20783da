"""What a platform's words for an order, a line and a refund mean is stored beside the words, read once at import.

The words that the books hold already are read as the platforms' tables had them when this revision was written; here
they stand without punctuation, with blanks between.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_REFUND_STATES = {
    "douyin": {
        "requested": "待商家处理 售后申请 退货待处理 换货待处理 6",
        "awaiting_goods": "待买家退货 待买家退货处理 7",
        "goods_sent": "待商家收货 11 待商家发货 8 同意退款退款中 同意退款退款失败",
        "replacement_sent": "待买家收货 13",
        "refused": "拒绝售后申请 27 退货后拒绝 29",
        "closed": "售后关闭 售后失败 28 取消成功 51",
        "succeeded": "同意退款退款成功 退款成功 12 换货成功 14 补寄成功 维修成功 价保成功 53",
    },
    "jd": {
        "requested": "待审核 待客户反馈",
        "refused": "审核不通过",
        "closed": "审核关闭 取消 已取消",
        "awaiting_goods": "待客户发货 待收货",
        "goods_sent": "待处理 待退款 待用户确认",
        "succeeded": "完成 已完成",
    },
    "jst": {
        "requested": "买家已经申请退款等待卖家同意 等待卖家同意 waitselleragree",
        "awaiting_goods": "卖家已经同意退款等待买家退货 等待买家退货 waitbuyerreturngoods",
        "goods_sent": "买家已经退货等待卖家确认收货 waitsellerconfirmgoods 等待卖家发货 waitsellerdelivergoods",
        "refused": "卖家拒绝退款 sellerrefusebuyer",
        "replacement_sent": "售后换货商家发货 exchangesellerdelivery 售后换货用户收货 exchangebuyerconfirmgoods 补发卖家发货 "
            "reissuesellerdelivery",
        "closed": "退款关闭 closed",
        "succeeded": "退款成功 success",
    },
    "kuaishou": {
        "requested": "买家已经申请退款等待卖家同意 待商家处理 10 协商纠纷等待平台处理 20",
        "refused": "卖家已拒绝等待买家处理 12",
        "awaiting_goods": "卖家已经同意退款等待买家退货 待买家退货 30",
        "goods_sent": "买家已经退货等待卖家确认收货 待商家收货 40 卖家已经同意退款等待系统执行退款 50",
        "replacement_sent": "卖家已经发货等待买家确认收货 45",
        "succeeded": "退款成功 售后成功 60",
        "closed": "退款关闭 售后关闭 70",
    },
    "pdd": {
        "requested": "待商家处理 买家申请退款待商家处理 2 退货退款待商家处理 3 平台处理中 8 换货补寄待商家处理 14 换货补寄待用户处理 15 待商家同意维修 21",
        "goods_sent": "商家同意退款退款中 4 平台同意退款退款中 5 补寄待商家发货 32",
        "refused": "驳回退款待买家处理 6",
        "awaiting_goods": "已同意退货退款待用户发货 7 待用户确认发货 22 已同意拒收退款待用户拒收 31 同意召回后退款待商家召回 33",
        "closed": "平台拒绝退款退款关闭 9 买家撤销 11 买家逾期未处理退款失败 12 买家逾期超过有效期 13 换货补寄失败 17 维修关闭 24 售后取消",
        "succeeded": "退款成功 10 换货补寄成功 16 维修成功 25",
        "replacement_sent": "换货补寄待用户确认完成 18 待用户确认收货 27",
    },
    "shopee": {
        "requested": "requested judging processing",
        "awaiting_goods": "accepted",
        "succeeded": "refundpaid completed",
        "closed": "cancelled closed",
    },
    "taobao": {
        "requested": "买家已经申请退款等待卖家同意",
        "awaiting_goods": "卖家已经同意退款等待买家退货",
        "goods_sent": "买家已经退货等待卖家确认收货",
        "replacement_sent": "卖家已发货等待卖家和买家确认收货 等待买家确认重新邮寄的货物",
        "refused": "卖家拒绝退款 卖家不同意协议等待买家修改",
        "closed": "退款关闭",
        "succeeded": "退款成功 换货成功 补寄成功",
    },
    "wxshop": {
        "closed": "用户取消申请 usercanceld 1 退货退款关闭 returnclosed 7 商家打款失败客服关闭售后 merchantrefundretryfail 18 "
            "售后关闭 merchantfail 19",
        "requested": "商家受理中 merchantprocessing 2 待用户确认 userwaitconfirm 17 待用户处理商家协商 userwaitconfirmupdate",
        "refused": "商家拒绝退款 merchantrejectrefund 4 商家拒绝退货退款 merchantrejectreturn 5",
        "awaiting_goods": "待买家退货 userwaitreturn 6",
        "goods_sent": "待商家收货 merchantwaitreceipt 8 商家逾期未退款 merchantoverduerefund 12 平台退款中 platformrefunding "
            "15 平台退款失败 platformrefundfail 16",
        "succeeded": "退款完成 退款成功 merchantrefundsuccess 13 退货退款完成 merchantreturnsuccess 14",
    },
    "xhs": {
        "requested": "待审核 待商家审核 1",
        "awaiting_goods": "待用户寄回 2",
        "goods_sent": "待收货 待商家收货 3 退款中",
        "succeeded": "已完成 退款成功 4",
        "closed": "已取消 5 已关闭 6",
        "refused": "审核拒绝 已拒绝 9",
    },
}
_LINE_STATES = {
    "douyin": {
        "unpaid": "待支付",
        "paid": "待确认 备货中 待发货 部分发货",
        "shipped": "已发货",
        "done": "已完成",
        "closed": "已关闭",
    },
    "lazada": {
        "unpaid": "unpaid",
        "paid": "pending packed readytoship",
        "shipped": "shipped delivered",
        "done": "confirmed",
        "closed": "canceled cancelled",
    },
    "taobao": {
        "unpaid": "等待买家付款",
        "paid": "买家已付款等待卖家发货 卖家部分发货",
        "shipped": "卖家已发货等待买家确认 卖家已发货",
        "done": "交易成功",
        "closed": "交易关闭",
    },
    "youzan": {
        "unpaid": "待付款 待支付",
        "paid": "待成团 待接单 待发货 部分发货",
        "shipped": "已发货",
        "done": "交易完成 已完成 交易成功",
        "closed": "交易关闭 已关闭",
    },
}
_WHOLE = (
    "退款成功 退款完成 退货退款成功 退货退款完成 同意退款退款成功 未发货退款成功 已发货退款成功 已签收退款成功 已退款"
    " 全部退款 refunded"
)
_BY_PLATFORM = {"shopee": "refundpaid completed"}
_PART = "部分退款 部分退款成功 partially_refunded"


def upgrade() -> None:
    """Adds the columns and reads the words that stand beside them."""
    op.add_column('orders', sa.Column('shipped', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('orders', sa.Column('refunded', sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column('order_lines', sa.Column('status', sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column('order_lines', sa.Column('refunded', sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column('waiting_orders', sa.Column('shipped', sa.Boolean(), nullable=True))
    op.add_column('waiting_orders', sa.Column('refunded', sa.String(), nullable=True))
    op.add_column('waiting_lines', sa.Column('line_state', sa.String(), nullable=True))
    op.add_column('waiting_lines', sa.Column('line_refunded', sa.String(), nullable=True))
    op.add_column('cases', sa.Column('platform_state', sa.String(), nullable=False, server_default=sa.text("''")))
    _orders("orders", "''")
    _orders("waiting_orders", "NULL")
    _cases()
    _lines()


def _bare(words: str) -> str:
    return "".join(ch for ch in words if ch.isalnum() or ch == "_").casefold()


def _run(statement: str, **values: object) -> None:
    op.get_bind().execute(sa.text(statement), values)


def _words(statement: str) -> Iterable[sa.Row[tuple[str, str]]]:
    """Each different platform and word once."""
    return op.get_bind().execute(sa.text(statement)).all()


def _orders(table: str, nothing: str) -> None:
    for platform, said in _words(f"SELECT DISTINCT platform, platform_status FROM {table} WHERE platform_status <> ''"):
        shipped = any(word in said for word in ("已发货", "已签收", "已收货"))
        _run(
            f"UPDATE {table} SET shipped = :shipped, refunded = COALESCE(NULLIF(:refunded, ''), {nothing})"
            " WHERE platform = :platform AND platform_status = :said",
            platform=platform, said=said, shipped=shipped, refunded=_refunded("", said),
        )  # fmt: skip
    _run(f"UPDATE {table} SET shipped = :yes WHERE status IN ('shipped', 'done')", yes=True)


def _refunded(platform: str, said: str) -> str:
    bare = _bare(said)
    if bare in _PART.split():
        return "part"
    if bare in _WHOLE.split() or bare in _BY_PLATFORM.get(platform, "").split():
        return "whole"
    if "退款成功" in said or "退款完成" in said:
        return "part" if "部分" in said else "whole"
    return ""


def _state(tables: Mapping[str, Mapping[str, str]], platform: str, said: str) -> str:
    bare = _bare(said).replace("_", "")
    return next((state for state, words in tables.get(platform, {}).items() if bare in words.split()), "")


def _cases() -> None:
    """A refund whose time of success is known has succeeded; JD says 完成 also of one that its review turned down."""
    for platform, said in _words("SELECT DISTINCT platform, platform_status FROM cases WHERE platform_status <> ''"):
        _run(
            "UPDATE cases SET platform_state = :state WHERE platform = :platform AND platform_status = :said",
            platform=platform, said=said, state=_state(_REFUND_STATES, platform, said),
        )  # fmt: skip
    _run("UPDATE cases SET platform_state = 'succeeded' WHERE platform_succeeded_at IS NOT NULL")
    _run(
        "UPDATE cases SET platform_state = 'closed'"
        " WHERE platform = 'jd' AND platform_state = 'succeeded' AND decision = 'withdrawn'"
    )


def _lines() -> None:
    bought = "SELECT DISTINCT o.platform, x.platform_status FROM order_lines x JOIN orders o ON o.id = x.order_id"
    for platform, said in _words(f"{bought} WHERE x.platform_status <> ''"):
        _run(
            "UPDATE order_lines SET status = :state, refunded = :refunded WHERE platform_status = :said"
            " AND order_id IN (SELECT id FROM orders WHERE platform = :platform)",
            platform=platform, said=said, state=_state(_LINE_STATES, platform, said),
            refunded=_refunded(platform, said),
        )  # fmt: skip
    for platform, said in _words("SELECT DISTINCT platform, line_status FROM waiting_lines WHERE line_status <> ''"):
        _run(
            "UPDATE waiting_lines SET line_state = NULLIF(:state, ''), line_refunded = NULLIF(:refunded, '')"
            " WHERE platform = :platform AND line_status = :said",
            platform=platform, said=said, state=_state(_LINE_STATES, platform, said),
            refunded=_refunded(platform, said),
        )  # fmt: skip
