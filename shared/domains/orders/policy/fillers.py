"""Words around the name of a product, which are none of it: courtesies, verbs of ordering and changing, measures."""

import re
from typing import Final

_ENGLISH: Final = (
    "hi hello hey dear team boss bro sir madam guys please pls plz kindly thanks thank ya yes yeah ok okay no not nope "
    "we i i'm i'd i'll we'd we're we'll he she they me us you my our your it its that that's this these those them the "
    "a an one ones first second third fourth fifth last of for from at in into on by to out up with without as and n "
    "or so if then than but only just also too instead actually rather really now already again still maybe perhaps "
    "about around roughly approximately total altogether each more less fewer another extra additional other some any "
    "few need needs needed want wants like would could can may shall should must will let lets let's get got go take "
    "took give send order orders ordering buy have has had do does did is are be been was were make made making made "
    "meant mean means said say says sorry oops wait hmm uh change changed update increase reduce decrease raise lower "
    "cut bump switch swap replace set add put bring supply deliver delivery delivered ship restock stock top running "
    "run low quantity qty amount number count how much many price cost costs quote there here what which when where "
    "wrong right correct same "
    "time usual today tomorrow tonight morning asap urgent urgently soon next week size sized x pc "
    "pcs piece pieces number"
)
_MALAY: Final = (
    "hai salam tolong terima kasih boleh kami saya awak anda kita nak mahu hendak perlu perlukan pesan pesanan tempah "
    "minta bagi beri hantar beli ambil tambah lagi tukar ubah jadi kepada ke buat kurangkan kurang naikkan sahaja je "
    "dan juga dengan untuk di pada ini itu ni tu bang kak bos berapa ada harga stok saiz esok lusa keping biji helai "
    "setiap tidak tak bukan ya"
)
_PHRASES: Final = (
    r"good (?:morning|afternoon|evening|day)", r"selamat (?:pagi|petang|malam|tengah hari)", r"masing-masing",
    r"don'?t", r"pizzas(?=\s*$)",
)  # fmt: skip
_CHINESE: Final = (
    "您好 你好 早上好 下午好 晚上好 老板 麻烦 谢谢 请问 请 帮我 帮 我们 我 你们 需要 想要 想 要 订购 下单 "
    "订单 订货 订 买 给 来 送 再 还要 还 另外 加到 加 增加到 增加 减少到 减少 减到 改成 改为 改到 改 换成 "
    "换到 换 变成 把 数量 一共 总共 不是 是 只要 只 就 每种 每个 各 第一个 第二个 第三个 那个 这个 这些 "
    "那些 一些 一下 多少钱 多少 有没有 有货吗 价格 的 了 吧 啊 吗 呢 呀 对不起 不好意思 不 到 个 份 成 "
)

FILLERS: Final = re.compile(
    rf"\b(?:{'|'.join(_PHRASES)}|{'|'.join(map(re.escape, (_ENGLISH + ' ' + _MALAY).split()))})(?![\w'-])"
    rf"|{'|'.join(sorted(_CHINESE.split(), key=len, reverse=True))}",
    re.IGNORECASE,
)
