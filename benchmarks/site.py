"""A site to measure on: invented outlets whose feeds hold invented news, served on many loopback addresses.

Four styles of feeds (plain RSS, RSS with whole texts, Atom, RSS with markup and little else) in four languages. Run
alone it prints one of them. All prose is put together here from own words; the same numbers give the same text.
"""

import asyncio
import random
import socket
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from multiprocessing.connection import Connection

from aiohttp import web

HOSTS = 50
WHEN = timedelta(hours=40)  # how far back a document reaches
_MATCHING, _NEAR = 0.03, 0.12  # shares of the items

WHO = {
    "en": "The city council|A regional court|The rail operator|Two universities|The harbour authority|A farmers' union|"
    "The museum|Several nurses|The finance committee|A volunteer fire brigade|The football club|Local bakers",
    "de": "Der Stadtrat|Ein Landgericht|Die Bahn|Zwei Hochschulen|Die Hafenbehörde|Ein Bauernverband|Das Museum|"
    "Mehrere Pflegekräfte|Der Haushaltsausschuss|Die Freiwillige Feuerwehr|Der Fußballverein|Die Bäcker",
    "uk": "Міська рада|Обласний суд|Залізниця|Два університети|Адміністрація порту|Спілка фермерів|Музей|"
    "Медсестри лікарні|Бюджетний комітет|Добровільна пожежна дружина|Футбольний клуб|Місцеві пекарі",
    "pl": "Rada miasta|Sąd okręgowy|Przewoźnik kolejowy|Dwie uczelnie|Zarząd portu|Związek rolników|Muzeum|"
    "Pielęgniarki|Komisja finansów|Ochotnicza straż pożarna|Klub piłkarski|Lokalni piekarze",
}
DID = {
    "en": "approved a plan for|asked for more time to study|opened an inquiry into|cancelled the contract for|"
    "presented new figures on|defended the rising cost of|postponed a vote on|welcomed the first visitors to",
    "de": "billigte einen Plan für|bat um mehr Zeit für|prüft erneut|kündigte den Vertrag über|zeigte neue Zahlen zu|"
    "verteidigte die Kosten für|verschob die Abstimmung über|begrüßte die ersten Gäste bei",
    "uk": "схвалила план щодо|попросила більше часу на|почала перевірку щодо|скасувала договір на|оприлюднила дані про|"
    "пояснила витрати на|відклала голосування за|запросила перших гостей на",
    "pl": "zatwierdziła plan na|poprosiła o więcej czasu na|wszczęła kontrolę w sprawie|zerwała umowę na|"
    "pokazała nowe dane o|broniła kosztów na|przełożyła głosowanie nad|powitała pierwszych gości na",
}
WHAT = {
    "en": "the tram line along the river|school meals in winter|the old brewery|cheaper tickets for pensioners|"
    "the bridge at the north gate|a flood wall in the valley|the spring festival|night buses|a new reading room|"
    "water prices|the harvest of apples|repairs to the theatre roof",
    "de": "die Straßenbahn am Fluss|Schulessen im Winter|die alte Brauerei|billigere Fahrkarten für Rentner|"
    "die Brücke am Nordtor|einen Deich im Tal|das Frühlingsfest|Nachtbusse|einen neuen Lesesaal|Wasserpreise|"
    "die Apfelernte|das Dach des Theaters",
    "uk": "трамвайну лінію вздовж річки|шкільне харчування взимку|стару броварню|дешевші квитки для пенсіонерів|"
    "міст біля північної брами|дамбу в долині|весняний фестиваль|нічні автобуси|нову читальню|ціни на воду|"
    "врожай яблук|ремонт даху театру",
    "pl": "linię tramwajową wzdłuż rzeki|obiady szkolne zimą|stary browar|tańsze bilety dla emerytów|"
    "most przy bramie północnej|wał w dolinie|festiwal wiosenny|nocne autobusy|nową czytelnię|ceny wody|"
    "zbiór jabłek|naprawę dachu teatru",
}
MORE = {
    "en": "Residents will hear more at a meeting on Thursday|The work is to begin in {n} weeks|Critics called the "
    "estimate of {n} million too low|A report of {n} pages is open to everyone|Nobody was hurt, the police said|"
    "The mayor thanked {n} helpers for their patience|Shops in the old town hope for a better season",
    "de": "Die Anwohner erfahren am Donnerstag mehr|Die Arbeiten beginnen in {n} Wochen|Kritiker nannten die Schätzung "
    "von {n} Millionen zu niedrig|Ein Bericht von {n} Seiten liegt aus|Verletzt wurde laut Polizei niemand|"
    "Die Bürgermeisterin dankte {n} Helfern|Die Läden der Altstadt hoffen auf eine bessere Saison",
    "uk": "Мешканці дізнаються більше на зборах у четвер|Роботи почнуться за {n} тижнів|Критики назвали кошторис у {n} "
    "мільйонів заниженим|Звіт на {n} сторінок відкритий для всіх|За даними поліції, ніхто не постраждав|"
    "Міський голова подякував {n} помічникам|Крамниці старого міста чекають на кращий сезон",
    "pl": "Mieszkańcy dowiedzą się więcej w czwartek|Prace ruszą za {n} tygodni|Krytycy uznali kwotę {n} milionów za "
    "zbyt niską|Raport na {n} stron jest dostępny dla wszystkich|Według policji nikt nie ucierpiał|"
    "Burmistrz podziękował {n} pomocnikom|Sklepy starego miasta liczą na lepszy sezon",
}
NEAR = {
    "en": "Families from Ukraine joined the choir|A drone filmed the parade|The defence lawyer spoke for {n} minutes|"
    "A coalition of parents backs the plan",
    "de": "Familien aus der Ukraine singen im Chor|Eine Drohne filmte den Umzug|Die Verteidigung sprach {n} Minuten|"
    "Eine Koalition von Eltern ist dafür",
    "uk": "Переселенці з інших міст України співають у хорі|Дрон зняв ходу згори|Захист говорив {n} хвилин|"
    "Коаліція батьків підтримує план",
    "pl": "Rodziny z Ukrainy śpiewają w chórze|Dron sfilmował pochód|Obrona mówiła {n} minut|"
    "Koalicja rodziców popiera plan",
}
MATCHING = {
    "en": "Drone Coalition pledges {n} million euros for drones for Ukraine|Ukraine to receive {n} Patriot missiles "
    "for its air defence|Ukraine and Denmark agree on joint production of {n} weapons systems in Ukraine",
    "de": "Drohnen-Koalition sagt der Ukraine {n} Millionen Euro für Drohnen zu|Ukraine erhält {n} Patriot-Raketen für "
    "ihre Luftverteidigung|Ukraine und Dänemark vereinbaren gemeinsame Produktion von {n} Waffensystemen",
    "uk": "Коаліція дронів виділить {n} мільйонів євро на дрони для України|Україна отримає {n} ракет Patriot для "
    "протиповітряної оборони|Україна і Данія домовилися про спільне виробництво {n} систем озброєння в Україні",
    "pl": "Koalicja dronowa przekaże {n} milionów euro na drony dla Ukrainy|Ukraina otrzyma {n} rakiet Patriot dla "
    "obrony przeciwlotniczej|Ukraina i Dania uzgodniły wspólną produkcję {n} systemów uzbrojenia na Ukrainie",
}
LANGUAGES = tuple(WHO)


@dataclass(frozen=True)
class Item:
    """One invented piece of news."""

    key: str
    link: str
    title: str
    teaser: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Site:
    """The site as its readers know it."""

    feeds: int
    items: int
    port: int

    @property
    def addresses(self) -> tuple[str, ...]:
        """Of every feed; ten of them on one host when there are 500."""
        return tuple(f"http://{host(number)}:{self.port}/{number}/feed.xml" for number in range(self.feeds))

    def switch(self, mode: str) -> None:
        """`tags`: answer with validators and mind them; `bare`: know none."""
        with urllib.request.urlopen(f"http://{host(0)}:{self.port}/mode/{mode}") as answer:
            answer.read()


def host(number: int) -> str:
    """The loopback address that a feed is served on."""
    return f"127.0.1.{number % HOSTS + 1}"


def language_of(number: int) -> str:
    """What a feed is written in (ISO 639-1)."""
    return LANGUAGES[number // HOSTS % len(LANGUAGES)]


def news(number: int, count: int, now: datetime) -> Iterator[Item]:
    """The items of a feed, the newest first."""
    dice = random.Random(number)  # noqa: S311 - a repeatable text, no secret
    language = language_of(number)

    def one(pool: dict[str, str]) -> str:
        return dice.choice(pool[language].split("|")).format(n=dice.randint(3, 90))

    for item in range(count):
        fate = dice.random()
        title = one(MATCHING) if fate < _MATCHING else f"{one(WHO)} {one(DID)} {one(WHAT)}"
        said = [f"{one(WHO)} {one(DID)} {one(WHAT)}" if dice.random() < 0.5 else one(MORE) for _ in range(14)]
        if fate < _MATCHING + _NEAR:
            said[dice.randrange(2)] = title if fate < _MATCHING else one(NEAR)
        lines = [f"{line}." for line in said]
        key = f"{number}-{item}"
        link = f"https://outlet{number}.example/news/{key}/story.html"
        at = now - WHEN * (item + dice.random()) / count
        yield Item(
            key, link, title, " ".join(lines[: dice.randint(2, 3)]), "</p><p>".join(lines), at.replace(microsecond=0)
        )


def document(number: int, count: int, now: datetime) -> bytes:
    """A feed in the style of its outlet."""
    return drawn(number, list(news(number, count, now)))


def drawn(number: int, items: list[Item]) -> bytes:
    """These items as a feed in the style of that outlet."""
    style = (_rss, _full, _atom, _portal)[number % 4]
    return style(number, items).encode()


def _rss(number: int, items: list[Item]) -> str:
    return _channel(
        number,
        (
            f"<item><title>{escape(item.title)}</title><link>{item.link}</link>"
            f'<guid isPermaLink="true">{item.link}</guid><description>{escape(item.teaser)}</description>'
            f"<pubDate>{format_datetime(item.at)}</pubDate><category>Local</category></item>\n"
            for item in items
        ),
    )


def _full(number: int, items: list[Item]) -> str:
    return _channel(
        number,
        (
            f"<item><title>{escape(item.title)}</title><link>{item.link}?utm_source=rss</link>"
            f'<guid isPermaLink="false">{item.key}</guid><dc:creator>Desk</dc:creator>'
            f"<description><![CDATA[<p>{item.teaser}</p>]]></description>"
            f"<content:encoded><![CDATA[<p>{item.text}</p>]]></content:encoded>"
            f"<pubDate>{format_datetime(item.at)}</pubDate></item>\n"
            for item in items
        ),
    )


def _portal(number: int, items: list[Item]) -> str:
    return _channel(
        number,
        (
            f"<item><title><![CDATA[{item.title}]]></title><link>{item.link}</link><guid>{item.link}</guid>"
            f'<description><![CDATA[<img src="{item.link}.jpg" alt=""/><p>{item.teaser} <a href="{item.link}">…</a></p>'
            f"]]></description><pubDate>{item.at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
            f'<enclosure url="{item.link}.jpg" type="image/jpeg" length="0"/></item>\n'
            for item in items
        ),
    )


def _channel(number: int, items: Iterator[str]) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Outlet {number}</title>'
        f"<link>https://outlet{number}.example/</link><description>News</description>\n{''.join(items)}</channel></rss>"
    )


def _atom(number: int, items: list[Item]) -> str:
    entries = "".join(
        f"<entry><id>tag:outlet{number}.example,2026:{item.key}</id><title>{escape(item.title)}</title>"
        f'<link rel="alternate" type="text/html" href="{item.link}"/><published>{item.at.isoformat()}</published>'
        f"<updated>{item.at.isoformat()}</updated><author><name>Desk</name></author>"
        f'<summary type="html">{escape(f"<p>{item.teaser}</p>")}</summary></entry>\n'
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>Outlet {number}</title><id>https://outlet{number}.example/</id>"
        f'<link href="https://outlet{number}.example/"/><updated>{items[0].at.isoformat()}</updated>\n{entries}</feed>'
    )


def serve(pipe: Connection, feeds: int, items: int) -> None:
    """Serve the site until the process is ended; tells the port as soon as it answers."""
    now = datetime.now(UTC)
    bodies = [document(number, items, now) for number in range(feeds)]
    modes = ["tags"]

    async def feed(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        if modes[-1] == "bare":
            return web.Response(body=bodies[number], content_type="application/xml")
        tag, changed = f'"{number}-1"', format_datetime(now.replace(microsecond=0), usegmt=True)
        validators = {"ETag": tag, "Last-Modified": changed}
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers=validators)
        return web.Response(body=bodies[number], content_type="application/xml", headers=validators)

    async def mode(request: web.Request) -> web.Response:
        modes.append(request.match_info["mode"])
        return web.Response()

    async def start() -> None:
        application = web.Application()
        application.add_routes([web.get("/{number}/feed.xml", feed), web.get("/mode/{mode}", mode)])
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        port = free_port()
        for name in {host(number) for number in range(feeds)}:
            await web.TCPSite(runner, name, port).start()
        pipe.send(port)
        await asyncio.Event().wait()

    asyncio.run(start())


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind((host(0), 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    print(document(0, 3, datetime.now(UTC)).decode())
