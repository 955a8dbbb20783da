"""Which words of a platform or a shop say that the platform has stepped into a refund, that it has not, or neither."""

import pytest

from retcli.platforms.interventions import stepped_in

WORDS = {
    # Taobao: 客服介入状态 (cs_status 1 to 6)
    "不需客服介入": False,
    "需要客服介入": True,
    "客服已经介入": True,
    "客服初审完成": None,
    "客服主管复审失败": None,
    "客服处理完成": False,
    # Pinduoduo: 平台介入状态, 平台介入, 客服介入
    "平台介入中": True,
    "平台已介入": True,
    "未介入": False,
    "平台未介入": False,
    "平台处理中": True,
    "平台介入已撤销": False,
    "平台介入，待商家举证": True,
    # Douyin: 仲裁状态
    "无仲裁记录": False,
    "无仲裁": False,
    "仲裁中": True,
    "平台仲裁中": True,
    "待商家举证": True,
    "仲裁结束": False,
    # a column of yes and no, with or without its question
    "是": True,
    "是的": True,
    "有": True,
    "否": False,
    "不是": False,
    "没有": False,
    "无": False,
    "是否介入：否": False,
    "是否介入：是": True,
    "是否平台介入: 否": False,
    "是否需要客服介入 否": False,
    "是否介入否": False,
    "平台介入：否": False,
    "平台介入：是": True,
    "平台介入（否）": False,
    "客服介入：无": False,
    "有无仲裁：无": False,
    "Yes": True,
    "N": False,
    # what shops write
    "客服未介入": False,
    "客服没有介入": False,
    "尚未介入": False,
    "暂未仲裁": False,
    "无需介入": False,
    "无需平台介入": False,
    "不用客服介入": False,
    "不需要平台客服介入": False,
    "未申请平台介入": False,
    "可申请平台介入": False,
    "买家可以申请介入": False,
    "不涉及": False,
    "暂无": False,
    "没有介入": False,
    "买家撤销了介入": False,
    "介入申请被驳回": False,
    "客服介入，待商家举证": True,
    "平台介入中，无需商家举证": True,
    "买家未收到货，平台介入": True,
    "等待客服介入": True,
    "小二已介入": True,
    # nothing that anybody could tell it by
    "": None,
    "-": None,
    "—": None,
    "是否介入": None,
    "是否介入：": None,
    "1": None,
    "正常": None,
    "客服同意": None,
}


@pytest.mark.parametrize("words", WORDS)
def test_what_the_words_say(words: str) -> None:
    assert stepped_in(words) is WORDS[words]
    assert stepped_in(f"  {words}\n") is WORDS[words]
