"""Whether a platform's words (客服已经介入, 平台介入中, 仲裁中) say that it has stepped into a refund."""

_NOT = ("不需", "未", "无", "没有", "否", "不涉及")
_OVER = ("完成", "结束", "关闭", "撤销", "已处理", "完结")
_IN = ("介入", "仲裁", "举证", "是")


def stepped_in(words: str) -> bool:
    """Whether a platform's words say that it has stepped in and that its intervention is not over."""
    plain = words.strip()
    if plain.startswith(_NOT) or any(word in plain for word in _OVER):
        return False
    return any(word in plain for word in _IN)
