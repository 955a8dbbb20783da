"""What shops call the codes of the books when they type them, beside the codes' own names."""

from collections.abc import Mapping
from functools import cache

CALLED: Mapping[str, str] = {
    # platforms, their back-ends and their nicknames
    "taobao": "淘宝网 淘宝店 天猫 天猫店 天猫商城 猫店 千牛 tb tmall 淘",
    "pdd": "拼夕夕 拼多多店 多多 拼 拼多多商家 并夕夕 拼多多旗舰店",
    "douyin": "抖音 抖音店 抖音小店 抖音电商 抖音商城 抖音直播 飞鸽 dy 抖",
    "jd": "京东商城 京麦 京东店 京东自营 狗东 jingdong 京",
    "kuaishou": "快手店 快手电商 快手直播 ks",
    "wxshop": "视频号 视频号店 视频号小店 微信 微信店 微信商店 微信视频号",
    "xhs": "红书 小红薯 红薯 小红书店 千帆 薯店",
    "1688": "阿里巴巴 阿里 诚信通 1688批发 批发网",
    "youzan": "有赞商城 有赞微商城 微商城",
    "wdt": "旺店 旺店通erp",
    "jst": "聚水潭erp 聚水谭",
    "shopify": "独立站",
    "tiktok": "tk tiktok 海外抖音 抖音海外",
    "amazon": "亚马逊 亚马逊店",
    "shopee": "虾皮",
    "lazada": "来赞达",
    # kinds of cases, and the rungs of the ladder with the same codes
    "refund-only": "退款 仅退 只退款 退钱 极速退款 直接退款",
    "return": "退货 退货款 退货退钱 退回 七天退货 退",
    "exchange": "换 换货款 调换 换一个 换新 换码 换色 换尺码",
    "resend": "补寄 重发 重寄 补货 补一个 再发",
    "repair": "修 返修 修理 保修 送修",
    "allowance": "退差价 补差 补差价 差价 部分退款 退一部分 少退点",
    "inquiry": "催单 问一下 查件 催件 催发货 询问 问询",
    "explain": "讲解 说明 解释一下 讲清楚",
    "coupon": "券 优惠卷 发券 送券 代金券 红包",
    "compensation": "赔偿 补钱 补款 赔点 补偿金",
    # reasons: goods
    "Q_FUNC": "坏 坏的 坏掉 不能用 用不了 没反应 打不开 开不了机 充不进电 不通电 不工作 故障 质量问题 质量不好 质量差",
    "Q_LOOK": "有划痕 划痕 划伤 瑕疵 有瑕疵 脏 有污渍 污渍 掉漆 有黑点 起球 掉色",
    "Q_PART": "少配件 缺配件 配件少 缺零件 少零件 没有说明书",
    "Q_CRAFT": "开线 脱线 线头 线头多 做工差 做工不好 做工粗糙",
    "Q_SPOIL": "变质 发霉 坏果 烂 烂果 臭 过期 临期 不新鲜",
    "Q_ALLERGY": "过敏 皮肤过敏 起疹子 不舒服",
    "D_DESC": "描述不符 与描述不符 货不对板 和图片不一样 和描述不一样 实物不符 不一样 图文不符",
    "D_MATERIAL": "材质不对 材质不符 面料不对 面料不符 不是纯棉",
    "D_COLOR": "颜色不对 颜色不符 色差 有色差 款式不对 颜色不一样",
    "D_EFFECT": "没效果 没有效果",
    "SZ_DESC": "尺寸不对 尺寸不符 尺码不对 尺码不符 和尺码表不符",
    "SZ_FIT": "大 小 太大 太小 偏大 偏小 尺码大 尺码小 尺码太大 尺码太小 尺码偏大 尺码偏小 不合适 不合身 穿不下 穿不上",
    # reasons: the way
    "L_DAMAGE": "碎 摔坏 压坏 压碎 破 运输破损 快递弄坏 路上坏 漏液",
    "L_LOST": "丢件 丢 没收到 没收到货 未收到货 没到 快递丢 丢件没收到",
    "L_DELAY": "快递慢 物流慢 快递太慢 物流太慢 一直不到",
    "L_NOTRACK": "没轨迹 没有轨迹 没物流 没有物流 物流不更新 没物流信息",
    "L_EMPTY": "空包 空包裹 空盒 空箱",
    "L_REJECT": "拒收 拒签 没签收",
    # reasons: what the shop did
    "W_WRONG": "发错 错发 发错货 发错尺码 发错款 不是我买的",
    "W_SHORT": "少发 漏发 少件 漏件 少一件 少货 没发齐",
    "S_LATE": "发货慢 发货太慢 没发货 一直没发货 不发货 迟迟不发货 未发货",
    "S_OOS": "没货 缺货 断货 卖完",
    "S_FAKE": "假发货 虚假发货 空单号",
    # reasons: what the buyer wants
    "B_MIND": "不要 不想要 不喜欢 后悔 买多 不需要 不合心意 家人不喜欢",
    "B_7D": "7天无理由 七天 7天 无理由 无理由退货 七天无理由退货 7天无理由退货 七天无理由退换货 没理由",
    "B_MIS": "拍错 错拍 多拍 买错 买重 拍重 重复下单 拍多 下错单",
    "B_INFO": "地址错 地址写错 地址填错 填错地址 电话写错 改地址",
    "B_COUPON": "没用券 忘用券 没用优惠 忘记用券 没领券 凑单",
    "F_FAKE": "假货 假的 盗版 仿品 不是正品",
    "F_3NO": "三无产品 没有生产日期 没有合格证",
    "I_INVOICE": "要发票 没发票 开发票 发票问题",
    "I_FREIGHT": "退邮费 运费 邮费 退运费险",
    "I_PRICE": "降价 买贵 价格保护 保价 掉价",
    "N_AGREE": "协商好 商量好 双方同意 协商退款",
    "X_OTHER": "其它 别的",
    # how the buyer was spoken to, and what came of it
    "phone": "打电话 手机 电话联系 去电 来电 致电",
    "chat": "旺旺 千牛 微信 飞鸽 咚咚 在线 聊天 客服聊天 消息 私信",
    "sms": "短信 发短信 信息",
    "reached": "接通 通 接 联系上 已接 联系到 说上话",
    "no_answer": "没接 不接 未接 没人接 无人接听 没接通 打不通 关机 空号 没回 不回 没回复 未回复 没联系上 联系不上",
    "agreed": "同意 答应 接受 说好 谈妥 可以",
    "refused": "不同意 拒绝 不接受 不答应 不肯 没同意 没谈拢",
    # flags, as the platforms' back-ends have them
    "red": "红 红色 红旗",
    "yellow": "黄 黄色 黄旗",
    "green": "绿 绿色 绿旗",
    "blue": "蓝 蓝色 蓝旗",
    "purple": "紫 紫色 紫旗",
    "none": "没有 取消 去掉 灰 灰旗",
    # evidence, and entries of the register
    "photo": "图片 图 相片 实拍",
    "video": "录像 开箱视频 短视频",
    "report": "检测 鉴定 鉴定报告 质检报告",
    "intervention": "介入 小二介入 客服介入 平台客服介入",
    "complaint": "投诉我们 12315 举报",
    "bad_review": "差评 中评 中差评",
    # what was found on a piece, and where it goes
    "A": "好 好的 全新 新 完好 没问题 可二次销售",
    "B": "已拆封 拆 拆封 开封 打开过 用过",
    "C": "坏 坏的 残次 瑕疵 有瑕疵 有问题 脏",
    "D": "废 报废 烂 碎",
    "X": "不是本单 不是我们的 别家的 错货 调包 掉包",
    "sellable": "上架 可卖 能卖 良品库",
    "defective": "残次品 次品 次品库",
    "scrapped": "扔 废 报废",
    "held": "暂存 放着 扣住 先放着",
    # people
    "owner": "老板 掌柜",
    "manager": "主管 经理",
    "agent": "客服员 售后 售后客服 客服人员",
    "warehouse": "仓管 库管 发货员 仓库员 仓库管理员",
    "finance": "会计 出纳",
    # where a payout, a parcel or a case stands
    "waiting": "待复核 等复核 没复核",
    "due": "没打 还没打 未打款 没打款",
    "sent": "打了 已打 已打款 在途",
    "confirmed": "到了 已到 到账",
    "failed": "失败 打款失败 没打成",
    "unknown": "不清楚 不确定 不知道",
    "reversed": "冲了 冲回 已冲",
    "clicked": "已点 点了",
    "expected": "没到 未到 在路上 待收",
    "received": "收到 到货 已收 待验",
    "inspected": "验过 已验 验好",
    "to_decide": "待审 审核 没审 未审核 待处理",
    "to_answer": "待回复 没回复",
    "awaiting_goods": "等买家退货 等退货 没寄回 待寄回 待退货",
    "in_transit": "在途 在路上 已寄回",
    "to_inspect": "待验货 待验 待检货 待质检",
    "to_ship": "待寄 待发 要发货 没发货",
    "to_pay": "待退款 要打款 没打款",
    "to_countersign": "待复核 复核",
    "to_click": "待点 要点 平台待处理",
    "to_finish": "待结 要完结",
    "finished": "完结 结束 完成 已完成 已结束",
    "rejected": "拒绝",
    "withdrawn": "撤销 撤回 已撤回",
    "intervened": "介入 小二介入",
}
"""For each code the words for it, blanks between them; without a 了 at the end, and without a 已 before them where they
end so. A word may stand at several codes: those on offer at the place count, the first one first.
"""


@cache
def _meanings() -> Mapping[str, tuple[str, ...]]:
    """The codes that each word may mean."""
    meanings: dict[str, list[str]] = {}
    for code, words in CALLED.items():
        for word in words.split():
            meanings.setdefault(word.removesuffix("了"), []).append(code)
    return {word: tuple(codes) for word, codes in meanings.items()}


def meant_by(written: str) -> tuple[str, ...]:
    """The codes that a shop may mean by a word, without blanks around it and in lower case; none for an unknown one."""
    plain = written.strip(" 。，！!.,")
    for form in (plain, plain.removesuffix("了"), plain.removeprefix("已").removesuffix("了"), f"已{plain}"):
        if codes := _meanings().get(form):
            return codes
    return ()


def words_of(code: str) -> list[str]:
    """The shop's words for a code."""
    return CALLED.get(code, "").split()
