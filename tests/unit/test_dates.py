"""The forms in which feeds and pages write their dates."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import dates
from monitor.dates import FAR, ago, credible, parse, settled, span
from monitor.model import Entry
from tests.builders import NOW, an_entry
from tests.dateforms import FORMS


@pytest.mark.parametrize(("text", "moment"), FORMS)
def test_a_form_is_read(text: str, moment: datetime) -> None:
    assert parse(text, now=NOW) == moment


def test_there_are_many_forms() -> None:
    assert len({text for text, _ in FORMS}) >= 200


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
    "hr": "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna",
}


@pytest.mark.parametrize("language", MONTHS)
def test_the_months_of_a_language(language: str) -> None:
    read = [parse(f"15 {name} 2021", now=NOW) for name in MONTHS[language].split()]
    assert [moment and moment.month for moment in read] == list(range(1, len(read) + 1))


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "yesterday", "2016", "2016-06", "2016-02-30", "31 Jun 2016", "1999-12-31", "0001-01-01T00:00:00Z",
     "not 12 a date 2012", "2099-01-01", "2016-06-29T25:61:00", "9" * 400, "１２"],
)  # fmt: skip
def test_what_states_no_possible_moment_is_none(text: str) -> None:
    assert parse(text, now=NOW) is None


def test_a_clock_may_be_a_day_ahead() -> None:
    assert parse((NOW + timedelta(hours=23)).isoformat(), now=NOW) == NOW + timedelta(hours=23)
    assert parse((NOW + timedelta(hours=25)).isoformat(), now=NOW) is None


def test_credible_leaves_the_unknown_unknown() -> None:
    assert credible(None, now=NOW) is None
    assert credible(datetime.max.replace(tzinfo=UTC), now=NOW) is None


@pytest.mark.parametrize("zone", ["GMT", "UTC", "+0000", "-0330", "+1445"])
@pytest.mark.parametrize("day", ["Sun, 22 Nov 2026", "1 Jan 2026", "Tue, 29 Feb 2028", "30 Feb 2024", "0 May 2024"])
def test_the_short_way_reads_mail_dates_as_the_long_one(day: str, zone: str) -> None:
    short, long = f"{day} 23:59:58 {zone}", f"{day} 23:59:58  ({zone})"
    assert parse(short, now=datetime(2029, 1, 1, tzinfo=UTC)) == parse(long, now=datetime(2029, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0001-01-01T00:00:00",
        "0000-00-00 00:00:00",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "-0001-11-30T00:00:00+00:00",
        "Wed, 30 Nov -0001 00:00:00 +0000",
        "0",
        "now",
        "today 15:07",
        "15:07",
        "Wed",
        "June 2016",
        "99/99/9999",
        "Wed, 31 Jun 2016 15:07:41 GMT",
        "2016-13-01",
        "Invalid Date",
        "null",
    ],
)
def test_what_publishers_write_for_nothing_is_none(text: str) -> None:
    assert parse(text, now=NOW) is None


MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2026, 1, 1))  # noqa: DTZ001 - the zone is drawn apart
OFFSETS = st.integers(-14 * 4 + 1, 14 * 4 + 3).map(lambda quarters: timedelta(minutes=15 * quarters))


@given(MOMENTS, OFFSETS, st.booleans())
def test_the_usual_forms_take_a_short_way_to_the_same_moment(naive: datetime, offset: timedelta, exact: bool) -> None:
    moment = naive.replace(tzinfo=timezone(offset), microsecond=naive.microsecond if exact else 0)
    stamp = moment.isoformat()
    assert parse(stamp, now=NOW) == dates._stamp(stamp) == dates._iso(stamp) == moment
    mail = format_datetime(moment)
    assert parse(mail, now=NOW) == dates._mail(mail) == dates._spoken(mail) == moment.replace(microsecond=0)


def _dated(*days: float | None) -> list[Entry]:
    return [an_entry(id=str(day), published=None if day is None else NOW + timedelta(days=day)) for day in days]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ((-1, 0.5, None), (-1, 0.5, None)),
        ((-1, 3, -2), (-1, None, -2)),  # a lone one
        ((3,), (None,)),
        ((3, None), (None, None)),
        ((3, 4, None), (3, 4, None)),  # the publisher's clock
        ((), ()),
    ],
)
def test_a_future_date_is_kept_only_where_all_are_ahead(
    given: tuple[float | None, ...], kept: tuple[float | None, ...]
) -> None:
    found = settled(_dated(*given), NOW)
    assert [entry.published for entry in found] == [entry.published for entry in _dated(*kept)]


def test_a_future_update_is_unknown() -> None:
    (entry,) = settled([an_entry(published=NOW, updated=NOW + timedelta(days=9))], NOW)
    assert (entry.published, entry.updated) == (NOW, None)


def test_the_clock_of_a_whole_feed_may_be_far_ahead() -> None:
    text = (NOW + timedelta(days=200)).isoformat()
    assert parse(text, now=NOW) is None
    assert parse(text, now=NOW, ahead=FAR) == NOW + timedelta(days=200)
    assert parse("2099-01-01", now=NOW, ahead=FAR) is None


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (7200, "2 h"), (200_000, "2 d")]
)
def test_spans_in_their_largest_unit(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_ago_looks_both_ways() -> None:
    assert ago(None, NOW) == "never"
    assert ago(NOW - timedelta(minutes=4), NOW) == "4 min ago"
    assert ago(NOW + timedelta(hours=3), NOW) == "in 3 h"
