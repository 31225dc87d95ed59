"""The forms in which feeds and pages write their dates."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.dates import credible, parse
from tests.builders import NOW

AT = datetime(2016, 6, 29, 15, 7, 41, tzinfo=UTC)
MINUTE = AT.replace(second=0)
NOON = datetime(2016, 6, 29, 12, tzinfo=UTC)

FORMS = [
    # RFC 822 and 2822, with names of zones
    ("Wed, 29 Jun 2016 15:07:41 GMT", AT),
    ("Wed, 29 Jun 2016 18:07:41 +0300", AT),
    ("Wed, 29 Jun 2016 18:07:41 EEST", AT),
    ("29 Jun 2016 17:07:41 EET", AT),
    ("29 Jun 16 16:07:41 CET", AT),
    ("29 Jun 2016 17:07:41 CEST", AT),
    ("29 Jun 2016 17:07:41 MESZ", AT),
    ("29 Jun 2016 18:07:41 MSK", AT),
    ("29 Jun 2016 10:07:41 EST", AT),
    ("29 Jun 2016 11:07:41 EDT", AT),
    ("29 Jun 2016 08:07:41 PDT", AT),
    ("Wed, 29 June 2016 17:07:41 GMT+2", AT),
    ("Wed, 29 June 2016 18:07:41 +03:00", AT),
    ("Wed, 29 Jun 2016 15:07:41", AT),
    ("Wed, 29 Jun 2016 15:07:41 +0000 GMT", AT),
    ("Wed, 29-Jun-16 15:07:41 GMT", AT),
    ("Wed Jun 29 15:07:41 2016", AT),
    ("Wed Jun 29 18:07:41 EEST 2016", AT),
    # ISO 8601
    ("2016-06-29T15:07:41Z", AT),
    ("2016-06-29T15:07:41.000Z", AT),
    ("2016-06-29T18:07:41+03:00", AT),
    ("2016-06-29T18:07:41+0300", AT),
    ("2016-06-29T18:07:41 EEST", AT),
    ("2016-06-29t15:07:41z", AT),
    ("2016-06-29 15:07:41", AT),
    ("20160629T150741Z", AT),
    ("20160629150741", AT),
    ("2016-06-29T15:07Z", MINUTE),
    ("2016-6-29 15:07", MINUTE),
    ("2016-06-29", NOON),
    ("20160629", NOON),
    # numbers in other orders
    ("2016/6/29 15:07:41", AT),
    ("2016/06/29", NOON),
    ("29.06.2016 15:07:41", AT),
    ("29.6.2016, 18:07 MSK", MINUTE),
    ("29/06/2016 15:07", MINUTE),
    ("06/29/2016 3:07 PM", MINUTE),
    ("29.06.2016", NOON),
    ("1467212861", AT),
    ("1467212861000", AT),
    # names of months
    ("June 29, 2016", NOON),
    ("June 29th, 2016 3:07 p.m.", MINUTE),
    ("29 червня 2016, 15:07", MINUTE),
    ("Ср, 29 чер 2016 18:07:41 +0300", AT),
    ("29 июня 2016 г. в 15:07", MINUTE),
    ("Ср, 29 июн 2016 18:07:41 +0300", AT),
    ("29. Juni 2016 um 15:07 Uhr", MINUTE),
    ("29 juin 2016 à 15h07", MINUTE),
    ("29 czerwca 2016, 15:07", MINUTE),
    ("29 de junio de 2016", NOON),
    ("29 giugno 2016 - 15:07", MINUTE),
    ("29 iunie 2016", NOON),
    ("29 června 2016", NOON),
    ("29 juni 2016", NOON),
    ("29. jūnijs 2016", NOON),
    ("2016 m. birželio 29 d.", NOON),
    ("29. juuni 2016", NOON),
    ("29 haziran 2016", NOON),
    ("2016年6月29日 15:07", MINUTE),
]


@pytest.mark.parametrize(("text", "moment"), FORMS)
def test_a_form_is_read(text: str, moment: datetime) -> None:
    assert parse(text, now=NOW) == moment


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


@pytest.mark.parametrize("language", MONTHS)
def test_the_months_of_a_language(language: str) -> None:
    read = [parse(f"15 {name} 2021", now=NOW) for name in MONTHS[language].split()]
    assert [moment and moment.month for moment in read] == list(range(1, 13))


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
