"""What a page says of itself in the place of an article, and articles that only tell of such pages."""

import re

import pytest

from monitor.extract.notices import MOST, NOTICES, notice, paid, parted

HEADLINE = "Harbour town votes on second ferry"
TEASER = "The court ruled on Friday that the upper villages keep their share of the spring water."


def _lines(text: str) -> str:
    return re.sub(r"\n +", " ", text)


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("captcha", "Request unsuccessful. Incapsula incident ID: 123"),
        ("captcha", "Press & Hold to confirm you are a human (and not a bot)."),
        ("captcha", "We’re verifying your browser\nWebsite owner? Click here to fix"),
        ("captcha", "Перевіряємо, що ви не бот!"),
        ("page that needs JavaScript", "You need to enable JavaScript to run this app."),
        ("page that needs JavaScript", "Please enable JS and disable any ad blocker"),
        (
            "page that needs JavaScript",
            "Please enable JavaScript in your browser. Our site requires JavaScript and cookies to show its content.",
        ),
        ("page that needs JavaScript", "Bitte aktivieren Sie in Ihrem Browser JavaScript."),
        ("page that needs JavaScript", "Увімкніть у своєму браузері JavaScript, щоб переглянути сторінку."),
        ("page that needs JavaScript", "Włącz obsługę JavaScript w przeglądarce."),
        ("page that needs JavaScript", "Veuillez activer JavaScript."),
        (
            "not shown in this region",
            """Sorry, this content is not available in your country or region. We recognise you are attempting to access
            this website from a country belonging to the European Economic Area (EEA), which enforces the General Data
            Protection Regulation (GDPR), and therefore access cannot be granted at this time.""",
        ),
        ("not shown in this region", "Dieser Inhalt ist in Ihrem Land leider nicht verfügbar."),
        ("not shown in this region", "Цей матеріал недоступний у вашій країні."),
        (
            "ad blocker notice",
            """It looks like you are using an ad blocker. Please disable your ad blocker to read on. Advertising pays
            for our journalism and helps us keep the news free for everybody.""",
        ),
        ("ad blocker notice", "Bitte deaktivieren Sie Ihren Adblocker."),
        ("ad blocker notice", "Вимкніть, будь ласка, блокувальник реклами."),
        (
            "age gate",
            "You must be at least 18 years old to view this content. Please confirm your age to proceed.",
        ),
        ("age gate", "Підтвердіть, що вам є 18 років."),
    ],
)
def test_a_page_that_only_speaks_of_itself(reason: str, text: str) -> None:
    assert notice(_lines(text), HEADLINE) == reason


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        (HEADLINE, "The bridge opened on Friday, the ministry said in a short statement to reporters, at noon."),
        (HEADLINE, f"{TEASER} {TEASER}\nPlease enable JavaScript to view the comments."),
        (
            "American papers still shut out Europe",
            """“This content is not available in your country”, readers of nine papers still see. “Access cannot be
            granted” under the General Data Protection Regulation, it goes on.""",
        ),
        (
            "Courier asks: please disable your ad blocker",
            "Please disable your ad blocker, the paper asks its readers from Monday.",
        ),
        (
            "A browser for those who do without JavaScript",
            "It needs no more than a line. Half of the web requires JavaScript.",
        ),
        ("Ferry bar", "You must be at least 18 years old to order a beer aboard, the company reminded its guests."),
        (HEADLINE, ""),
    ],
)
def test_an_article_says_more(headline: str, text: str) -> None:
    assert notice(_lines(text), headline) == ""


def test_a_long_text_is_no_notice() -> None:
    assert notice("Please enable JavaScript. " * (MOST // 20), HEADLINE) == ""


@pytest.mark.parametrize("reason", NOTICES)
def test_no_sign_fits_an_empty_or_a_plain_text(reason: str) -> None:
    for text in ("", "The minister said that two more launchers would arrive before winter."):
        assert not NOTICES[reason].search(text)


@pytest.mark.parametrize(
    "prompts",
    [
        "Subscribe to continue reading this article.\nAlready a subscriber? Log in here to read the full story.",
        "This article is for subscribers only.\nLog in to continue reading. Forgot your password?",
        "Dieser Artikel ist nur für Abonnenten lesbar.\nPasswort vergessen? Jetzt anmelden und weiterlesen.",
        "Цей матеріал доступний лише для передплатників.\nЗабули пароль? Увійдіть, щоб продовжити читання статті.",
        "Материал доступен только для подписчиков.\nУже подписаны? Войдите.",
        "Artykuł dostępny tylko dla prenumeratorów.\nMasz już konto? Zaloguj się.",
    ],
)
def test_prompts_at_the_end_of_a_teaser(prompts: str) -> None:
    assert parted(f"{TEASER}\n{TEASER}\n{prompts}", HEADLINE) == (f"{TEASER}\n{TEASER}", prompts)
    assert paid(prompts, "")


@pytest.mark.parametrize(
    "prompt",
    [
        "この記事は会員限定です。登録すると続きをお読みいただけます。",
        "登录后可阅读全文",
        "구독하시면 기사 전문을 보실 수 있습니다.",
    ],
)
def test_one_prompt_is_enough_where_it_says_both(prompt: str) -> None:
    text, prompts = parted(f"{TEASER}\n{prompt}", HEADLINE)
    assert (text, prompts) == (TEASER, prompt)
    assert paid(prompts, "")


def test_one_prompt_is_enough_where_the_page_states_that_it_is_not_free() -> None:
    assert not paid("Nur für Abonnenten", "")
    assert paid("Nur für Abonnenten", '"isAccessibleForFree": false')
    assert not paid("", '"isAccessibleForFree": false')


@pytest.mark.parametrize(
    ("headline", "last"),
    [
        ("Courier goes behind a paywall", "The articles will be for subscribers only from May, the outlet said."),
        ("Kurier nur noch für Abonnenten", "Ab Mai sind die Artikel nur für Abonnenten zu lesen."),
        (HEADLINE, "“Subscribe to read”, said the poster."),
        (HEADLINE, "Subscribe to read the rest. " * 10),
    ],
)
def test_a_last_line_of_an_article_stays(headline: str, last: str) -> None:
    assert parted(f"{TEASER}\n{last}", headline) == (f"{TEASER}\n{last}", "")
