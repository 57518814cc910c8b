"""The words that tell how an utterance stands to what was said before, in English and Chinese. All lower case."""

import re
from typing import Final

from services.agent.understanding.gates import Cue, Gate


def _cue(expression: str) -> Cue:
    return Cue(re.compile(expression))


ITEM: Final = (
    r"ones?|option|choice|listing|result|item|product|project|property|flat|apartment|home|house|villa|unit|order|"
    r"campaign|place|model|customer|segment|audience|plan|metric"
)

EXPLETIVES: Final = _cue(
    r"(?<![a-z])(?:"
    r"it(?:'s| is| was|s)? (?:(?:still|too|so|very|really) )?(?:rain|snow|pour|hot|"
    r"cold|warm|sunny|late|early|dark|time|ok|okay|fine|me|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|possible|important|hard to|easy to|nice to|good to|"
    r"great to|been|true|a (?:lovely|nice|beautiful|great|rainy|sunny|cold|hot) day)[a-z]*"
    r"|(?:is|was|will) it (?:rain|snow|hot|cold|late|possible|ok|okay|true|going to rain)[a-z]*"
    r"|it (?:seems|appears|depends|takes|rains|rained|snows|looks like rain|turns out|will rain|matters)"
    r"|it(?:'s| is|s) (?:getting|becoming|turning) [a-z]+|(?:think|thinking|thought|know|care|sleep|"
    r"forget) (?:about|on) it"
    r"|it(?:'s| is| was|s) (?:nice|good|great|lovely|fun) [a-z]+ing"
    r"|(?:thanks?|thx|thank you|thank u)(?: (?:so much|a lot|very much))? for (?:it|this|that|these|those)"
    r"|it(?:'s| is|s) (?:my|his|her|our|their|your) [a-z]+"
    r"|this (?:city|town|country|world|life|app|chat|bot|site|website|conversation|question|topic|market|"
    r"weather|rain|"
    r"season|heat|traffic|guy|man|woman|thing|stuff|kind|sort|type)"
    r"|(?:how'?s|how is|how was) it going|what time is it|that'?s it|got it|get it|forget it|leave it|deal with it"
    r"|that(?:'s| is|s| was| sounds) (?:so |very |really )?(?:great|good|nice|fine|ok|okay|all|right|correct|"
    r"cool|perfect|helpful|awesome|"
    r"wonderful|enough)"
    r"|this is (?:great|good|nice|fine|ok|okay|me|not helpful|helpful|ridiculous|useless|frustrating|urgent|annoying)"
    r"|(?:think|know|say|said|sure|hope|believe|heard|see|so|found|told me|confirm|ensure|fact) that"
    r"|(?:(?!(?:does|is|was|has|yes)\b)[a-z]+s|one|something|anything|property|project|house|place|home|"
    r"campaign|product|item) that "
    r"(?:has|have|is|are|can|will|comes?|offers?|fits?|suits?|allows?|costs?|does|do)"
    r"|this (?:morning|afternoon|evening|week|month|quarter|year|weekend|time|way)"
    r")(?![a-z])|那个[,，]|这个(?:月|周|星期|季度)|那么|这样|那就"
)
"""Pronouns that refer to nothing that was shown."""

SINGULAR: Final = _cue(
    rf"(?<![a-z])(?:(?:this|that|the same) (?:{ITEM})|the (?:project|property|order|campaign)(?= )|it|its|this|"
    rf"that)(?![a-z'])"
    r"|(?<![a-z])(?:it|that)(?='s )"
    r"|(?:这|那)一?(?:个|套|款|间|家|条|件|位|项|单)(?:人群|客户|活动|房子|产品|订单|项目)?|它(?!们)|该项目"
)
PLURAL: Final = _cue(
    rf"(?<![a-z])(?:these|those|both|all)(?: (?:of (?:them|these|those)|two|three|four|(?:{ITEM})s?))?(?![a-z])"
    rf"|(?<![a-z])(?:them|they|their)(?![a-z])|它们|这些|那些|(?:这|那)?[两三]个(?=都)|他们|她们"
)
OTHER: Final = _cue(rf"(?<![a-z])the other (?:{ITEM})?|另外?一?(?:个|套|款)")
LEADING: Final = _cue(
    r"(?<![a-z])(?:the )?(?:first|top) (?P<count>two|three|four|2|3|4)(?![a-z0-9])"
    r"|前(?P<zh>[两二三四234])(?:个|套|款|位|条|件)"
)

NUMBERS: Final = _cue(
    r"(?<![a-z])(?:compare|between|choose|difference of) (?P<first>[1-9])(?: ?(?:,|&|and|or|to|with|"
    r"vs\.?) ?)(?P<second>[1-9])"
    r"(?![\w.,%]|\s?(?:bhk|bed|l|cr)[a-z]*)"
)
"""Two of the items that were shown, by their numbers."""

FRESH: Final = _cue(
    r"start (?:over|again|fresh)|(?:new|another|different) (?:search|campaign|order|question|topic)|from scratch|"
    r"forget (?:that|about that|all|everything)|重新(?:开始|来|做)|从头|新的?(?:推广|活动|搜索|问题)|换个话题"
)
CORRECTION: Final = _cue(
    r"(?<![a-z])(?:i (?:really |actually )?mean[t]?(?! to)|i said|that(?:'s| is|s) (?:not (?:right|correct|"
    r"what i)|wrong)|"
    r"(?:my|a) (?:mistake|typo|bad)|correction|you (?:misunderstood|got (?:it|that|me) wrong))(?![a-z])"
    r"|我说的是|我的?意思是|[说搞弄写打]错了?|更正|应该是|不是.{1,12}[,，]?(?:而?是|要)"
)
CORRECTING_START: Final = _cue(
    r"^\W*(?:(?:oh|ah|uh|um|er|hey|ok)[ ,]+)*(?:no|nope|wrong|incorrect|not that|sorry|oops|wait|actually|"
    r"rather|hmm|不|不是|不对)(?:[ ,.!，。]+(?:no|sorry|not|wait|actually|"
    r"i)\b)*[ ,.!，。]+"
    r"(?!thank|problem|need|worries|idea|way|one|more|i don|i am|i'm|i want|i can)"
)
NOT_BUT: Final = _cue(r"(?<![a-z])not .{2,30}?(?:,| but| rather) ?(?:but )?[a-z0-9]")

MODIFICATION: Final = _cue(
    r"(?<![a-z])(?:make (?:it|that|this|them|(?:the|my) [a-z]+)|instead(?! of (?:a |the )?(?:bank|call))|"
    r"(?:change|chnge|chage|cahnge|chang|switch|swich|update|modify|adjust|replace|swap|set)\b.{1,40}\b(?:to|"
    r"with|into)|"
    r"(?:change|adjust|modify) (?:the |my )?(?:budget|location|area|place|date|time|size|filters?|search|audience)|"
    r"(?:remove|drop|exclude|leave out|take out|get rid of|skip) (?:the |all |any )?[a-z0-9]+|"
    r"(?:increase|incrase|increse|raise|reduce|reduce|reduse|lower|decrease|expand|extend|narrow|widen|shrink|"
    r"relax|limit|restrict|bump|stretch|cut|bring|push|trim|go(?= (?:up|down)))"
    r"(?: (?:up|down))?(?: the| my| it| this| that| to| by)(?! prices?(?! range)| rates?| emi| cost))(?![a-z])"
    r"|换成|换到|换个|改成|改为|改到|改一下|调整|修改|去掉|移除|删掉|删除|剔除|排除|增加|减少|加上|再加|只要|只留|只看|只选|"
    r"不要|不需要|扩大|缩小|扩展|放宽|收窄|提高到|降低到|提到|降到|控制在|限制在|压缩"
)
WEAK_MODIFICATION: Final = _cue(
    r"^\W*(?:(?:and|but|ok|okay|please|can you|could you|show me|i want|i need|with|maybe|let'?s) )*"
    r"(?:only|just|without|also|add|include|remove|more|less|fewer|no)(?![a-z])|(?<![a-z])(?:only|as well|too)\W*$"
    r"|^(?:any|anything|something|show me|got any|is there|do you have)?(?: ?(?:any|anything|something|a|some))? ?"
    r"(?:cheaper|bigger|larger|smaller|closer|nearer|newer|older|costlier|better|more \w+|less \w+)(?: ones?|"
    r" options?)?\W*$"
    r"|^(?:便宜|贵|大|小|近|远|多|少)(?:一点|一些|点)|再(?:便宜|大|小|近|多|少)"
)

WHICH: Final = _cue(
    r"^\W*which (?:one|ones|is|are|has|have|would|do|should|can|of (?:these|them|"
    r"those|the))(?![a-z])|^\W*哪(?:一)?[个款套件]"
)
"""A choice among what was shown."""

ELLIPTIC: Final = _cue(
    r"^\W*(?:(?:and|nd|n|&|or|but|so|ok|okay|then|also|plus|hmm)[ ,]+)*(?:(?:what|how|wat|hw) (?:about|abt|if)|"
    r"what of|vs\.?|versus|compared (?:to|with)|against)(?![a-z])"
    r"|^\W*(?:and|nd|or|plus|same)(?![a-z])|^\W*(?:那(?!就这样|就好|好吧|行吧|算了)|还有|以及|和|那么)|呢\W*$"
)
SHORT_FOLLOW_UP: Final = _cue(
    r"^\W*(?:why(?: not| so [a-z]+| is (?:it|that)(?: so)?(?: [a-z]+)?)?|how much|how many|how so|when|where|"
    r"which(?: one)?|really|since when|how come|how far|how big|"
    r"(?:(?:any|some|is there|are there|do you have|have you got|got|show|tell|give|me|us|see|a few|few|"
    r"the) )*(?:more|anything else|others?|another)(?: (?:details?|"
    r"info(?:rmation)?|options?|"
    r"ones?|results?|like (?:it|this|that)|of (?:them|these)))?|(?:more )?details?|next|next (?:page|one)|go on|"
    r"continue|(?:anything|what|who|where) else(?: [a-z]+){0,4})"
    r"(?: (?:please|pls|then))?\W*$"
    r"|^(?:为什么|多少钱?|哪个|什么时候|在哪|还有吗|还有别的吗|更多|下一页|继续|详细(?:点|说说)?)[呢吗啊吧]?\W*$"
)
_FILLER_WORDS: Final = (
    "and or but so ok okay then also plus what how about abt if of in at on for near around under above below within "
    "with by from to the a an please pls me i instead only just maybe same any some yes no not area side "
    "market city region too as well hmm um vs versus compared against"
)
FILLER: Final = frozenset(_FILLER_WORDS.split())
"""Words that carry no wish of their own: an utterance of names and these is elliptic."""
CHINESE_FILLER: Final = re.compile(r"[那呢吗吧啊的在和与也就是要呀哦嗯还有怎么样如何市场区]|\W")

_YES_NO: Final = (
    r"yes|yeah|yea|yep|yup|ya|sure|ok|okay|k|of course|correct|right|exactly|definitely|absolutely|please do|"
    r"go ahead|"
    r"go for it|do it|do that|that works|works(?: for me)?|sounds good|fine|great|perfect|no|nope|nah|haan|nahi|"
    r"not (?:really|now|yet|sure)|neither|either(?: one)?|any(?: of them| one)?|doesn'?t matter|no matter|"
    r"(?:i )?(?:don'?t|do not|dont) (?:know|care|mind|need (?:it|that))|(?:i )?(?:have )?no idea|dunno|idk|"
    r"(?:i(?:'?m| am) )?not sure|no (?:preference|thanks)|whatever|both|none|up to you"
)
YES_NO: Final = _cue(
    rf"^\W*(?:(?:{_YES_NO}|please|thanks|thank you|pls)(?:\W+|$))+$"
    r"|^\W*(?:是的?|对的?|好的?|可以|行|嗯+|没错|不是|不用|不要|不了|都行|都可以|随便|无所谓|不知道|不确定|没有)"
    r"(?:[ ,，。！]*(?:谢谢|吧|啊|呀|了|的))*\W*$"
)
ASKING: Final = _cue(
    r"^\W*(?:what|how|why|who|where|when|which|is there|are there|do you|does|can i|could i|show|tell me|find|list|"
    r"search|compare|give me|are you|什么|怎么|为什么|有没有|能不能|帮我|给我|我要|我想)(?![a-z])"
)
QUESTION: Final = _cue(
    r"^\W*(?:is|are|was|does|do|did|has|have|can|will|what|how|when|where|who|which|why)(?![a-z'])|吗\W*$"
)
GATE: Final = Gate(
    (
        EXPLETIVES,
        SINGULAR,
        PLURAL,
        OTHER,
        LEADING,
        NUMBERS,
        FRESH,
        CORRECTION,
        CORRECTING_START,
        NOT_BUT,
        MODIFICATION,
        WEAK_MODIFICATION,
        ELLIPTIC,
        SHORT_FOLLOW_UP,
        WHICH,
        YES_NO,
        ASKING,
        QUESTION,
    )
)
"""All of the cues."""

EXPECTED: Final[dict[str, frozenset[str]]] = {
    word: frozenset(kinds.split())
    for words, kinds in (
        ("budget price amount cost 预算", "money count"),
        ("date day when time visit slot schedule callback call 时间 日期", "date time period"),
        ("period month timeframe range", "period date"),
        ("phone mobile number contact callback telephone 电话", "phone"),
        ("email mail address", "email"),
        ("name who 姓名", "person_name"),
        ("location place area where city locality market 地区", "place market city area"),
        ("configuration bhk bedrooms size", "bedrooms size area"),
        ("quantity count size many audience people", "count"),
        ("order reference id", "id order referent ordinal"),
        ("which item product project property listing option choice", "referent ordinal project product place id"),
    )
    for word in words.split()
}
"""What a question is about -> the kinds of entities that answer it, beside a kind of that very name."""
