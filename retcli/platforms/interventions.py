"""Whether a platform's words (客服已经介入, 平台介入中, 仲裁中) say that it has stepped into a refund."""

import re

YES = ("是", "是的", "有", "已", "处理中", "平台处理中", "客服处理中", "yes", "y", "true")
"""Answers that say so without naming the intervention, which the column's own name does."""
NO = ("否", "不是", "不", "无", "没", "没有", "未", "不涉及", "不适用", "暂无", "无记录", "no", "n", "false")
OVER = ("处理完成", "完结", "结束", "关闭", "撤销", "撤回", "取消", "驳回", "已处理", "已完成", "介入完成", "仲裁完成")
IN = ("介入", "仲裁")
_BETWEEN = r"[\s:：=，,。；;、（）()\[\]【】|/]+"
_LABEL = re.compile(r"(?:是否|有无|有没有)\w*?(?:介入|仲裁)(?:状态|记录)?")
"""The question itself, such as 是否平台介入: it answers nothing."""
_WHO = r"(?:平台|客服|小二|官方|淘宝|天猫|拼多多|抖音|快手|京东)"
_NOT_IN = re.compile(
    rf"(?:不|未|无|没|非|免|可|拒绝)(?:用|以|须|必|需要|需|要|曾|有|再|经|被)?(?:申请|要求|发起|进行)?{_WHO}{{0,2}}(?:人员)?"
    r"(?:的)?(?:申请|要求)?(?:介入|仲裁)"
)
"""No intervention (客服未介入, 无需平台介入), or only one that the buyer could ask for (可申请平台介入)."""


def stepped_in(words: str) -> bool | None:
    """Whether a platform's words, or a shop's own, say that it has stepped in and that its intervention is not over;
    None where they say neither. A no beside a yes counts: 平台介入：否.
    """
    parts = [_LABEL.sub("", part) for part in re.split(_BETWEEN, words.strip().lower())]
    answers = [answer for answer in map(_answered, parts) if answer is not None]
    if answers:
        return all(answers)
    # evidence is wanted only in an intervention
    return True if any("举证" in part for part in parts) else None


def _answered(part: str) -> bool | None:
    """What one part of the words answers; None where it answers nothing."""
    if part in NO or _NOT_IN.search(part) or any(word in part for word in OVER):
        return False
    return True if part in YES or any(word in part for word in IN) else None
