"""The months in many languages, each name by the one it has beyond doubt."""

import pytest

from monitor.months import in_latin, month_of

MONTHS = {
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "lt": "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
}


# Other cases of the noun, abbreviations, and more languages; as many as the language has beyond doubt.
MONTHS |= {
    "uk1": "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
    "uk2": "січ лют бер кві тра чер лип сер вер жов лис гру",
    "uk3": "січ лют берез квіт трав черв лип серп верес жовт листоп груд",
    "ru1": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "ru2": "янв фев мар апр мая июн июл авг сен окт ноя дек",
    "ru3": "янв февр мар апр май июн июл авг сент окт нояб дек",
    "de": "Jän Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "de2": "Jänner Feber Mrz April Mai Juni Juli August Sept Oktober November Dezember",
    "fr": "janv févr mars avr mai juin juil août sept oct nov déc",
    "fr2": "Jan Fév Mar Avr Mai Jui Jul Aoû Sep Oct Nov Déc",
    "pl": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "pl2": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "ro": "ian feb mar apr mai iun iul aug sep oct noi dec",
    "lt": "sausis vasaris kovas balandis gegužė birželis liepa rugpjūtis rugsėjis spalis lapkritis gruodis",
    "lt2": "saus vas kov bal geg birž liep rugp rugs spal lapkr gruod",
    "lt3": "Sau Vas Kov Bal Geg Bir Lie Rgp Rgs Spa Lap Grd",
    "lv": "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",
    "lv2": "janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī novembrī decembrī",
    "et": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta"
    " lokakuuta marraskuuta joulukuuta",
    "fi2": "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "jan feb mar apr maj jun jul aug sep okt nov dec",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "cs": "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
    "cs2": "led úno bře dub kvě čvn čvc srp zář říj lis pro",
    "sk": "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "hu2": "jan febr márc ápr máj jún júl aug szept okt nov dec",
    "sl": "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    "sr": "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",
    "srl": "januar februar mart april maj jun jul avgust septembar oktobar novembar decembar",
    "bg": "яну фев мар апр май юни юли авг сеп окт ное дек",
    "mk": "јануари февруари март април мај јуни јули август септември октомври ноември декември",
    "be": "студзеня лютага сакавіка красавіка траўня чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня",
    "el": "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου"
    " Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου",
    "el2": "Ιαν Φεβ Μαρ Απρ Μάι Ιουν Ιουλ Αυγ Σεπ Οκτ Νοε Δεκ",
    "tr": "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pt2": "jan fev mar abr mai jun jul ago set out nov dez",
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "sq": "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "is": "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "ms": "Januari Februari Mac April Mei Jun Julai Ogos September Oktober November Disember",
    "mt": "Jannar Frar Marzu April Mejju Ġunju Lulju Awwissu Settembru Ottubru Novembru Diċembru",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "el3": "Ιανουάριος Φεβρουάριος Μάρτιος Απρίλιος Μάιος Ιούνιος Ιούλιος Αύγουστος Σεπτέμβριος Οκτώβριος"
    " Νοέμβριος Δεκέμβριος",
    "el4": "ΙΑΝ ΦΕΒ ΜΑΡ ΑΠΡ ΜΑΪ ΙΟΥΝ ΙΟΎΛ ΑΎΓ ΣΕΠ ΟΚΤ ΝΟΕ ΔΕΚ",
    "hr": "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna",
}


@pytest.mark.parametrize("language", MONTHS)
def test_the_months_of_a_language(language: str) -> None:
    read = [month_of(name) for name in MONTHS[language].split()]
    assert read == list(range(1, len(read) + 1))


FAR = {
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ar of the Maghreb": "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
    "fa": "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "he": "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "he, in": "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "hi": "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "hy": "հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի դեկտեմբերի",
    "ka": "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "th, short": "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
}
LEVANT = "كانون الثاني,شباط,آذار,نيسان,أيار,حزيران,تموز,آب,أيلول,تشرين الأول,تشرين الثاني,كانون الأول"
ENGLISH = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@pytest.mark.parametrize("names", [*(one.split() for one in FAR.values()), LEVANT.split(",")])
def test_names_in_letters_of_the_east_and_south(names: list[str]) -> None:
    assert [in_latin(f"15 {name} 2021") for name in names] == [f"15 {name} 2021" for name in ENGLISH]


@pytest.mark.parametrize(
    ("text", "latin"),
    [("5 ديسمبر/كانون الأول 2020", "5 Dec 2020"), ("٥ ديسمبر ٢٠٢٠، ١٠:٣٠", "5 Dec 2020, 10:30"),
     ("5 грудня 2020", "5 грудня 2020"), ("5 Dec 2020", "5 Dec 2020"), ("सोमवार", "सोमवार")],
)  # fmt: skip
def test_digits_and_commas_too(text: str, latin: str) -> None:
    assert in_latin(text) == latin


@pytest.mark.parametrize("word", ["", "Wednesday", "Uhr", "року", "года"])
def test_other_words_are_no_months(word: str) -> None:
    assert month_of(word) == 0
