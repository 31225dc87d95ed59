"""What is the same thing in several languages: places, and the common words of news on war, arms and politics.

One line a thing (indented lines go on with it); the first word is its name, the others are words for it in English,
Ukrainian, Russian, German, French, Polish, Spanish and further languages. Every form with the same beginning counts
(`terms.stem_of`).
"""

PLACES = """
ukraine ukrainian україна український украина украинский ukrainisch ukrainien ukraina ukraiński ucrania ucraina
    ukrajina
russia russian росія російський россия российский russland russisch russie russe rosja rosyjski rusia ruso rusko
    rusland
usa american сша американський американский amerikanisch américain amerykański estadounidense états-unis
denmark danish данія данський дания датский dänemark dänisch danemark danois dania duński dinamarca danés dánsko
norway norwegian норвегія норвезький норвегия норвежский norwegen norwegisch norvège norvégien norwegia norweski
    noruega
sweden swedish швеція шведський швеция шведский schweden schwedisch suède suédois szwecja szwedzki suecia sueco
    sverige
finland finnish фінляндія фінський финляндия финский finnland finnisch finlande finlandia fiński finlandés
germany german німеччина німецький германия немецкий deutschland deutsch allemagne allemand niemcy niemiecki alemania
    alemán
france french франція французький франция французский frankreich französisch français francja francuski francia
    francés
poland polish польща польський польша польский polen polnisch pologne polonais polska polski polonia polaco
britain british uk британія британський великобританія великобритания британский großbritannien britisch britannique
    brytyjski wielka-brytania británico
netherlands dutch нідерланди нідерландський нидерланды нидерландский голландия niederlande niederländisch néerlandais
    holandia holenderski países-bajos neerlandés
italy italian італія італійський италия итальянский italien italienisch italie włochy włoski italia
spain spanish іспанія іспанський испания испанский spanien spanisch espagne espagnol hiszpania hiszpański españa
    español
czech чехія чеський чехия чешский tschechien tschechisch tchèque tchéquie czechy czeski checo česko
lithuania lithuanian литва литовський литовский litauen litauisch lituanie lituanien litwa litewski lituania lietuva
latvia latvian латвія латвійський латвия латвийский lettland lettisch lettonie łotwa łotewski letonia
estonia estonian естонія естонський эстония эстонский estland estnisch estonie estoński
romania romanian румунія румунський румыния румынский rumänien rumänisch roumanie roumain rumunia rumuński rumania
hungary hungarian угорщина угорський венгрия венгерский ungarn ungarisch hongrie hongrois węgry węgierski hungría
slovakia slovak словаччина словацький словакия словацкий slowakei slowakisch slovaquie słowacja słowacki eslovaquia
turkey turkish туреччина турецький турция турецкий türkei türkisch turquie turc turcja turecki turquía turco türkiye
canada canadian канада канадський канадский kanada kanadisch canadien kanadyjski canadiense
belgium belgian бельгія бельгійський бельгия бельгийский belgien belgisch belgique belge belgia belgijski bélgica
japan japanese японія японський япония японский japanisch japon japonais japonia japoński japón
china chinese китай китайський китайский chinesisch chine chinois chiny chiński chino
israel israeli ізраїль ізраїльський израиль израильский israelisch israël israélien izrael izraelski israelí
iran iranian іран іранський иран иранский iranisch iranien irański iraní
korea korean корея корейський корейский koreanisch corée coréen koreański corea coreano
belarus білорусь білоруський беларусь белоруссия белорусский weißrussland bélarus białoruś
australia australian австралія австралийский австралия australien australisch australie australijski
nato нато otan
europe european eu європа європейський єс европа европейский ес europa europäisch européen europejski europeo
kyiv kiev київ київський киев киевский kiew kijów kijowski
moscow москва московський московский moskau moscou moskwa moscú
kharkiv харків харківський харьков харьковский charkiw charków
odesa одеса одесский одесса odessa
lviv львів львов lemberg lwów
dnipro дніпро днепр dnjepr
zaporizhzhia запоріжжя запорожье saporischschja zaporoże
kherson херсон cherson chersoń
crimea crimean крим кримський крым крымский krim crimée krym crimea
berlin берлін берлин
paris париж paryż parís
london лондон londres londyn
warsaw варшава warschau varsovie warszawa varsovia
brussels брюссель brüssel bruxelles bruksela bruselas
copenhagen копенгаген kopenhagen copenhague kopenhaga
oslo осло
stockholm стокгольм sztokholm estocolmo
washington вашингтон waszyngton
vilnius вільнюс вильнюс wilno
prague прага prag praga praha
"""

CAPITALS = dict(
    pair.split("=")
    for pair in """
    berlin=germany paris=france london=britain warsaw=poland brussels=europe copenhagen=denmark oslo=norway
    stockholm=sweden washington=usa vilnius=lithuania prague=czech
    """.split()
)
"""Cities that stand for their state in headlines; not those that are themselves places of the war."""

SEATS = CAPITALS | {"kyiv": "ukraine", "moscow": "russia"}
"""Cities that stand for their government wherever it is spoken of."""

CONCEPTS = """
fpv
uav uavs
missile missiles ракета ракети rakete raketen fusée rakieta pocisk misil misiles raket
drone drones дрон дрони безпілотник беспилотник бпла drohne drohnen dron drony drón
attack attacks атака атакував атаковать angriff angriffe attaque ataki ataque
strike strikes удар удари schlag frappe uderzenie
production produce виробництво виробляти производство производить produktion produzieren produire produkcja produkować
    producción
factory plant завод werk fabrik usine fabryka zakład fábrica planta
ammunition munition боєприпас боеприпасы munitions amunicja munición
shell shells снаряд снаряди granate granaten obus naboje proyectil
agreement deal угода соглашение договор abkommen vertrag accord umowa porozumienie acuerdo
sign signs підписати підписав подписать подписал unterzeichnen unterzeichnet signer signe podpisać podpisał
minister міністр министр ministre ministro
president президент präsident président prezydent presidente
defence defense оборона оборонний оборонный verteidigung défense obrona defensa
air повітряний воздушный luft aérien powietrzny
system systems система системи systeme système systemy sistema
deliver delivery поставити постачання поставка поставить liefern lieferung livrer livraison dostawa dostarczyć
    entregar entrega
million millions мільйон млн миллион millionen mln millones
billion billions мільярд млрд миллиард milliarde milliarden milliard miliard
killed kill загинути загинули вбито погибли погиб убит getötet tote tués tué zabici zginęły muertos
injured wounded поранено поранені ранены пострадали verletzt blessés ranni heridos
tank tanks танк танки panzer char czołg czołgi
aircraft plane літак самолет flugzeug avion samolot avión
helicopter вертоліт вертолет hubschrauber hélicoptère śmigłowiec helicóptero
ship vessel корабель корабль schiff navire okręt statek buque
port порт hafen
refinery нпз нефтеперерабатывающий нафтопереробний raffinerie rafineria refinería
oil нафта нефть нефтяной öl pétrole ropa petróleo
gas газ
army армія армия armee armée armia ejército
soldier soldiers солдат військовий военный soldaten soldats żołnierz soldado
fund funds фонд fonds fundusz fondo
money гроші деньги geld argent pieniądze dinero
aid help допомога помощь hilfe aide pomoc ayuda
contract контракт contrat kontrakt contrato
purchase buy закупівля купити закупка купить kaufen acheter achat zakup kupić comprar compra
coalition коаліція коалиция koalition koalicja coalición
training навчання обучение ausbildung formation szkolenie entrenamiento
radar радар radary
interceptor перехоплювач перехватчик abfangjäger abfangdrohne intercepteur
licence license ліцензія лицензия lizenz licencja licencia
joint спільний совместный gemeinsam conjoint commun wspólny conjunto
company firm компанія компания unternehmen firma entreprise société spółka empresa
election вибори выборы wahl élection wybory elección
court суд gericht tribunal sąd
police поліція полиция polizei policja policía
fire пожежа пожар brand feuer incendie pożar incendio
explosion вибух взрыв explosión wybuch
earthquake землетрус землетрясение erdbeben séisme terremoto
ceasefire перемирʼя перемирие waffenruhe cessez-le-feu rozejm alto
talks negotiations переговори переговоры verhandlungen négociations rozmowy negociaciones
sanctions санкції санкции sanktionen sankcje sanciones
visit візит визит besuch visite wizyta visita
power electricity енергетика электричество strom électricité prąd electricidad
bridge міст мост brücke pont puente
hospital лікарня больница krankenhaus hôpital szpital
school школа schule école szkoła escuela
january січня января januar janvier stycznia enero
february лютого февраля februar février lutego febrero
march березня марта märz mars marca marzo
april квітня апреля avril kwietnia abril
june червня июня juni juin czerwca junio
july липня июля juli juillet lipca julio
august серпня августа août sierpnia agosto
september вересня сентября septembre września septiembre
october жовтня октября oktober octobre października octubre
november листопада ноября novembre listopada noviembre
december грудня декабря dezember décembre grudnia diciembre
"""

ARMS = """
patriot петріот патриот
nasams
iris
gepard
shahed шахед шахід geran герань
himars хаймарс
bayraktar байрактар
leopard леопард
javelin
abrams
gripen
mirage
stormshadow
scalp
taurus таурус
atacms
hawk
skynex
piorun
stinger стінгер стингер
iskander іскандер искандер
kinzhal кинжал
oreshnik орешник
crotale
samp
"""

EVERYWHERE = frozenset("ukraine russia air defence drone missile system million minister attack coalition".split())
"""Of the things above, those that stand in a good part of all news on war and arms."""

STOP = frozenset(
    """
a about above after again against all also among am an and any are around as at be because been before being below
between
both but by can could did do does doing down during each even few first for from further get got had has have having
he
her here hers him his how however i if in into is it its just last like made make many may me might more most much
must
my new no nor not now of off on once one only or other our out over own per said same saying say says she should since
so
some still such than that the their them then there these they this those through to too two three under until up upon
us
very was we were what when where which while who whom why will with within without would yet you your told according
people year years day days time week month monday tuesday wednesday thursday friday saturday sunday today yesterday
tomorrow ago report reports reported news including added including according mr mrs ms don didn isn wasn won can t re
ll ve
в у и і й та на не що что як как з із зі с со за до від от по про об о при для без над під под через між между а але
но або
или чи це это цей этот той тот та ті те его её ее їх их він он вона она вони они ми мы ви вы я є був була було були
был
была было были буде будет будуть будут бути быть також также вже уже ще еще лише только щоб чтобы який яка яке які
который которая которое которые де где коли когда після после тому поэтому тем тим ним них нього него якщо если бо
так все всі всіх всех рік року год года роки лет день дня дні дней повідомив повідомила повідомили повідомляє сообщил
сообщила сообщили сообщает заявив заявила заявил заявили сказав сказал понеділок вівторок середу четвер п'ятницю
понедельник вторник среду пятницу новини новости
der die das den dem des ein eine einen einem einer eines und oder aber in im ins an am auf aus bei beim mit nach von
vom
vor zu zum zur für über unter durch gegen ohne um ist sind war waren wird werden wurde wurden hat haben hatte hatten
sei
sein seine seinen seiner ihr ihre ihren ihrer er sie es wir man nicht auch noch nur schon so wie als dass daß wenn
weil
sich mehr sehr kann können soll sollen muss will am jahr jahre jahren tag tage seit bis dieser diese dieses diesem
sagte
teilte mitteilte laut zwischen dort hier bereits
le la les un une des du de et ou mais en dans sur sous par pour avec sans est sont était étaient a ont avait sera
seront
été être il elle ils elles on nous vous ce cet cette ces qui que quoi dont où se sa son ses leur leurs au aux ne pas
plus
aussi très comme selon après avant entre depuis ans an jour jours
i w z ze na do od po o u przy dla bez nad pod przez między oraz a ale lub czy to ten ta te tego tej tym tych jest są
był
była było były będzie będą być się nie tak jak że który która które którzy już jeszcze tylko także również po przed
roku
lat dzień dni jego jej ich powiedział poinformował poinformowała podał
el los las unos unas del al y o pero en con sin por para según es son era fue fueron ha han había será ser se su sus
lo
que quien cuyo como más muy también no ya entre desde hasta sobre tras este esta estos estas años año día dijo
il lo gli un uno di da nel nella che e con per non è sono del della dei
och att det som en ett den på är av för med till inte om har de var kan från men ska efter vid
het een van en de niet met voor zijn op aan er bij ook naar uit is dat die heeft worden
și va dacă
din cu pe pentru sau dar nu mai cel cea cei cele unui unei unor acest această acești aceste acesta aceasta fost fi
sunt erau iar ca după până între peste prin despre către însă doar tot toate două trei foarte anul ani zile potrivit
spus anunțat când unde își lui lor je jsou byli být bude budou jako nebo při podle jeho její jejich která které který
kteří tento tato toto ještě již už jen dva dvě tři roce dne řekl uvedl aby však proto mezi před bol bola boli ako aj
alebo pri podľa táto ďalšie dňa povedal az egy hogy nem volt lesz vagy csak mint már még szerint után között е са беше
като че със във които който която това тази този тези още след според преди също обаче само към ja oli ei että ovat
mutta myös sekä kuin ole kun joka ir ka uz bija tiks arī pēc kas kad yra buvo apie taip kurie ning mis oma kui aga
pärast bir bu ile için olarak olan daha çok gibi sonra kadar ancak os ao aos dos nas nos uma uns umas não são foi
foram também pela pelo pelos pelas zwei drei vier weitere weiteren weiterer rund außerdem etwa kommt kommen gibt gab
dabei damit dazu doch zudem jetzt neue neuen neuer neues ersten erste letzten mindestens derzeit teilt alle andere
anderen дві два три чотири один одна одну одне саме куди тих цих цього цієї цьому кожна кожен кожний зокрема крім
проте однак наразі близько понад майже тоді усі усіх свої своїх свого своєї нова нове нові новий новую новых нових две
четыре одного однако около более почти тогда сейчас свои своих своего своей новые новый новая новое этих этого этой
этом этому каждый кроме именно deux trois quatre autres autre environ notamment ainsi déjà encore tous toutes nouveau
nouvelle nouveaux lors dwa dwie trzy cztery kolejne kolejny około ponad nowe nowy nowa swoje swój swoich jednak
wszystkich cuatro otros otras otro otra además cerca nuevo nueva nuevos nuevas todos todas sino cada tre altri altre
altro altra circa anche dopo prima nuovo nuova nuovi nuove tutti tutte två fyra andra också före cirka mer nya alla
deras hans jag hon denna detta dessa dess mellan genom enligt redan tillbaka sitt sina mens går gjennom gennem sine
allerede ligger tilbake tilbage holdes holder skal hvor når fra dette denne disse mellom mellem siden etter før både
være været vært ble sier siger sagde ifølge opplyser oplyser opplyste deres blant blandt annet andet mye meget flere
flest selv hvis fordi kommer kom gir giver igjen igen dicono detto già più ancora fino quando questo questa questi
queste quello quella suoi sua suo loro ogni essere stato stata stati hanno aveva verrà saranno sarà tra quali ayer hoy
mientras antes después donde así aunque estaba estaban están tiene tienen debe puede parte moins tandis lorsque chaque
cela celui celle ceux jusqu jusque désormais toujours peut doivent faire fait sofort sofortiger vorher während nachdem
bevor sowie indem ebenfalls stehen steht liegen liegt geht gehen etwas iemand reeds zou zullen kunnen moet moeten
tegen tussen tijdens volgens maar omdat waar wanneer welke deze alors fără fiindcă încă apoi fiecare acum astfel
twee drie ongeveer nieuwe hun wordt werd til af ikke også ved eller blev bliver
""".split()
)

ROUND_UPS = tuple(
    f" {phrase}"
    for phrase in """
round-up|roundup|what we know|daily brief|morning briefing|evening briefing|news in brief|the day in|week in review
this week in|live updates|live blog|as it happened|top stories|key events|key developments|at a glance|daily digest
дайджест|головне за|головні новини|підсумки дня|підсумки тижня|головні події|що відомо на ранок|зведення за|тиждень у
главное за|главные новости|итоги дня|итоги недели|главные события|сводка за|обзор прессы|хроника дня|события дня
überblick|der tag im|nachrichten am|das wichtigste|die lage am|liveblog|live-ticker|newsblog|wochenrückblick
l'essentiel|revue de presse|en direct|ce qu'il faut retenir|les faits du jour
przegląd dnia|podsumowanie dnia|najważniejsze wydarzenia|relacja na żywo|resumen del día|las claves del día
the week in|weekly review|news briefing|war briefing|ukraine briefing|daily briefing|briefing: what|our weekly
тижневий огляд|підсумки за тиждень|недельный обзор|итоги за неделю|live-blog|nyhetsdøgnet|dagen i korthet|nyhedsoverblik
il punto sulla|le notizie del giorno|la semana en|la semaine en|tydzień w|podsumowanie tygodnia|săptămâna în
explained:|explainer:|factbox|q&a:|пояснюємо|що таке|объясняем|что такое|erklärt:|fragen und antworten|décryptage
qu'est-ce que|co to jest|czym jest|wyjaśniamy|qué es|che cos'è|forklart:|faktaboks
""".strip()
    .replace("\n", "|")
    .split("|")
)
