"""Everyday English words: never a typo of a name, and never the name of a person."""

from typing import Final

_WORDS: Final = """
a able about above accept access accident according account across action active activity actually added address
adult advance advice afford afraid african after afternoon again against agency agent agree ahead airport alive all
allow almost alone along already alright also although always am amazing amenities american among amount an and
angry animal announce annoyed another answer any anybody anymore anyone anything anyway anywhere apart apartment
apologies appear apple apply appointment approach approve are area argue arrange arrive article as asian ask asked
asking asleep assist assume at attach attend attention attract august aunt author available average avoid awake
award aware away awesome awful baby back backup balance balcony bank bargain basic basis bathroom be beach beautiful
because become bedroom been before begin behind being believe belong below benefit beside best better between beyond
bigger bill birthday black blank block blood blue board body book booked booking bored borrow both bother bottle
bottom bought bowl branch brand brave bread break breakfast bridge brief bright bring broad broke broken broker
brother brought brown budget build builder building built burger business busy but button buyer buying by bye cable
call called caller calling camera campaign can can't cancel cannot cant capital card care career careful carpet
carry cash catch cause center centre century certain chair challenge chance change channel charge chart cheap
cheaper cheapest check cheese chicken child children chinese chocolate choice choose chosen christian circle city
civil claim class clean clear clearly clever click client close closed closer closest clothes cloud coast coffee
cold collect college color colour combine come comfort comfortable coming comment common community commute company
compare complain complaint complete computer concern condition confirm confirmation confused connect consider
contact contain continue contract control cook cool copy corner correct cost costly could count country couple
course court cousin cover covered cream create credit crime cross crowd crowded curious current currently curtain
customer cycle daily damage dance danger dark data date daughter dead deal dealer dear death decade decide decided
decision deep definitely degree delay delayed deliver delivery demand depend deposit describe design desk detail
details develop developer device did didn't difference different difficult dining dinner direct direction director
dirty disappointed discount discuss display distance district divide divorced do doctor document does doing dollar
don't done dont door double doubt down download dream dress drink drive driver driving drop during duty each eager
earlier early earn earth easily east eastern easy edge education effect effort eight either electric elevator eleven
else email emergency empty energy engaged engine engineer english enjoy enough enquire enquiry enter entire entrance
equal error escape especially essential estate european even evening event ever every everybody everyone everything
everywhere exact exactly example excellent except exchange excited excuse exercise exist exit expect expensive
experience expert explain explore express extra extremely face facility facing fact factory fail failed fair fairly
fall family famous fancy farm farmer fashion fast faster father favor favorite favourite feature february feedback
feel feeling fellow female fence fever few field fifth fifty fight figure file fill filter final finally finance
find finding fine finger finish finished fire first fish five fixed flat flats flight float floor flower focus
follow following food foot for force foreign forest forget forgot form former forty forward found four fourth frame
frank free freedom french fresh friday fridge friend friendly from front frozen fruit frustrated fuel full fully
funny furniture further future game garage garden gardens gate gather general generally gentle genuine german get
gets getting gift girl give given giving glad glass go goal goes going gold golden gone gonna good goods got grand
grant graph grass grateful great greater green greet ground group grow growth guard guess guest guide guitar
gymnasium habit had hair half hall hand handle happen happened happy harbor harbour hard hardly has hate have having
he head health healthy hear heard heart heat heavy height hello help helpful hence her herbal here hey hi hidden
high higher highest highway hill him hindu hire his history hmm hobby hold holiday home honest honestly hope
horrible horse hospital host hotel hour house household housing how however huge human hundred hungry hurry hurt
husband i i'd i'll i'm i've idea ideal if im imagine immediate immediately important impossible improve in include
included including income increase indeed indian indoor industry inform information inside install instead insurance
interest interested interesting internet into introduce invest investment investor invite invoice involve is island
isn't issue it it's item its jacket january japanese jewel join joint joke journey judge juice july jump june junior
just keep kept keyboard kids kind kinds kitchen knew know known korean label labour lady lake laptop large larger
largest last late later latest laugh launch laundry lawyer layout lazy lead leader learn lease least leather leave
leaving left legal lemon length less lesson let let's lets letter level library licence license life lift light like
likely limit line link list listed listen listing little live living load loan lobby local located location lock lol
lonely long longer look looked looking lose loss lost loud love lovely lower lowest luck lucky lunch luxury machine
made magic mail main maintain maintenance major make maker making male mall manage manager manner many march margin
mark market marriage married master match material matter maximum may maybe me meal mean meaning means meant measure
meat media medical medicine medium meet meeting member memory mention menu message metal meter method metro middle
might mile milk mind mine minimum minister minor minute mirror miss missed missing mistake mixed mobile model modern
moment monday money monitor month monthly mood moon more morning mortgage most mother motor mountain mouse mouth
move moved movie moving much multiple museum music muslim must my myself name narrow nation national natural nature
near nearby nearer nearest nearly neat necessary neck need needed needs neighbor neighbour neither nervous network
never news next nice night nine no nobody noise noisy none noon nope nor normal normally north northern not note
nothing notice november now number nurse object objection obvious obviously occasion october of off offer office
officer official often ok okay on once online only onto oops open opened opening opinion option options or orange
order ordered ordinary organic original other otherwise ought our out outdoor outer outlet outside over own owner
ownership pack package page paid pain paint pair palace palm panel paper parcel parent parents park parking part
partner party pass passed past path patient pattern payment peace penalty people pepper percent perfect perhaps
period permission person personal phone photo photos phrase pick picked picture piece pizza place plain plan plane
planet planning plant plastic plate play player please pleased plenty plot pls plz pocket point police policy pool
poor popular population position possession possible possibly post postpone potential pound power practice prefer
preferred pregnant premium prepare present president press pressure prestige pretty prevent previous price priced
prices pricing pride primary prime print printer private prize probably problem proceed process produce product
profile profit program progress project projects promise proof proper properly properties property propose protect
proud provide province public pull purchase purple purpose push put quality quantity quarter queen query question
queue quick quickly quiet quite quote radio rain raining rather rating ratio reach read ready real really realtor
reason reasonable receipt receive received recent recently recommend record recover reduce refer refund refuse
regard region register registration regular reject relate related relation release relevant reliable relief remain
remember remind remove rent rental repair repeat replace reply report request require required rescue research
reserve resident residential resort respect respond response rest restaurant result retail retired return returned
returning revenue review reward rich ride right ring rise risk river road rock roof room rooms rotate rough round
route royal rubber ruin rule rural russian safe safety said salad salary sale sales salesman salt same sample
sandwich satisfied saturday sauce save saved saving savings saw say says scale scared scene scenic schedule school
science scope score screen search searching season seat second secret section sector secure security see seem seems
seen segment select self sell seller selling send senior sense sent separate september series serious seriously
serve service session setting settle seven several shade shall shape share sharp she sheet shelf shift ship shipped
shipping shirt shock shoes shop shopping short shorter should show showed shower showing shown shut sick side sign
signal silver similar simple simply since sincerely single sister site sites situation size skill skin skip sleep
slightly slow slower slowly small smaller smallest smart smell smile smoke smooth snow so social society soft
software sold solid solution solve some somebody somehow someone something sometimes somewhere song soon sorry sort
sound sounds source south southern space spacious spanish speak speaking special specific speed spend spent split
sport spot spring square stadium staff stage stairs stand standard star start started starting state statement
station stay steel step sticker still stock stomach stone stop stopped store storm story straight strange street
stress stretch strict strike strong structure stuck student study stuff stupid style subject submit success such
sudden suddenly sugar suggest suggestion suit suitable summer sunday sunny super supermarket supply support suppose
sure surely surface surprise surprised survey sweet swim swimming switch system table take taken taking talk talked
talking tall target task taste taxes taxi teach teacher team tech technical telephone television tell tempted tenant
tennis tenure term terms terrace terrible test text than thank thanks that that's the theatre their them theme then
there therefore these they thick thing things think thinking third thirsty thirty this those though thought thousand
three through throw thursday thx ticket tiger tight tile till time times tired title to today together toilet told
tomato tomorrow tonight too tool topic total touch tough tour tourist toward towards tower towers town track trade
traffic train training transfer transit transport travel treat tree trend trial trick tried trip trouble truck true
truly trust truth trying tuesday turn turned twelve twenty twice ty type typical ugly unable uncle under understand
understood unfair unfortunately unhappy union unique unit units unless unlike until up upcoming update updated
upgrade upon upper upset urban urgent urgently us use used useful useless user usual usually utility vacant vacation
valid valley valuable value vegetable vegetarian vehicle vendor verify version very video view viewed viewing villa
village virtual visit visited visiting voice volume wait waiting walk walking wall wallet wanna want wanted wants
warm warn warranty was wash waste watch water we weak wealth weather website wedding wednesday week weekend weekly
weight welcome well went were west western what what's whatever wheel when whenever where wherever whether which
while white who whole whom whose why wide wife will window wine winner winter wire wise wish with within without
woman won't wonder wonderful wood wooden word work worked worker working world worried worry worse worst worth would
wow write writer writing written wrong yard yeah year yearly years yellow yep yes yesterday you young younger your
yours yourself youth zero zone
"""

COMMON_WORDS: Final = frozenset(_WORDS.split())
