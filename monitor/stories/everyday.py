"""Words of news of every kind in several languages, each line under the English one, whose term they share.

Texts in English alone are not touched by this. Forms as in `gazetteer`: every one with the same beginning counts. What
begins like an unlike English word is left out.
"""

EVERYDAY = """
government уряд правительство regierung gouvernement rząd gobierno
parliament парламент parlament parlement sejm parlamento
prime premierministre
chancellor канцлер kanzler chancelier kanclerz canciller
ambassador посол посольство botschafter botschaft ambassadeur ambasador embajador
warfare війна война krieg guerre wojna guerra
troops війська войска truppen troupes tropas
front фронт прифронтовий
border кордон граница grenze granica frontera
occupied окупація окупований оккупация besetzt besatzung occupé okupacja ocupado
offensive наступ наступление ofensywa ofensiva
capture захопити захватить erobert eroberung capturer zdobyć capturar
prisoner полонений пленный gefangene kriegsgefangene prisonnier jeniec prisionero
exchange обмін обмен austausch échange wymiana
civilian цивільний zivilist zivilisten cywil
victims жертва opfer victime ofiara víctima
child дитина діти ребенок дети kinder enfant dziecko dzieci niño
house будинок дом haus wohnhaus maison dom casa
residential житловий жилой wohngebiet résidentiel mieszkalny residencial
building будівля здание gebäude bâtiment budynek edificio
city город город stadt ville miasto ciudad
village село деревня dorf wieś aldea
region область регіон регион région obwód región
mayor мер мэр bürgermeister maire burmistrz alcalde
river річка река fluss rivière rzeka río
sea море meer morze
island острів остров insel wyspa isla
airport аеропорт аэропорт flughafen aéroport lotnisko aeropuerto
railway залізниця железная bahn eisenbahn chemin kolej ferrocarril
road дорога straße droga carretera
bus автобус autobus autobús
car автомобіль автомобиль машина fahrzeug voiture samochód coche
crash аварія авария дтп unfall absturz wypadek katastrofa
flood повінь наводнение hochwasser überschwemmung inondation powódź inundación
storm шторм ураган sturm unwetter tempête burza tormenta
rain дощ дождь regen pluie deszcz lluvia
snow сніг снег schnee neige śnieg nieve
winter зима зимовий зимний hiver zima invierno
evacuation евакуація эвакуация evakuierung évacuation ewakuacja evacuación
rescue рятувальник спасатель rettung rettungskräfte secours ratownik rescate
grain зерно пшениця getreide weizen céréales zboże pszenica grano
nuclear ядерний атомний ядерный атомный аес аэс atom kernkraft atomkraftwerk nucléaire jądrowy atomowy
powerplant kraftwerk
substation підстанція подстанция umspannwerk sous-station podstacja subestación
energy енергія энергия energie énergie energia energía
bank банк banque banco
budget бюджет haushalt budżet presupuesto
tax податок налог steuer impôt podatek impuesto
price ціна цена preis prix cena precio
euro євро евро
dollar долар доллар dólar
percent відсоток процент prozent pour-cent procent porciento
credit кредит позика заем darlehen kredit prêt pożyczka préstamo
bond anleihe
investor інвестиція инвестиция investition investissement inwestycja inversión
asset vermögen vermögenswerte avoirs
judge судья richter juge sędzia juez
prosecutor прокурор прокуратура staatsanwalt staatsanwaltschaft procureur prokurator
arrest затримано заарештовано арест задержан задержали festgenommen verhaftet arrêté aresztowany zatrzymany detenido
corruption корупція коррупция korruption korupcja corrupción
resign відставка отставка rücktritt démission dymisja dimisión
protest протест
vote голосування голосование abstimmung głosowanie votación
law закон gesetz loi ustawa ley
summit саміт саммит gipfel gipfeltreffen sommet szczyt cumbre
peace мир frieden paix pokój paz
security безпека безопасность sicherheit sécurité bezpieczeństwo seguridad
intelligence розвідка разведка geheimdienst nachrichtendienst renseignement wywiad inteligencia
spy шпигун шпионаж spion spionage espion szpieg espía
sabotage sabotaż
cyber кібер кибер
fleet флот flotte marynarka armada
submarine підводний подводная u-boot sous-marin podwodny submarino
frigate фрегат fregatte frégate fregata fragata
fighter винищувач истребитель kampfjet kampfflugzeug chasseur myśliwiec caza
artillery артилерія артиллерия artillerie artyleria artillería
howitzer гаубиця гаубица haubitze obusier haubica
brigade бригада brygada brigada
launcher пускова пусковая startgerät lanceur wyrzutnia lanzador
antiaircraft зенітний зенитный протиповітряний противовоздушный ппо пво flugabwehr luftabwehr antiaérien
    przeciwlotniczy antiaéreo
stocks запас zapasy
repair ремонт reparatur réparation naprawa reparación
manufacturer hersteller
industry industrie przemysł industria
export експорт экспорт ausfuhr eksport exportación
order замовлення заказ bestellung auftrag zamówienie pedido
weapon зброя озброєння оружие вооружение waffe waffen rüstung armement broń uzbrojenie armas
package пакет paket paquet pakiet paquete
partner партнер partenaire
ally союзник verbündete sojusznik aliado
member член учасник участник mitglied membre członek miembro
refugee біженець беженец flüchtling réfugié uchodźca refugiado
"""

ELSEWHERE = """
bulgaria болгарія болгарський болгария българия bulgarien bulgarie bułgaria
sofia софія софия sofija
austria австрія австрийский австрія österreich autriche rakousko
vienna відень вена wien vienne wiedeń viena
switzerland швейцарія швейцарія швейцария schweiz suisse szwajcaria suiza
geneva женева genf genève genewa ginebra
greece греція греция griechenland grèce grecja grecia
athens афіни афины athen athènes ateny atenas
portugal португалія португалия portugalia
lisbon лісабон лиссабон lissabon lisbonne lizbona lisboa
ireland ірландія ирландия irland irlande irlandia irlanda
dublin дублін дублин
croatia хорватія хорватия kroatien croatie chorwacja croacia hrvatska
zagreb загреб
serbia сербія сербия serbien serbie
belgrade белград belgrad beograd
slovenia словенія словения slowenien slovénie słowenia eslovenia
moldova молдова молдавия moldawien moldau moldavie mołdawia moldavia
chisinau кишинів кишинев kischinau kiszyniów
luxembourg люксембург luxemburg luksemburg
india індія индия indien
syria сирія сирия syrien syrie siria
iraq ірак ирак irak
egypt єгипет египет ägypten égypte egipt egipto
georgia грузія грузия georgien géorgie gruzja
tbilisi тбілісі тбилиси tiflis
armenia вірменія армения armenien arménie
yerevan єреван ереван eriwan erevan
azerbaijan азербайджан aserbaidschan azerbaïdjan azerbejdżan azerbaiyán
baku баку bakou
kazakhstan казахстан kasachstan
brazil бразилія бразилия brasilien brésil brazylia brasil
mexico мексика mexiko mexique meksyk méxico
gaza газа
lebanon ліван ливан libanon liban líbano
taiwan тайвань tajwan taïwan
riga рига ризі rīga rīgā ryga
tallinn таллінн таллин
helsinki гельсінкі хельсинки
bucharest бухарест bukarest bucarest bukareszt bucurești
budapest будапешт budapeszt
bratislava братислава pressburg bratysława
madrid мадрид madryt
barcelona барселона
rome рим rom rzym
milan мілан милан mailand mediolan milano
ankara анкара
istanbul стамбул stambuł estambul
ottawa оттава
seoul сеул seul séoul
tokyo токіо токио tokio
beijing пекін пекин peking pékin pekin pekín
minsk мінськ минск mińsk
munich мюнхен münchen monachium
hamburg гамбург
cologne кельн кёльн köln kolonia
brno брно brünn
krakow краків краков krakau cracovie kraków cracovia
gdansk гданськ гданьск danzig gdańsk
hague гаага haag haye haga haya
davos давос
belgorod бєлгород белгород biełgorod
kursk курськ курск
bryansk брянськ брянск brjansk briańsk
rostov ростов rostow rostów
petersburg петербург pétersbourg
donetsk донецьк донецк donezk donieck
luhansk луганськ луганск
mariupol маріуполь мариуполь
sumy сумы
poltava полтава poltawa
mykolaiv миколаїв николаев mykolajiw mikołajów
vinnytsia вінниця винница winnyzja winnica
chernihiv чернігів чернигов tschernihiw czernihów
farmer farmers фермер landwirt bauern rolnik
warehouse склад lagerhaus magazyn almacén
dam дамба гребля damm tama
pilot pilots пілот пилот piloten pilote piloto
workshop майстерня werkstatt atelier warsztat taller
tender тендер ausschreibung przetarg
clinic поліклініка поликлиника klinik clinique klinika clínica
market ринок рынок rynek mercado
"""
"""Places that are no part of most news on the war, and what is spoken of there."""
