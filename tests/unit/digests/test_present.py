"""From a digest to the words on the page."""

from datetime import timedelta
from itertools import permutations

import pytest
from msgspec.structs import replace

from monitor.digests.present import present
from monitor.digests.render import Renderer, make_environment
from monitor.digests.view import Match, StoryView, Term
from monitor.model import AlertRule, Before, Copy, Correction, Digest, Joins, Opens, Placement, Report, Story, Window
from tests.builders import (
    NOW,
    TOPICS,
    a_digest,
    a_report,
    a_story,
    a_subscription,
    a_verdict,
    an_article,
    an_evidence,
)


def _one(story: Story) -> StoryView:
    return present(a_digest(stories=(story,))).sections[0].stories[0]


def _report(outlet: str, hours: float, placement: Placement | None = None, score: float = 0.8) -> Report:
    article = an_article(
        url=f"https://{outlet.lower()}.example/1",
        id=f"{outlet}{hours}",
        title=f"As {outlet} has it",
        published=NOW - timedelta(hours=hours),
    )
    return a_report(
        article=article, outlet=outlet, placement=placement or Opens("s"), verdicts=(a_verdict(score=score),)
    )


def _under(name: str, *scores: tuple[str, float]) -> Story:
    article = an_article(url=f"https://a.example/{name}", title=f"Headline {name}")
    verdicts = tuple(a_verdict(topic=topic, score=score) for topic, score in scores)
    return Story(name, (a_report(article=article, verdicts=verdicts),))


def test_match_and_terms_are_those_of_the_report_that_is_shown() -> None:
    first, later = _report("Courier", 5, score=0.78), _report("Post", 2, Joins("s", "the same event"), score=0.97)
    view = _one(Story("s", (later, first)))
    assert view.headline == "As Courier has it"
    assert view.match == Match("Air defence", 78, "strong match")


def test_what_stands_high_for_a_later_report_is_shown_by_that_report() -> None:
    flash, later = _report("Courier", 5, score=0.62), _report("Post", 2, Joins("s", "the same event"), score=0.97)
    view = _one(Story("s", (later, flash)))
    assert view.headline == "As Post has it"
    assert view.match == Match("Air defence", 97, "strong match")
    assert [(outlet.name, outlet.first) for outlet in view.outlets] == [("Courier", True), ("Post", False)]


def test_other_topics_are_told_as_the_report_that_is_shown_matches_them() -> None:
    second = {"topic": "drone-coalition"}
    shown, other = _report("Courier", 5, score=0.9), _report("Post", 2, Joins("s", "the same event"), score=0.8)
    shown = replace(shown, verdicts=(*shown.verdicts, a_verdict(**second, score=0.62)))
    other = replace(other, verdicts=(a_verdict(**second, score=0.85),))
    assert present(a_digest(stories=(Story("s", (shown, other)),))).sections[-1].stories[0].also == (
        Match("Drone Coalition", 62, "clear match"),
    )


def test_sections_follow_the_subscription_and_stories_the_ranking() -> None:
    stories = (
        _under("1", ("air-defence", 0.9)),
        _under("2", ("drone-coalition", 0.8)),
        _under("3", ("air-defence", 0.95), ("drone-coalition", 0.7)),
    )
    view = present(a_digest(stories=stories))
    shown = [(section.title, [story.headline for story in section.stories]) for section in view.sections]
    assert shown == [("Drone Coalition", ["Headline 2"]), ("Air defence", ["Headline 1", "Headline 3"])]
    assert view.sections[1].stories[1].also == (Match("Drone Coalition", 70, "clear match"),)
    assert [section.elsewhere for section in view.sections] == ["1 more story on this stands under Air defence.", ""]
    assert view.counts == (("Drone Coalition", 1), ("Air defence", 2))
    assert view.subject == "Daily digest, Mon 23 Nov: 3 stories — Drone Coalition 1, Air defence 2"
    assert view.date == "Monday 23 November 2026"


@pytest.mark.parametrize(
    ("stories", "subject"),
    [
        ((), "Daily digest, Mon 23 Nov: nothing new"),
        ((_under("1", ("air-defence", 0.9)),), "Daily digest, Mon 23 Nov: 1 story — Air defence"),
    ],
)
def test_subjects(stories: tuple[Story, ...], subject: str) -> None:
    assert present(a_digest(stories=stories)).subject == subject


def test_an_inbox_shows_what_the_subject_does_not_say() -> None:
    one, two = (a_story(reports=(_report(name, hours),)) for name, hours in (("Courier", 2), ("Post", 1)))
    assert present(a_digest(stories=(one, two))).preview == "As Courier has it · As Post has it"
    alerts = a_subscription(title="Alert", schedule="", alert=AlertRule())
    assert present(a_digest(subscription=alerts, stories=(one, two))).preview.startswith("The ministry promised")
    assert present(a_digest(stories=())).preview == "All 12 feeds were read."
    assert present(a_digest(stories=(), notice="Far more than usual.")).preview == "Far more than usual."


def test_digests_of_one_day_have_different_subjects() -> None:
    hourly = [
        present(
            a_digest(stories=(), window=Window(NOW + timedelta(hours=hour - 1), NOW + timedelta(hours=hour)))
        ).subject
        for hour in (0, 1)
    ]
    assert hourly == [f"Daily digest, Mon 23 Nov {at}: nothing new" for at in ("08:00", "09:00")]


def test_a_subscription_to_many_topics_keeps_a_readable_subject() -> None:
    topics = tuple(replace(TOPICS[0], name=f"t{number}", title=f"Topic {number}") for number in range(9))
    stories = tuple(_under(str(number), (f"t{number}", 0.8)) for number in range(9))
    subject = present(a_digest(topics=topics, stories=stories)).subject
    assert subject.endswith("9 stories — " + ", ".join(f"Topic {number} 1" for number in range(6)) + ", others 3")


def test_outlets_come_in_time_the_first_is_marked_copies_are_named_apart() -> None:
    story = Story(
        "s",
        (
            _report("Baltic", 5),
            _report("Courier", 9, Joins("s", "same headline")),
            _report("Harbour", 2, Copy("s", "Baltic5", 0.9, "copy")),
            _report("Courier", 1, Copy("s", "Baltic5", 0.9, "copy")),
        ),
    )
    view = _one(story)
    assert [(outlet.name, outlet.when, outlet.first) for outlet in view.outlets] == [
        ("Courier", "Sun 23:00", True),
        ("Baltic", "03:00", False),
    ]
    assert view.copies == ("Harbour",)
    assert [outlet.first for outlet in _one(Story("s", (_report("Baltic", 5),))).outlets] == [False]


def test_a_time_that_nobody_stated_is_when_it_was_seen() -> None:
    article = an_article(published=None, found_at=NOW - timedelta(hours=1))
    assert _one(a_story(reports=(a_report(article=article),))).outlets[0].when == "seen 07:00"


def test_a_correction_is_shown_with_its_change_and_is_neither_late_nor_an_update() -> None:
    report = _report("Baltic", 500)
    wrong = Correction(
        report.article.id, "Baltic", "Forty missiles", report.article.title, (("40 missiles", "14 missiles"),)
    )
    told = Story("s", (report,), Before(NOW - timedelta(days=1), "Forty missiles", frozenset(("one",))), (wrong,))
    view = _one(told)
    assert view.corrections == ("Baltic: “Forty missiles” → “As Baltic has it”; 40 missiles → 14 missiles",)
    assert (view.update, view.late) == ("", False)
    also_new = replace(told, reports=(report, _report("Harbour", 1)))
    assert _one(also_new).update.startswith("1 new report since Sun 22 Nov")
    earlier = replace(also_new, before=Before(NOW - timedelta(hours=1), "Forty", frozenset(("one",))))
    assert _one(earlier).update.startswith("1 new report since 07:00")  # of the same day


def test_long_lists_of_outlets_are_cut_and_counted() -> None:
    own = [_report(f"Own{number}", number) for number in range(30)]
    copies = [_report(f"Copy{number}", number / 2, Copy("s", "Own2929", 0.9, "copy")) for number in range(30)]
    view = _one(Story("s", (*own, *copies)))
    assert len(view.outlets) + view.more_outlets == 30
    assert len(view.copies) + view.more_copies == 30


def test_headline_link_and_extract_are_of_the_earliest_text_that_matches() -> None:
    copy = _report("Harbour", 2, Copy("s", "Baltic5", 0.9, "copy"), score=0.9)
    silent = replace(_report("Courier", 9, Joins("s", "same headline")), verdicts=())
    for reports in permutations((_report("Baltic", 5, score=0.6), copy, silent)):
        view = _one(Story("s", reports))
        assert (view.headline, view.url) == ("As Baltic has it", "https://baltic.example/1")
        assert view.match == Match("Air defence", 60, "clear match")
        assert [outlet.name for outlet in view.outlets] == ["Courier", "Baltic"]
        assert view.copies == ("Harbour",)


@pytest.mark.parametrize(
    ("score", "strength"),
    [(1.0, "strong match"), (0.75, "strong match"), (0.74, "clear match"), (0.6, "clear match"), (0.5, "weak match")],
)
def test_the_score_in_words(score: float, strength: str) -> None:
    assert _one(a_story(reports=(a_report(verdicts=(a_verdict(score=score),)),))).match.strength == strength


def test_the_strongest_evidence_is_shown_once_with_all_its_places() -> None:
    evidence = (
        an_evidence(term="Patrol", field="body", weight=0.4),
        an_evidence(term="launchers", field="body", weight=1.0),
        an_evidence(term="Launchers", field="title", weight=2.0),
        an_evidence(term="launchers … Patrol", field="lead", weight=0.3),  # says nothing new
        an_evidence(term="launchers … to Patrol", field="lead", weight=0.35),  # nor does this
        an_evidence(term="football", field="title", weight=-9.0),
        *(an_evidence(term=f"word{number}", field="lead", weight=0.1) for number in range(9)),
    )
    terms = _one(a_story(reports=(a_report(verdicts=(a_verdict(evidence=evidence),)),))).terms
    assert terms[:2] == (Term("launchers", ("headline", "text")), Term("Patrol", ("text",)))
    assert len(terms) == 4
    assert not {"football", "launchers … Patrol", "launchers … to Patrol"} & {term.words for term in terms}


@pytest.mark.parametrize(
    ("passage", "extract"),
    [
        ("One. Two. Three.", "One. Two."),
        ("", "The ministry promised two more launchers before the first frost. Crews are already in training."),
        (
            "Two more launchers promised before winter",
            "The ministry promised two more launchers before the first frost. Crews are already in training.",
        ),
    ],
)
def test_the_extract_is_two_sentences_and_no_echo_of_the_headline(passage: str, extract: str) -> None:
    assert _one(a_story(reports=(a_report(verdicts=(a_verdict(passage=passage),)),))).extract == extract


@pytest.mark.parametrize(
    ("language", "name", "direction"),
    [("en", "", "ltr"), ("uk", "Ukrainian", "ltr"), ("ar", "Arabic", "rtl"), ("", "", "auto")],
)
def test_the_language_is_named_unless_it_is_english(language: str, name: str, direction: str) -> None:
    view = _one(a_story(reports=(a_report(article=an_article(language=language)),)))
    assert (view.language, view.language_name, view.direction) == (language, name, direction)


@pytest.mark.parametrize("title", ["", "   ", "\x00\u202e"])
def test_an_article_without_a_headline_says_so(title: str) -> None:
    assert _one(a_story(reports=(a_report(article=an_article(title=title)),))).headline == "(no headline)"


def test_the_zone_is_the_readers() -> None:
    digest = a_digest(subscription=a_subscription(zone="America/New_York"))
    view = present(digest)
    assert view.sections[0].stories[0].outlets[0].when == "Sun 22:00"
    assert view.coverage.period == "Covers Sun 22 Nov 01:00 to Mon 23 Nov 01:00 (America/New_York)."


def test_stories_of_other_topics_do_not_break_a_digest_that_was_not_composed() -> None:
    digest: Digest = a_digest(stories=(_under("1", ("something-else", 0.9)), _under("2", ("air-defence", 0.9))))
    assert present(digest).total == 1


def _found(hours: float, name: str, topic: str = "air-defence") -> Story:
    article = an_article(
        url=f"https://a.example/{name}", title=f"Headline {name}", found_at=NOW - timedelta(hours=hours)
    )
    return Story(name, (a_report(article=article, verdicts=(a_verdict(topic=topic, score=0.9),)),))


def test_a_topic_whose_stories_all_fit_another_better_is_named_and_printed_nowhere_twice() -> None:
    view = present(a_digest(stories=(_under("1", ("air-defence", 0.9), ("drone-coalition", 0.7)),)))
    assert [(section.title, section.total, section.elsewhere) for section in view.sections] == [
        ("Drone Coalition", 0, "1 story on this stands under Air defence."),
        ("Air defence", 1, ""),
    ]
    assert view.counts == (("Air defence", 1),)
    assert view.subject == "Daily digest, Mon 23 Nov: 1 story — Air defence"


def test_stories_of_a_topic_that_stand_under_two_others_are_counted_for_each() -> None:
    stories = (
        _under("1", ("air-defence", 0.9), ("drone-coalition", 0.7)),
        _under("2", ("drone-coalition", 0.7), ("elsewhere", 0.9)),
    )
    topics = (*TOPICS, type(TOPICS[0])("elsewhere", "Elsewhere"))
    sections = present(a_digest(stories=stories, topics=topics)).sections
    assert sections[0].elsewhere == "2 stories on this stand: 1 under Air defence and 1 under Elsewhere."


def test_what_was_found_before_the_period_stands_in_a_last_section_whatever_its_topic() -> None:
    stories = (_found(300, "old"), _found(3, "new"), _found(30, "older", "drone-coalition"))
    view = present(a_digest(stories=stories))
    assert [(section.title, [story.headline for story in section.stories]) for section in view.sections] == [
        ("Air defence", ["Headline new"]),
        ("Late", ["Headline old", "Headline older"]),
    ]
    assert [(story.rank, story.late) for section in view.sections for story in section.stories] == [
        (1, False),
        (2, True),
        (3, True),
    ]
    assert "only since a topic" in view.sections[1].note
    assert not view.sections[0].note
    assert view.counts == (("Air defence", 1), ("Late", 2))


def test_what_was_read_slowly_is_not_late() -> None:
    assert [section.title for section in present(a_digest(stories=(_found(24.5, "slow"),))).sections] == ["Air defence"]


def test_a_story_of_which_a_part_is_new_is_not_late() -> None:
    old, new = _found(300, "old"), _found(3, "new")
    story = Story("both", (*old.reports, *new.reports))
    assert [section.title for section in present(a_digest(stories=(story,))).sections] == ["Air defence"]


def test_an_alert_says_its_headline_in_the_subject() -> None:
    alerts = a_subscription(title="Alert", schedule="", alert=AlertRule())
    one, two = (a_story(reports=(_report(outlet, 1),)) for outlet in ("Courier", "Herald"))
    assert present(a_digest(subscription=alerts, stories=(one,))).subject == "Alert: As Courier has it"
    assert present(a_digest(subscription=alerts, stories=(one, two))).subject == "Alert: As Courier has it and 1 more"
    assert present(a_digest(subscription=alerts)).coverage.longer == ""


def test_an_alert_says_of_each_story_by_what_it_passed_in_every_form() -> None:
    rule = AlertRule(min_score=0.5, min_outlets=2)
    story = Story("s", (_report("Baltic", 500), _report("Harbour", 1)))
    alert = a_digest(subscription=a_subscription(schedule="", alert=rule), stories=(story,))
    message = Renderer(make_environment(), "news.example").render(alert, NOW)
    for text in (message.text, message.html, message.slack[0]):
        assert "t once: 80 %, " in text
        assert "2 independent outlets" in text
    assert _one(story).at_once == ""


def test_a_notice_comes_first_and_in_one_line() -> None:
    assert present(a_digest(notice="Far more\nthan usual.")).notice == "Far more than usual."
    assert present(a_digest()).notice == ""


@pytest.mark.parametrize("live", [True, False])
def test_a_live_blog_is_marked_in_every_form(live: bool) -> None:
    digest = a_digest(stories=(a_story(reports=(a_report(article=an_article(live=live)),)),))
    assert present(digest).sections[0].stories[0].live is live
    message = Renderer(make_environment(), "news.example").render(digest, NOW)
    assert [form.lower().count("live blog") for form in (message.text, message.html, "".join(message.slack))] == [
        live
    ] * 3


def test_with_a_desk_and_its_key_each_story_can_be_marked_and_muted_by_a_click() -> None:
    digest = a_digest(stories=(_under("1", ("air-defence", 0.9)),))
    plain, linked = present(digest, "https://desk.example"), present(digest, "https://desk.example", b"k" * 32)
    (before,), (after,) = plain.sections[0].stories, linked.sections[0].stories
    assert (before.relevant, before.mute, plain.unsubscribe) == ("", "", "")
    assert before.archive == after.archive
    article = digest.stories[0].reports[0].article.id
    assert after.relevant.startswith(f"https://desk.example/go/r~daily~{article}~air-defence~")
    assert after.irrelevant.startswith(f"https://desk.example/go/n~daily~{article}~air-defence~")
    assert after.mute.startswith("https://desk.example/go/m~daily~1~~")
    assert linked.unsubscribe.startswith("https://desk.example/go/u~daily~~~")
    assert present(digest, "", b"k" * 32).unsubscribe == ""
