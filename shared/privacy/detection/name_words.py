"""Words around names: what is none, though it stands where one would, and the surnames of most Chinese people."""

from typing import Final

_NO_NAMES = """
a able about admin afraid after again all allergic also an and and/or anyone anytime are as asap asking at available
aware back bangalore based because been before booking both business but buying by calling can changed china chinese
company confused could currently customer delivery different directly done empty english everybody everyone fine first
for free friday from glad going good great happy have having her here him hindi home i if immediately important in
india indian interested is it just keen later leaving living looking malaysian manager mandarin maybe me missing
misspelled monday mumbai my needed new no not now of ok okay on on-hold once only or order our out owner planning please
quite ready really regarding renting required returning right sales saturday saying selling service shopping singapore
singaporean so someone soon sorry speaking still store sunday support sure taken team thanks that the them there they
this thursday tired to today tomorrow tonight trying tuesday unable under unknown urgent using very vip waiting
wanting was we wednesday what when whenever who why with wondering working wrong yes you your
"""
NO_NAMES: Final = frozenset(_NO_NAMES.split())
"""In lower case: "I'm Interested", "call me later"."""

_NO_CHINESE_NAMES = """
华人 方便 高级 黄金 白金 金牌 金卡 白领 高管 高端 万一 马上 于是 任何 常客 文员 向您 何时 何人 程序
江苏 方案 方式 温馨 周末 周一 周二 周三 周四 周五 周六 周日 高兴 石头 夏季 金额 白色 黄色 马来 万科
金融 常用 易用 安全 康复 龙湖 任意 牛仔 毛衣 汤臣 施工 顾客 严重 文件 文档 钱包 钟表
"""
NO_CHINESE_NAMES: Final = frozenset(_NO_CHINESE_NAMES.split())
"""Words that begin with what is also a surname."""

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
    "汤康易乔赖文欧洪温倪柯颜柳邢岳施樊詹牛申邝"
)
DOUBLE_SURNAMES: Final = ("欧阳", "司马", "上官", "诸葛")
