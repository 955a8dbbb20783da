"""Sayings of a shop's texts that take a right from the buyer against the law, each with its article (`docs/rules.md`
§10).

A text is read sentence by sentence, without spaces and with full-width signs as half-width. A pattern bridges only so
many characters inside a sentence, and not over words that turn its meaning round (可, 支持, 不).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from retcli.language import mark
from retcli.rules.casefile.findings import Answer, Finding

_NEVER = (
    r"(?:概不|恕不|不予|不再|不支持|不接受|不享受?|不能|不可以?|不得|不提供|不办理|一律不|(?<![不会])(?:谢绝|拒绝)|不)"
)
_BACK = (
    r"(?:办理|提供|参加|适用|给予|享受|接受|支持|任何|[7七][天日]|无理由|的)*"
    r"(?:退(?!差|价|出)[换货]*|换货?|无理由(?:退[换货]*)?)"
)
_BUYER = r"(?:买家|买方|客户|顾客|消费者|购买者|您|亲|自己|个人)"
_SHOP = r"本店|商家|卖家|我方|我们|店铺|店家|我司"
_FAULT = r"(?:质量(?:问题|原因|瑕疵)|发错货?|错发|漏发|破损)"
_FEE = r"(?:折旧|手续|包装|违约|损耗|服务|整理)[费金]"
_RETURNED = "(?:退货|退回|寄回|退件)"
_MEANWHILE = r"(?:(?!退款|寄|支持|可)[^。;!?\n])"
_CLASSES = "临期|瑕疵|确认|定制|定做|生鲜|鲜活|软件|音像|报"
_OWN_WILL = rf"{_SHOP}|不喜欢|不想要|无理由|个人|主观|其[他它]"
_PAPERS = r"(?:余额|优惠券|代金券|购物券|抵用券|抵扣券|店铺券|红包|购物金|储值|积分)"
_SPECIAL = r"(?:特价|打折|折扣|清仓|促销|秒杀|处理品|尾货|甩卖)"
_OPENED = (
    r"(?:拆封|开封|启封|拆包|拆开|开箱|(?:打开|拆除|撕开)(?:商品|产品|外|内)?包装"
    r"|包装(?:一经|一旦|被|已)?(?:打开|拆|撕|开启))"
)
_HOURS = re.compile(r"(?:\d+|[一二两三四五六七八九十]+)个?小时(?:之)?内|当[天日]内?")
_PROOF = re.compile(r"拍照|照片|图片|举证|视频|凭证|证据|证明|取证")
_SPEAKS = re.compile(r"反馈|联系|告知|申请|提出|反映")
_ENDS = re.compile(
    r"(?:否则|逾期|超时|超期|过时|过期|超过|不提供|未提供|未举证|未反馈|未联系)[^。;!?\n]{0,12}?"
    r"(?:(?<!影响)不(?!影响)|概不|恕不|无法(?:处理|受理|退|换|赔|核实)|视[为同]|放弃|自负|自理|拒)"
    r"|视[为同](?:完好|合格|认可|放弃|接受|没有|无)|不予(?:处理|受理|退|换|赔|认|支持|理)|概不|恕不|(?<!绝)不(?:再)?(?:处理|受理|负责|认账)"
)
_SOUND = re.compile(
    rf"(?:非|不是|无|没有|除(?:了|非)?|不属于|不存在)[^,。;!?\n]{{0,4}}{_FAULT}|{_FAULT}(?:以外|之外|除外|外)"
)
"""Goods said to be without a fault, or all goods but those with one."""
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_BREAK = re.compile(r"[。;!?\n]")


@dataclass(frozen=True)
class Saying:
    """Something that cannot be said: its article, the pattern that finds it, and what makes it lawful in the same
    sentence (`lawful`).
    """

    rule: str
    basis: str
    text: str
    like: re.Pattern[str]
    lawful: re.Pattern[str] | None = None
    also: Callable[[re.Match[str]], bool] | None = None
    """What must hold of the match besides; None asks nothing."""


def _like(*ways: str) -> re.Pattern[str]:
    """One pattern for several wordings."""
    return re.compile("|".join(ways))


def _counted(written: str) -> int:
    """A whole number below 100, from digits or Chinese numerals (十五 is 15); 0 for anything else."""
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.partition("十")
    if not ten:
        return _DIGITS.get(written, 0)
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def _too_long(match: re.Match[str]) -> bool:
    """Whether a text promises the refund later than 7 days after the goods came back (消法 §25)."""
    # five working days are a week at the least; six are already more than seven days
    if match["long"]:
        return True
    return _counted(match["n"]) > (5 if match["unit"] == "工作日" else 7)


_SAYINGS = (
    Saying(
        "special_price",
        "暂行办法 §6 §7 §30",
        mark('"{words}" cannot be said: only the classes of the law are without the seven days'),
        _like(
            "不退不换|概不退换|不支持退换",
            rf"(?:{_SPECIAL}|本店|全店|(?:所有|全部)商品)(?:(?!不|可|能|支持|{_CLASSES})[^。;!?\n]){{0,10}}?{_NEVER}{_BACK}",
        ),
        re.compile(r"(?:不会|不得|没有|绝无)(?:因|以|说)"),
    ),
    Saying(
        "opened",
        "暂行办法 §8",
        mark('"{words}" cannot be said: opening to look at the goods does not end the right'),
        _like(
            rf"(?<!未){_OPENED}(?:(?!不|可|支持|未)[^。;!?\n]){{0,8}}?{_NEVER}{_BACK}",
        ),
        re.compile(r"音像|软件|数字化|充值|激活码|确认"),
    ),
    Saying(
        "signed",
        "法释〔2022〕8号 §1",
        mark('"{words}" cannot be said: signing for a parcel does not mean that the goods are in order'),
        _like(
            r"签收(?:(?!人为|使用|自身)[^。;!?\n]){0,12}?(?:概不|恕不|不再|不)(?:承担|负)(?:任何|一切)?责",
            r"签收[^。;!?\n]{0,6}?(?<!不)(?:视[为同作]|等[于同]|代表|表示|即为|认定)"
            r"[^。;!?\n]{0,8}?(?:合格|认可|完好|无误|异议|没有?问题|满意|放弃|接受)",
            "签收即视为|签收即认可",
        ),
    ),
    Saying(
        "freight",
        "消法 §24",
        mark('"{words}" cannot be said: goods with a fault come back at the shop\'s cost'),
        _like(
            rf"{_FAULT}(?:(?!{_OWN_WILL})[^。;!?\n]){{0,16}}?(?:[运邮]费|快递费)(?:(?!{_SHOP}|不|其[他它])[^。;!?\n]){{0,6}}?"
            rf"(?:{_BUYER}[^。;!?,\n]{{0,3}}(?:承担|支付|负担|自理|出|付)|自理|自付|自负)",
            rf"{_FAULT}(?:(?!{_OWN_WILL})[^。;!?\n]){{0,10}}?{_BUYER}(?:(?!不|{_SHOP})[^。;!?,\n]){{0,4}}"
            r"(?:承担|支付|负担|出|付)[^。;!?,\n]{0,4}(?:[运邮]费|快递费)",
        ),
        re.compile(r"垫付|报销|返还|补偿|退还"),
    ),
    Saying(
        "fee",
        "消法 §25",
        mark('"{words}" cannot be said: no fee inside the seven days, and none on goods with a fault'),
        _like(
            r"退(?:(?!不|免|无需)[^。;!?\n]){0,12}?(?:收取?|扣除?|扣减|承担|支付|缴纳)(?:(?!不|运)[^。;!?,\n]){0,8}?"
            rf"{_FEE}",
            rf"退(?:(?!不|免|无需)[^。;!?\n]){{0,8}}?{_FEE}[^。;!?,\n]{{0,8}}{_BUYER}(?:承担|支付|负担|出|付)",
        ),
        re.compile(
            r"超过|第[8八]|[7七][天日](?:之?后|以后|以上)|满[7七]|逾期|放宽|延长|[8八][-~至到]|人为|损坏|缺失|不完[好整]"
        ),
    ),
    Saying(
        "method",
        "暂行办法 §14",
        mark('"{words}" cannot be said: money goes back the way it was paid unless the buyer agrees each time'),
        _like(
            rf"退款(?:(?!原|不|{_PAPERS})[^。;!?\n]){{0,8}}?(?:退[至到回入]|返[至到还回]|转[为至入到]|折[为成]|改为|只退|仅退|以|用|为)"
            rf"(?:本店|店铺|账户|会员|平台|等[值额]|您的|的|到|至|为)*{_PAPERS}",
            rf"(?:只能?|仅|一律)(?:退还?|返还?)[至到为成]?(?:本店|店铺|账户|会员|等[值额]|的)*{_PAPERS}",
            rf"(?<!不)以(?:本店|店铺|会员|等[值额]|的)*{_PAPERS}(?:的)?(?:形式|方式)(?:退|返)",
        ),
        re.compile(r"原路|原支付|原付款|同意|自愿|愿意|自选|可选|使用的|所用|抵扣|部分"),
    ),
    Saying(
        "refund",
        "消法 §25",
        mark('"{words}" cannot be said: the refund must be paid within 7 days of the goods\' return'),
        _like(
            rf"(?:收到[^。;!?,\n]{{0,6}}{_RETURNED}{_MEANWHILE}{{0,8}}?|{_RETURNED}{_MEANWHILE}{{0,10}}?后[^。;!?\n]{{0,3}}?)"
            r"(?:(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})个?(?P<unit>工作日|天|日)|(?P<long>半个?月|[一两]个?月|[两三]周))"
            r"(?:之?内|后|左右)?(?:(?!可|支持|申请|寄|无理由)[^。;!?\n]){0,6}?(?:退款|打款|退还|返还|到账|退钱|原路)",
        ),
        also=_too_long,
    ),
    Saying(
        "last_word",
        "消法 §26",
        mark('"{words}" cannot be said: a shop does not explain its own terms with the last word'),
        _like("最终解释"),
    ),
)
_PHOTOS = mark('"{words}": photos may be asked for, but lacking them never ends the right')


def unlawful(text: str) -> Iterator[Finding]:
    """Findings on a text: what the law does not allow (no), and proof asked for within hours (person)."""
    # goods said to be without a fault are taken out first: 非质量问题运费自理 is lawful, 质量问题运费自理 is not
    written = re.sub(r"[^\S\n]", "", unicodedata.normalize("NFKC", text))
    sentences = [sentence for sentence in _BREAK.split(_SOUND.sub("其他", written)) if sentence]
    for saying in _SAYINGS:
        words = next(filter(None, (_unlawful_words(saying, sentence) for sentence in sentences)), None)
        if words:
            yield _finding(saying.rule, Answer.NO, saying.basis, saying.text, words)
    yield from _hurry(sentences)


def _unlawful_words(saying: Saying, sentence: str) -> str | None:
    """The words of a sentence that cannot be said; None where it is lawful."""
    if saying.lawful is not None and saying.lawful.search(sentence):
        return None
    match = saying.like.search(sentence)
    return match[0] if match and (saying.also is None or saying.also(match)) else None


def _hurry(sentences: Sequence[str]) -> Iterator[Finding]:
    """Proof asked for within hours (person); a no where the same or the next sentence ends the right for lack of it."""
    asked = None
    for sentence, following in zip(sentences, (*sentences[1:], ""), strict=True):
        hours = _HOURS.search(sentence)
        if hours is None or not (_PROOF.search(sentence) or _SPEAKS.search(sentence)):
            continue
        if _ENDS.search(sentence) or _ENDS.match(following):
            yield _finding("evidence", Answer.NO, "消法 §24", _PHOTOS, hours[0])
            return
        asked = asked or (hours[0] if _PROOF.search(sentence) else None)
    if asked:
        yield _finding("evidence", Answer.PERSON, "消法 §24", _PHOTOS, asked)


def _finding(rule: str, answer: Answer, basis: str, text: str, words: str) -> Finding:
    """A finding on the `words` of a text, which nobody can waive."""
    return Finding(rule, answer, basis, text, {"words": words}, waivable=False)
