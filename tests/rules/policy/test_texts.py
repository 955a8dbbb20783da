"""What a shop tells its buyers: what takes a right away is refused with its article, lawful notices are not."""

import tomllib

import pytest

from retcli.rules.policy.file import read
from retcli.rules.policy.floor import floor
from retcli.rules.policy.texts import unlawful
from tests.rules.policy.test_file import HEAD

SPECIAL, OPENED, SIGNED = "暂行办法 §6 §7 §30", "暂行办法 §8", "法释〔2022〕8号 §1"
FAULT, WINDOW, METHOD, LAST = "消法 §24", "消法 §25", "暂行办法 §14", "消法 §26"
REFUSED = [
    ("特价商品不予退换", SPECIAL),
    ("特价商品不退不换", SPECIAL),
    ("特价不退", SPECIAL),
    ("清仓款不支持七天无理由退货", SPECIAL),
    ("促销商品一经售出，恕不退换", SPECIAL),
    ("秒杀商品不享受 7 天无理由", SPECIAL),
    ("折扣商品谢绝退货", SPECIAL),
    ("打折商品一律不退", SPECIAL),
    ("特价商品也不退", SPECIAL),
    ("本店不支持七天无理由退货", SPECIAL),
    ("包装打开后不支持退货", OPENED),
    ("拆封不退", OPENED),
    ("商品一经拆封，恕不退货", OPENED),
    ("拆包装后不予退货", OPENED),
    ("打开包装后不接受七天无理由退货", OPENED),
    ("签收后视为验收合格，本店概不负责", SIGNED),
    ("签收即视为认可商品质量", SIGNED),
    ("一经签收，概不负责", SIGNED),
    ("签收后破损本店不承担责任", SIGNED),
    ("质量问题退货运费由买家承担", FAULT),
    ("质量问题，运费自理", FAULT),
    ("商品质量问题需要买家承担来回运费", FAULT),
    ("质量问题退换，邮费由顾客自行承担", FAULT),
    ("发错货的，退货运费由买家承担", FAULT),
    ("退货一律收取10%折旧费", WINDOW),
    ("退货需扣除 10% 手续费", WINDOW),
    ("退款时扣除包装费 5 元", WINDOW),
    ("七天无理由退货需承担10%折旧费", WINDOW),
    ("退货折旧费由买家承担", WINDOW),
    ("退款退至店铺余额或优惠券", METHOD),
    ("退款将以优惠券形式返还", METHOD),
    ("一律退还等值优惠券，不退现金", METHOD),
    ("收到退货后15天内退款", WINDOW),
    ("收到退货后 15 天内退款", WINDOW),
    ("仓库收到退回的商品后十五个工作日内为您退款", WINDOW),
    ("退货签收后半个月内到账", WINDOW),
    ("收到您寄回的商品后７个工作日内退款", WINDOW),
    ("破损请24小时内提供照片举证，超时不处理", FAULT),
    ("破损请 24 小时内举证，否则不予处理", FAULT),
    ("请在48小时内联系客服。逾期概不受理。", FAULT),
    ("如有破损，请于签收后二十四小时内拍照反馈，过时视为放弃", FAULT),
    ("未在24小时内提供照片的，视为完好", FAULT),
    ("本店保留最终解释权", LAST),
]
ALLOWED = [
    "支持七天无理由退货，定制商品除外",
    "收到退货后7天内退款",
    "收到退货后 48 小时内退款，原路退回",
    "收到退货后5个工作日内退款",
    "签收后 15 天内可申请退货退款",
    "支持30天无理由退货，收到退货后3天内退款",
    "特价商品同样支持七天无理由退货",
    "特价商品可退，定制商品不退",
    "本店定制商品不支持七天无理由退货",
    "本店不会拒绝退货",
    "退货期限30天，退款原路返回",
    "退货请在15天内寄回，收到后7天内退款",
    "发错、破损运费由本店承担，其他运费由买家承担",
    "除质量问题和破损外，退货运费由买家承担",
    "特价商品不影响七天无理由退货",
    "促销商品不退差价，七天无理由退货照常",
    "质量问题运费由本店承担",
    "质量问题本店承担运费，无理由退货运费由买家承担",
    "质量问题运费由本店承担，其他退货运费由买家承担",
    "非质量问题退货运费由买家承担",
    "非商品质量问题退货，运费由买家承担",
    "除质量问题外，退货运费由买家承担",
    "不是质量问题的退货，运费由买家自理",
    "拆封查验不影响退货",
    "商品未拆封、未使用可退",
    "音像制品、软件拆封后不支持七天无理由退货",
    "签收不代表认可质量，有问题随时联系我们",
    "签收后人为损坏本店不负责",
    "质量问题退货运费请买家先行垫付，收到后返还",
    "退货不收折旧费",
    "超过七天的退货收取10%折旧费",
    "第8天起退货收取10%折旧费",
    "退款原路退回，优惠券一并退还",
    "退款时积分退回积分账户",
    "经买家同意，退款可退至店铺余额",
    "请在24小时内拍照，方便尽快处理",
    "24 小时内发货",
    "我们会在24小时内联系您",
    "请在24小时内拍照反馈，超时也不影响退货",
]


@pytest.mark.parametrize(("text", "article"), REFUSED, ids=[text for text, _article in REFUSED])
def test_what_takes_a_right_away_is_refused_by_article(text: str, article: str) -> None:
    assert {f.basis for f in unlawful(text) if f.answer == "no"} == {article}
    assert {f.basis for f in unlawful(f"支持七天无理由退货。{text}！欢迎选购") if f.answer == "no"} == {article}


@pytest.mark.parametrize("text", ALLOWED)
def test_what_may_be_said_is_not_refused(text: str) -> None:
    assert [f for f in unlawful(text) if f.answer == "no"] == []


def test_lawful_notices_beside_each_other_are_lawful_together() -> None:
    assert [f for f in unlawful("。".join(ALLOWED)) if f.answer == "no"] == []
    assert [f for f in unlawful("\n".join(reversed(ALLOWED))) if f.answer == "no"] == []


def test_the_words_are_shown_whole() -> None:
    (found,) = unlawful("特价商品不予退换货，请谅解")
    assert found.facts == {"words": "特价商品不予退换货"}


def test_a_file_of_rules_is_refused_for_what_it_tells_buyers() -> None:
    document = tomllib.loads(HEAD + '[texts]\nnotice = "特价商品不予退换"\nfoot = "请在24小时内拍照"')
    policy, wrong = read(document)
    assert wrong == []
    assert [(f.rule, f.answer) for f in floor(policy, document)] == [("special_price", "no"), ("evidence", "person")]
