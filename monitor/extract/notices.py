"""Sentences by which a page speaks of itself where an article should be: notices in its place, prompts under a teaser.

A notice is told by its own words, whatever title stands over it: next to nothing else is said. What is quoted is said
of another page, and under a headline with the same words stands an article about it.
"""

import re
from collections.abc import Mapping

from monitor.extract.signs import KINDS
from monitor.words import sentences

MOST = 900  # characters; what is longer says more than a notice
_NOTHING = 60  # characters beside a notice that are no text of an article
_LAST = 6  # lines of a text among which prompts are looked for
_LONGEST_PROMPT = 200  # characters
_QUOTED = re.compile('["“”„«‹‟][^"“”„«»‹›‟\n]{1,300}["“”»›‟]')
_NOT_FREE = re.compile(r"isaccessibleforfree\"?\s*:\s*\"?false", re.IGNORECASE)
_ABOUT_PAYING = re.compile(
    r"pay-?wall|paid content|subscri|\babo\b|abonn|bezahl|передплат|підписк|подпис|suscri|abbonat|abonament|předplat"
    r"|prenumer|\babone",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(  # says in one line for whom the text goes on and that it ends here
    r"会員限定.{0,40}続きをお?読"
    r"|(?:订阅|登录|訂閱|登入).{0,20}(?:阅读|查看|閱讀)全文|(?:구독|로그인).{0,30}(?:전문|전체 기사)"
)
_ABOUT_NOTICES = re.compile(
    r"java ?script|ad-?block|\bblocker|werbeblock|блокувальник|блокировщик|captcha|\bbots?\b|\bботи?\b", re.IGNORECASE
)


def _sentence(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


NOTICES: Mapping[str, re.Pattern[str]] = {
    "captcha": _sentence(
        r"request unsuccessful\. incapsula",
        r"incapsula incident id",
        r"access to this page has been denied",
        r"(?:press (?:&|and) hold|please|to) (?:to )?confirm (?:that )?you(?: are|'re|’re) (?:a )?human",
        r"(?:making|make) sure (?:that )?you(?:'re|’re| are) not a (?:bot|robot)",
        r"(?:we(?:'re|’re| are)|please wait while we) (?:verify|verifying|checking|check) your browser",
        r"^checking your browser",
        r"^verifying (?:that )?you are human",
        r"^website owner\? click here",
        r"administrator of this website has set up anubis",
        r"wir (?:überprüfen|prüfen) (?:gerade )?(?:ihren|deinen) browser",
        r"stelle sicher, dass du kein (?:bot|roboter) bist",
        r"nous vérifions (?:que vous n.êtes pas un (?:bot|robot)|votre navigateur)",
        r"comprobando (?:que no eres un (?:bot|robot)|(?:su|tu) navegador)",
        r"sprawdzamy (?:twoją|państwa) przeglądarkę",
        r"перевіряємо(?:, (?:що|чи) ви не (?:ро)?бот| ваш браузер)",
        r"проверяем(?:, (?:что|не) вы (?:не )?(?:ро)?бот| ваш браузер)",
    ),
    "page that needs JavaScript": _sentence(
        r"(?:enable|activate|turn on|switch on|allow) (?:js|javascript)\b",
        r"(?:requires?|needs?|without) javascript",
        r"javascript (?:is|must be|needs to be|has to be) (?:disabled|enabled|required|turned o)",
        r"javascript (?:ist|muss)\b.{0,40}(?:deaktiviert|aktiviert|erforderlich)",
        r"(?:aktivieren|schalten) sie .{0,30}javascript",
        r"(?:activ|habilit)\w+ .{0,20}javascript",
        r"javascript\b.{0,20}(?:désactivé|requis|nécessaire|desactivado|necesario|disabilitato)",
        r"(?:увімкніть|ввімкніть|увімкнути|включіть|включите|включить|активируйте)\b.{0,30}java ?script",
        r"(?:włącz|włączyć)\b.{0,30}javascript",
        r"(?:zapněte|povolte)\b.{0,30}javascript",
        r"(?:schakel|zet) javascript (?:in|aan)",
        r"(?:aktivera|slå på) javascript",
        r"javascript.{0,6} etkinleştir",
    ),
    "not shown in this region": _sentence(
        r"(?:not|un)(?: currently)? ?available in (?:your|this) (?:country|region|loc|area)",
        r"(?:country|region) belonging to the european economic area",
        r"access (?:cannot|can ?not) be granted",
        r"(?:in ihrem land|in ihrer region) (?:leider )?nicht (?:verfügbar|abrufbar)",
        r"(?:pas|in)disponible dans votre (?:pays|région)",
        r"no (?:está )?disponible en (?:su|tu) (?:país|región)",
        r"non (?:è )?disponibile nel (?:tuo|suo) paese",
        r"(?:недоступн\w+|не доступн\w+) (?:у|в) (?:вашій країні|вашому регіоні|вашей стране|вашем регионе)",
        r"niedostępn\w+ w (?:twoim|państwa) (?:kraju|regionie)",
        r"niet beschikbaar in (?:uw|jouw|je) (?:land|regio)",
        r"není ve vaší (?:zemi|oblasti) dostupn",
        r"bölgenizde (?:kullanılamıyor|mevcut değil)",
    ),
    "ad blocker notice": _sentence(
        r"you(?:'re|’re| are|r browser is)? (?:seem to be |appear to be )?(?:using|running|blocking) (?:an? )?ads?\b",
        r"(?:disable|turn off|switch off|pause|deactivate) (?:your |any |the )?ad-? ?block",
        r"(?:allow|whitelist) (?:ads|our site|us) (?:on|in) (?:your|this)",
        r"(?:schalten|deaktivieren) sie .{0,30}(?:ad-?block|werbeblock)\w*",
        r"(?:sie nutzen|sie verwenden|du nutzt) (?:offenbar |wohl )?einen (?:ad-?block|werbeblock)",
        r"(?:désactive\w+|utilise\w+)\b.{0,20}(?:bloqueur|adblock)",
        r"(?:desactiva|desactive|usando|utilizando)\b.{0,15}(?:bloqueador|adblock)",
        r"(?:disattiva|stai usando)\b.{0,15}ad-?block",
        r"(?:вимкніть|відключіть|отключите|выключите)\b.{0,30}(?:блокувальник|блокировщик|ad-?block)",
        r"(?:ви використовуєте|вы используете) (?:блокувальник|блокировщик|ad-?block)",
        r"(?:wyłącz|używasz)\b.{0,20}(?:ad-?block|blok\w+ reklam)",
        r"(?:vypněte|používáte)\b.{0,20}(?:ad-?block|blok\w+ reklam)",
        r"(?:schakel\b.{0,20}adblock|je gebruikt een adblock)",
    ),
    "age gate": _sentence(
        r"you must be (?:at least |over )?(?:1[68]|21)\b.{0,30} to (?:view|enter|access|see|visit)",
        r"(?:confirm|verify|enter) your (?:age|date of birth) to",
        r"^are you (?:over|at least) (?:1[68]|21)",
        r"(?:bestätigen|bitte bestätige) (?:sie )?.{0,20}(?:mindestens 18|ihr alter|volljährig)",
        r"(?:vous devez avoir|confirmez que vous avez) (?:au moins |plus de )?18 ans",
        r"(?:debes|debe) (?:tener al menos|ser mayor de) 18 años para",
        r"підтвердіть, що вам (?:вже )?(?:є |виповнилося )?18",
        r"подтвердите, что вам (?:уже )?(?:есть |исполнилось )?18",
        r"(?:potwierdź|musisz mieć)\b.{0,20}(?:ukończone )?18 lat",
    ),
}


def notice(text: str, headline: str) -> str:
    """What the text says in the place of an article, in words; "" where it says more, or is about such things."""
    if not text or len(text) >= MOST or _ABOUT_NOTICES.search(headline):
        return ""
    spoken = _QUOTED.sub(" ", text.replace("’", "'"))
    parts = [spoken[start:end] for start, end in sentences(spoken)]
    for reason, sign in NOTICES.items():
        told = [bool(sign.search(part)) for part in parts]
        if not any(told) or sign.search(headline):
            continue
        beside = sum(len(part) for part, says in zip(parts, told, strict=True) if not says)
        if beside < _NOTHING or (any(told[:2]) and sum(told) >= 2 and beside * 2 <= len(spoken)):
            return reason
    return ""


def parted(text: str, headline: str) -> tuple[str, str]:
    """(the text, the prompts to subscribe or log in that it ends with); none where the headline is about paying."""
    lines = text.split("\n")
    ends = len(lines)
    if not _ABOUT_PAYING.search(headline):
        while ends > max(1, len(lines) - _LAST) and _is_prompt(lines[ends - 1]):
            ends -= 1
    return "\n".join(lines[:ends]), "\n".join(lines[ends:])


def paid(prompts: str, markup: str) -> bool:
    """Whether prompts say that the rest is for those who pay, and once more; or the page states it for machines."""
    first, second = KINDS["login wall"].text
    if _AT_ONCE.search(prompts):
        return True
    return bool(first.search(prompts)) and bool(second.search(prompts) or _NOT_FREE.search(markup))


def _is_prompt(line: str) -> bool:
    if len(line) > _LONGEST_PROMPT:
        return False
    spoken = _QUOTED.sub(" ", line)
    return any(sign.search(spoken) for sign in (*KINDS["login wall"].text, _AT_ONCE))
