"""Draws a sample digest as a mail reader would show it: PNG pictures at phone and desktop width, light and dark.

    python -m tests.browser.render FOLDER        needs a chromium; prints the pictures' paths

digest-wide-light.png and digest-phone-dark.png of the folder are those that docs/ keeps for the README.

No test by itself: a person looks at the pictures. The sample is own prose with invented outlets.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from monitor.digests import Renderer, compose, make_environment, slack_page
from monitor.model import (
    AlertRule,
    Before,
    Copy,
    Correction,
    Digest,
    Evidence,
    How,
    Joins,
    Opens,
    Report,
    Story,
    Verdict,
    Window,
)
from tests.builders import NOW, TOPICS, a_coverage, a_digest, a_subscription, an_article

SIZES = {"phone": 390, "desktop": 1280}
OF_README = {"digest-wide-light": (1000, 1380, False), "digest-phone-dark": (390, 1370, True)}  # width, height, dark
CHROMIUM = "/usr/bin/chromium"
HOSTS = {"Наддніпрянський вісник": "visnyk.example", "Øresund Dagblad": "oresund.example"}


def _verdict(topic: str, score: float, passage: str, *terms: tuple[str, str]) -> Verdict:
    evidence = tuple(
        Evidence("clause", term, field, 10 * place, 3.0 - place / 10) for place, (term, field) in enumerate(terms)
    )
    return Verdict(topic, score, 0.5, evidence, passage)


def _story(
    slug: str, language: str, title: str, verdicts: tuple[Verdict, ...], outlets: tuple[tuple[str, float, str], ...]
) -> Story:
    """`outlets`: (name, hours before the digest, "own" or "copy")."""
    reports: list[Report] = []
    for place, (outlet, hours, how) in enumerate(outlets):
        published = None if outlet == "Ministry Bulletin" else NOW - timedelta(hours=hours)
        article = an_article(
            url=f"https://{HOSTS.get(outlet, outlet.split()[0].lower() + '.example')}/2026/11/{slug}-{place}",
            title=title,
            text=verdicts[0].passage,
            language=language,
            published=published,
            found_at=NOW - timedelta(hours=hours - 0.2),
            how=How.PAGE,
        )
        placement = (
            Copy(slug, reports[0].article.id, 0.93, "copy")
            if how == "copy"
            else Opens(slug)
            if not place
            else Joins(slug, "same")
        )
        reports.append(Report(article, outlet, verdicts if not place else verdicts[:1], placement))
    return Story(slug, tuple(reports))


STORIES = (
    _story(
        "winter-battery",
        "en",
        "Sweden and Denmark to hand over a third medium-range battery before the first frost",
        (
            _verdict(
                "air-defence",
                0.93,
                "A third medium-range battery will reach the east of the country before the first frost, the two"
                " defence ministers said in Malmö on Sunday. Its crew of ninety finished training last week.",
                ("medium-range battery", "title"),
                ("medium-range battery", "lead"),
                ("interceptors", "body"),
                ("radar", "body"),
                ("power stations", "body"),
            ),
            _verdict("co-production", 0.58, "", ("assembled jointly", "body")),
        ),
        (
            ("Northern Courier", 11.3, "own"),
            ("Øresund Dagblad", 10.8, "own"),
            ("Gazeta Nadwiślańska", 9.1, "own"),
            ("Baltic Wire", 8.4, "own"),
            ("Harbour Post", 8.0, "copy"),
            ("Plains Courier", 7.2, "copy"),
            ("Evening Standard of Lund", 6.4, "copy"),
            ("Rhine Morning", 3.0, "copy"),
        ),
    ),
    _story(
        "luxemburg-coalition",
        "de",
        "Drohnenkoalition: Luxemburg verdoppelt seinen Beitrag und wirbt für gemeinsame Prüfstände",
        (
            _verdict(
                "drone-coalition",
                0.88,
                "Luxemburg zahlt im kommenden Jahr zwölf statt sechs Millionen Euro in den gemeinsamen Fonds der"
                " Drohnenkoalition. Ein Teil davon soll Prüfstände in Lettland bezahlen.",
                ("Drohnenkoalition", "title"),
                ("Drohnenkoalition", "lead"),
                ("gemeinsamen Fonds", "lead"),
                ("Prüfstände", "body"),
            ),
        ),
        (("Hanse-Kurier", 14.5, "own"), ("Moselbote", 13.0, "copy")),
    ),
    _story(
        "odesa-line",
        "uk",
        "Під Одесою запускають спільну лінію складання перехоплювачів із чеським виробником",
        (
            _verdict(
                "co-production",
                0.81,
                "Перші сорок перехоплювачів зійдуть зі спільної лінії вже в січні, повідомило міністерство."
                " Половину деталей виготовлятимуть на місці, решту — у Брно.",
                ("спільну лінію", "title"),
                ("складання", "title"),
                ("виробником", "title"),
                ("на місці", "body"),
            ),
            _verdict("air-defence", 0.66, "", ("перехоплювачів", "title")),
        ),
        (("Наддніпрянський вісник", 5.2, "own"), ("Ministry Bulletin", 4.9, "own")),
    ),
    _story(
        "polish-radars",
        "pl",
        "Polska przekaże Ukrainie sześć radarów krótkiego zasięgu",
        (
            _verdict(
                "air-defence",
                0.74,
                "Sześć radarów trafi do jednostek broniących elektrowni na wschodzie. Ich obsługa szkoli się od"
                " września pod Toruniem.",
                ("radarów", "title"),
                ("obrony powietrznej", "body"),
            ),
        ),
        (("Gazeta Nadwiślańska", 19.0, "own"),),
    ),
    _story(
        "licence-shells",
        "en",
        "Licence signed: 155 mm fuzes to be made in Vinnytsia from spring",
        (
            _verdict(
                "co-production",
                0.69,
                "The plant will make 20,000 fuzes a year under licence, with machines that the partner lends for"
                " the length of the war. Inspectors of both sides sign for every batch.",
                ("under licence", "lead"),
                ("joint venture", "body"),
            ),
        ),
        (("Plains Courier", 21.5, "own"), ("Alliance Ledger", 20.1, "own")),
    ),
    _story(
        "interceptor-drones",
        "en",
        "Canada's interceptor drones pass night trials near Kharkiv",
        (
            _verdict(
                "air-defence",
                0.63,
                "Eleven of twelve target drones were brought down in four nights, the brigade said.",
                ("interceptor drones", "title"),
                ("brought down", "lead"),
            ),
            _verdict("drone-coalition", 0.57, "", ("coalition", "body")),
        ),
        (("Alliance Ledger", 2.2, "own"),),
    ),
    _story(
        "gap-in-the-north",
        "uk",
        "Чому на півночі бракує мобільних груп і що з цим робитимуть узимку",
        (
            _verdict(
                "air-defence",
                0.55,
                "У трьох областях на одну групу припадає вдвічі довша ділянка, ніж торік.",
                ("мобільних груп", "title"),
            ),
        ),
        (("Наддніпрянський вісник", 1.0, "own"),),
    ),
)


def _told(story: Story) -> Story:
    """As after yesterday's digest: one grew, one was corrected; and a third is a live blog."""
    first = story.reports[0].article
    match story.id:
        case "winter-battery":
            return replace(
                story,
                before=Before(
                    NOW - timedelta(days=1),
                    "Third battery promised to Ukraine",
                    frozenset(("Plains Courier",)),
                    ("Denmark", "€90 million"),
                ),
            )
        case "licence-shells":
            fixed = Correction(
                first.id,
                "Plains Courier",
                "Licence signed: 155 mm fuzes to be made in Vinnytsia from January",
                first.title,
                (("30,000 fuzes", "20,000 fuzes"), ("€4.1 million", "€3.8 million")),
            )
            return replace(story, corrections=(fixed,))
        case "interceptor-drones":
            live = replace(story.reports[0], article=replace(first, live=True))
            return replace(story, reports=(live,))
    return story


def sample() -> Digest:
    """A Monday's digest: seven stories in four languages over three topics, an update, a correction, two feeds down."""
    day = compose(
        a_subscription(),
        TOPICS,
        Window(NOW - timedelta(days=1), NOW),
        "daily@2026-11-23T08:00",
        tuple(map(_told, STORIES)),
        a_coverage(
            feeds=64,
            read=61,
            failed=(
                ("Rhine Morning", "too slow: no answer within 20 s", NOW - timedelta(hours=15)),
                ("Curierul Carpatin", "refused by the server: 503 Service Unavailable", None),
            ),
            unvisited=("Riga Harbour Post (riga-news)", "Riga Harbour Post (riga-sea)"),
            several={
                "Riga Harbour Post (riga-news)": ("Riga Harbour Post", "riga-news"),
                "Riga Harbour Post (riga-sea)": ("Riga Harbour Post", "riga-sea"),
            },
            entries=1243,
            articles=1187,
            matched=16,
            too_old=2,
        ),
        NOW,
    )
    return replace(
        day,
        trends=(
            ("drone-coalition", (0, 1, 0, 0, 2, 1, 0, 0, 0, 1, 4, 2, 0, 1)),
            ("co-production", (2, 1, 3, 2, 0, 0, 1, 2, 4, 2, 3, 1, 0, 2)),
            ("air-defence", (5, 3, 6, 4, 8, 2, 1, 6, 9, 11, 7, 5, 3, 4)),
        ),
    )


def _late(story: Story) -> Story:
    """As found six days before, with all its reports."""
    earlier = timedelta(days=6)
    articles = [replace(one.article, found_at=one.article.found_at - earlier) for one in story.reports]
    return replace(
        story,
        reports=tuple(replace(one, article=article) for one, article in zip(story.reports, articles, strict=True)),
    )


def _samples() -> dict[str, Digest]:
    day = sample()
    slept = Window(NOW - timedelta(days=2, hours=3), NOW)
    return {
        "digest": day,
        "late": replace(day, stories=(*day.stories[:3], *map(_late, day.stories[3:5]))),
        "readme": _few(day),
        "alert": _alert(day),
        "weekly": _weekly(day),
        "empty": replace(day, stories=(), window=slept, coverage=a_coverage(feeds=64, read=20, entries=310)),
        "blind": replace(day, stories=(), coverage=a_coverage(feeds=64, read=0, entries=0, offline=day.window)),
        "many": a_digest(
            stories=tuple(replace(story, id=f"{story.id}{n}") for n in range(20) for story in day.stories)
        ),
    }


def _alert(day: Digest) -> Digest:
    """A topic that is told of far more than usual."""
    at_once = a_subscription(title="Big in air defence", topics=("air-defence",), schedule="", alert=AlertRule())
    notice = (
        "Far more than usual on Air defence: 9 stories in 6 hours, where about 1.8 are usual. Most speak of"
        " “medium-range battery”, “Denmark” and “radar”."
    )
    shown = [story for story in day.stories if story.id in ("winter-battery", "polish-radars")]
    return replace(
        day,
        subscription=at_once,
        topics=tuple(topic for topic in TOPICS if topic.name == "air-defence"),
        stories=tuple(replace(story, before=None) for story in shown),
        notice=notice,
        window=Window(NOW - timedelta(days=1), NOW),
        trends=(),
    )


def _weekly(day: Digest) -> Digest:
    """A week in one mail."""
    return replace(
        day,
        subscription=a_subscription(title="The week", schedule="0 8 * * 1"),
        window=Window(NOW - timedelta(days=7), NOW),
    )


def _few(day: Digest) -> Digest:
    """What the README shows of it: a correction, an update and the bars fit into one picture."""
    shown = ("licence-shells", "winter-battery")
    return replace(day, stories=tuple(story for name in shown for story in day.stories if story.id == name))


def _picture(page: Path, picture: Path, width: int, dark: bool, profile: str, height: int = 0) -> None:
    quiet = ("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
    drawn = (
        f"--blink-settings=preferredColorScheme={0 if dark else 1}",
        f"--window-size={width},{height or _height(page, width)}",
        f"--screenshot={picture}",
        page.as_uri(),
    )
    own = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}")
    subprocess.run([CHROMIUM, *own, *quiet, *drawn], check=True, capture_output=True, timeout=60)


def _height(page: Path, width: int) -> int:
    """Tall enough for the whole page, by its words: headless chromium shoots the window, not the page."""
    stories = max(page.read_text("utf-8").count(mark) for mark in ("<h3", 'class="section"'))
    return 1000 + stories * (400 if width < 600 else 270)


def main(folder: Path) -> None:
    """Writes every sample as .html, .txt and pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    renderer = Renderer(make_environment(), desk="https://desk.example", key=bytes(32))
    with tempfile.TemporaryDirectory() as profile:
        for name, digest in _samples().items():
            message = renderer.render(digest, NOW)
            page = folder / f"{name}.html"
            page.write_text(message.html, "utf-8")
            (folder / f"{name}.txt").write_text(message.text, "utf-8")
            (folder / f"{name}.slack.json").write_text("[" + ",\n".join(message.slack) + "]", "utf-8")
            (folder / f"{name}-slack.html").write_text(slack_page(message.slack, threaded=True), "utf-8")
            for (size, width), dark in ((each, dark) for each in SIZES.items() for dark in (False, True)):
                picture = folder / f"{name}-{size}-{'dark' if dark else 'light'}.png"
                if name not in ("many", "readme"):
                    _picture(page.resolve(), picture, width, dark, profile)
                    print(os.fspath(picture))
                    chat = folder / f"{name}-slack.html"
                    _picture(chat.resolve(), picture.with_stem(f"{picture.stem}-slack"), width, dark, profile)
        for name, (width, height, dark) in OF_README.items():
            _picture((folder / "readme.html").resolve(), folder / f"{name}.png", width, dark, profile, height)


if __name__ == "__main__":
    if not shutil.which(CHROMIUM):
        sys.exit(f"{CHROMIUM} is needed to draw the pictures")
    main(Path(sys.argv[1]))
