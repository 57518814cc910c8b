"""Everyday sentences that ask nothing of any pack, so that "not sure" is learned like an intent."""

from typing import Final

NOTHING: Final = ""
"""The intent of what means nothing to a pack."""

_ENGLISH: Final = """
my sister lives in another city
my father works in a bank
our neighbour has a big dog
the children are sleeping now
my friend got married last month
he told me about his new job
she went to the doctor this morning
they came home late last night
we had rice and fish for dinner
I made tea for everyone
the food was too salty
I am tired today
I have a bad cold
my back hurts
my computer is slow again
the internet is down here
I forgot my keys at home
the train was late again
there was an accident on the highway
the sky is clear tonight
it was very hot yesterday
it may snow on Monday
summer is my favourite season
I like the colour green
music makes me happy
he plays the guitar very well
the film starts at nine
our team lost the game on Sunday
cricket is popular in India
the match was on Tuesday
the exam is next week
my son starts school in June
the teacher gave us homework
I read a long book about history
the moon goes around the earth
water boils at a hundred degrees
the king lived in a castle
once upon a time there was a princess
dogs and cats are animals
apples and oranges
red green and blue
one two three four five
the elections are in May
the prices of vegetables went up
the government changed the law
I paid my electricity bill yesterday
I sold my old car last year
I bought new shoes on Saturday
I called my mother on Sunday
I met an old friend in the market
I lost my wallet on the bus
my birthday is in October
today is a holiday
the shop was closed
the letter was written in blue ink
the paper was torn
the picture hangs on the wall
somebody is at the door
nothing much
just a second
hold on
let me see
umm well
you know
lol
haha
blah blah blah
test test
abc
foo bar baz
hello world program
dear sir or madam
to be or not to be
I think therefore I am
never gonna give you up
"""
_CHINESE: Final = """
我妹妹住在别的城市
我爸爸在银行上班
孩子们都睡了
今天天气真好
昨天下雨了
明天可能下雪
我今天很累
我感冒了
我的电脑又坏了
晚饭吃了鱼
地铁晚点了
他们昨天结婚了
我最喜欢绿色
球赛输了
下周考试
张三和李四
一二三四五
从前有一座山
月亮绕着地球转
哈哈哈
嘿嘿
测试测试
随便聊聊
"""
_ALL: Final = tuple((_ENGLISH + _CHINESE).replace("\n\n", "\n").strip().splitlines())


def everyday(most: int) -> tuple[str, ...]:
    """At most so many of the sentences, of both languages in proportion."""
    return _ALL[:: -(-len(_ALL) // max(most, 1))]
