"""What is told at once, and when."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from monitor.digests.alerting import arrivals, held_back, is_quiet, moment, passes, rested, spike_words
from monitor.model import AlertRule, Before, Copy, Opens, Story
from tests.builders import NOW, a_report, a_story, a_verdict, an_article, an_evidence

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def told_by(*outlets: str, score: float = 0.8, copies: int = 0, **article: Any) -> Story:
    reports = [
        a_report(
            article=an_article(url=f"https://{outlet}.example/{number}", **article),
            outlet=outlet,
            verdicts=(a_verdict(score=score),),
            placement=Opens("s"),
        )
        for number, outlet in enumerate(outlets)
    ]
    reports += [
        a_report(
            article=an_article(url=f"https://copy.example/{number}"),
            outlet=f"copy{number}",
            placement=Copy("s", reports[0].article.id, 0.9, "copy"),
        )
        for number in range(copies)
    ]
    return a_story(id="s", reports=tuple(reports))


def test_score_and_independent_outlets_together() -> None:
    rule = AlertRule(min_score=0.75, min_outlets=2)
    assert passes(told_by("one", "two"), rule) == "80 %, 2 independent outlets"
    assert passes(told_by("one", "two", score=0.9999), rule) == "99 %, 2 independent outlets"
    assert passes(told_by("one"), rule) == ""
    assert passes(told_by("one", copies=5), rule) == ""  # copies are not independent
    assert passes(told_by("one", "two", score=0.7), rule) == ""


def test_those_who_told_a_story_before_count_for_what_is_new_of_it() -> None:
    rule = AlertRule(min_score=0.75, min_outlets=3, cooldown=HOUR)

    def anew(outlet: str, *before: str) -> Story:
        return replace(told_by(outlet), before=Before(NOW - 24 * HOUR, "Headline", frozenset(before)))

    assert passes(anew("three", "one", "two"), rule)
    assert passes(anew("three", "one"), rule) == ""
    assert passes(anew("two", "one", "two"), rule) == ""


@pytest.mark.parametrize(
    ("hours", "agreed", "told"),
    [(-2, 0, False), (-2, 1, False), (-2, 2, True), (13, 0, True)],  # when it was found, outlets that say one new thing
)
@pytest.mark.parametrize("watch", [(), ("Rheinmetall",)])
def test_the_same_told_again_while_a_story_rests_is_no_alert(
    hours: int, agreed: int, told: bool, watch: tuple[str, ...]
) -> None:
    rule = AlertRule(min_score=0.75, min_outlets=2, watch=watch, cooldown=timedelta(hours=12))
    at = told_by("three").reports[0].article.found_at - timedelta(hours=hours)
    update = replace(
        told_by("three", text="A plant of Rheinmetall."),
        before=Before(at, "Headline", frozenset(("one",)), agreed=agreed),
    )
    assert bool(passes(update, rule)) is (told or bool(watch and agreed))


def test_a_story_comes_up_with_the_report_that_makes_it_pass() -> None:
    rule = AlertRule(min_score=0.75, min_outlets=2, cooldown=timedelta(hours=12))
    story = told_by("one", "two", "three")
    reports = tuple(
        replace(report, article=replace(report.article, found_at=NOW + number * MINUTE))
        for number, report in enumerate(story.reports)
    )
    story = replace(story, reports=reports[::-1])
    assert arrivals(story, rule) == [NOW + MINUTE, NOW + 2 * MINUTE]
    assert arrivals(story, replace(rule, min_outlets=9)) == [NOW + 2 * MINUTE]
    told = replace(story, before=Before(NOW - 11 * HOUR, "Headline", frozenset(("zero",)), agreed=2))
    assert arrivals(told, rule) == [NOW + HOUR - rule.gather] * 3  # it rested until then, and was gathered meanwhile


@pytest.mark.parametrize(
    ("name", "named"),
    [("Rheinmetall", True), ("rheinmetall", True), ("Рейнметал", True), ("Rhein", False), ("Berlin plant", True)],
)
def test_a_watched_name_is_enough(name: str, named: bool) -> None:
    story = told_by("one", score=0.55, text="A Berlin plant of Rheinmetall.\nРейнметал будує завод.")
    assert passes(story, AlertRule(watch=(name,))) == (f"names {name}" if named else "")


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("Рейнметал", "Угоду з «Рейнметалом» підписано.", True),
        ("Умєров", "Умєрову передали пропозицію.", True),
        ("Варшава", "Переговори у Варшаві тривають.", True),
        ("Ілон Маск", "Ілона Маска запросили до Києва.", True),
        ("Маск", "Протимаскувальна сітка.", False),
        ("Рада", "Зібрання Ради о десятій.", True),
        ("Рада", "Радіо повідомило вчора.", False),
        ("Зеленський", "Зустріч із Зеленським і розмова без Зеленського.", True),
        ("Paris", "The parish council met.", False),
        ("Rheinmetall", "Umowa z Rheinmetallem podpisana.", True),
        ("Kongsberg", "Dohoda s Kongsbergu.", True),
        ("Rheinmetall", "A Rheinmetaller was there.", False),
        ("Rheinmetall", "Rheinmetall's new plant opens.", True),
        ("Ukraine", "L’aide de l’Ukraine arrive.", True),
        ("Baykar", "Baykar'ın yeni tesisi.", True),
        ("O'Brien", "Mr O’Brien’s plan.", True),
        ("Лук'яненко", "Розмова з Лук’яненком.", True),
        ("Zełenski", "Spotkanie z Zełenskim i list do Zełenskiego.", True),
        ("Zelenský", "Setkání se Zelenským.", True),
        ("Ukraina", "Pomoc dla Ukrainy.", True),
        ("Warszawa", "Spotkanie w Warszawie.", True),
        ("Київ", "Вибухи в Києві.", True),
        ("Харків", "Удар по Харкову.", True),
        ("Тернопіль", "До Тернополя прибули.", True),
        ("Рига", "Зустріч у Ризі.", True),
        ("Львів", "Левова частка.", False),
        ("Рига", "Ризик зріс.", False),
        ("F-16", "Передано два F16.", True),
        ("С300", "Уламки С-300.", True),
    ],
)
def test_a_watched_name_is_found_in_its_cases(name: str, text: str, named: bool) -> None:
    assert bool(passes(told_by("one", score=0.55, text=text), AlertRule(watch=(name,)))) == named


def test_what_more_is_reported_of_a_told_story_rests_for_a_while() -> None:
    rule = AlertRule(cooldown=timedelta(hours=12))
    told = replace(told_by("one", "two"), before=Before(NOW, "Headline", frozenset(("one", "two"))))
    assert rested(told_by("one"), rule, NOW)
    assert not rested(told, rule, NOW + timedelta(hours=11))
    assert rested(told, rule, NOW + timedelta(hours=12))


def test_what_arrives_together_is_told_together() -> None:
    rule = AlertRule(gather=2 * MINUTE)
    assert moment(rule, "UTC", [NOW - 3 * MINUTE], [], NOW).now
    assert moment(rule, "UTC", [NOW - 3 * MINUTE, NOW - MINUTE], [], NOW).held == "more may be coming in"
    assert moment(rule, "UTC", [NOW - 11 * MINUTE, NOW - MINUTE], [], NOW).now  # not for ever


def test_the_cap_holds_for_an_hour() -> None:
    rule = AlertRule(per_hour=2)
    sent = [NOW - 50 * MINUTE, NOW - 20 * MINUTE]
    assert moment(rule, "UTC", [NOW - 10 * MINUTE], sent, NOW).held == "2 alerts in the last hour already"
    assert moment(rule, "UTC", [NOW - 10 * MINUTE], sent, NOW + 11 * MINUTE).now
    words = held_back(rule, "UTC", [NOW - 18 * MINUTE], sent, NOW + 11 * MINUTE)
    assert words == "Held since 05:42: no more than 2 alerts an hour."


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        ((time(22), time(7)), datetime(2026, 11, 23, 4, 59, tzinfo=UTC), True),  # 06:59 in Kyiv
        ((time(22), time(7)), datetime(2026, 11, 23, 5, 0, tzinfo=UTC), False),
        ((time(22), time(7)), datetime(2026, 11, 23, 20, 0, tzinfo=UTC), True),
        ((time(12), time(13)), datetime(2026, 11, 23, 10, 30, tzinfo=UTC), True),
        ((time(12), time(13)), datetime(2026, 11, 23, 11, 0, tzinfo=UTC), False),
        ((time(22), time(7)), datetime(2026, 7, 1, 4, 30, tzinfo=UTC), False),  # 07:30 in summer
        (None, datetime(2026, 11, 23, 0, 0, tzinfo=UTC), False),
    ],
)
def test_quiet_hours_are_wall_times_of_the_reader(hours: Any, at: datetime, quiet: bool) -> None:
    rule = AlertRule(quiet=hours)
    assert is_quiet(rule, "Europe/Kyiv", at) is quiet
    assert moment(rule, "Europe/Kyiv", [at - timedelta(hours=1)], [], at).now is not quiet


def test_after_the_quiet_hours_a_message_says_that_it_was_held() -> None:
    rule = AlertRule(quiet=(time(22), time(7)))
    morning = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    held = held_back(rule, "Europe/Kyiv", [morning - timedelta(hours=3)], [], morning)
    assert held == "Held through the quiet hours since 04:00."
    assert held_back(rule, "Europe/Kyiv", [morning - MINUTE], [], morning) == ""
    evening = datetime(2026, 11, 22, 19, 59, tzinfo=UTC)  # more might have come in until the quiet hours began
    assert held_back(rule, "Europe/Kyiv", [evening], [], morning) == "Held through the quiet hours since 21:59."


def test_a_spike_in_words() -> None:
    one = told_by("one")
    words = spike_words("Air defence", 9, 6, 1.8, [one, one], 1 / 90)
    assert words == (
        "Far more than usual on Air defence: 9 stories in 6 hours, where about 1.8 are usual."
        " Most speak of “power stations” and “launchers”."
        " Chance alone raises such an alert about once in 90 days or less often."
    )
    other = a_story(reports=(a_report(verdicts=(a_verdict(evidence=(an_evidence(term="Patriot"),)),)),))
    assert spike_words("Air defence", 4, 6, 0.05, [one, other], 1.0) == (
        "Far more than usual on Air defence: 4 stories in 6 hours, where hardly any is usual."
        " Chance alone raises such an alert about once in 1 day or less often."
    )
    evidence = tuple(an_evidence(term=term) for term in ("air defence", "air defence … systems", "defence", "systems"))
    alike = a_story(reports=(a_report(verdicts=(a_verdict(evidence=evidence),)),))
    assert "Most speak of “air defence” and “systems”. " in spike_words(
        "Air defence", 4, 6, 1.0, [alike, alike], 1 / 90
    )
