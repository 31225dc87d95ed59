"""The signs by which walls are known, in the languages that news is followed in. Data; `walls` counts them.

One alternative a line, a regular expression without regard to case; a blank line parts independent signs.
"""

import re
from collections.abc import Mapping

from msgspec import Struct

Patterns = tuple[re.Pattern[str], ...]


class Signs(Struct, frozen=True):
    """The signs of one kind of wall, by where they are looked for."""

    title: Patterns
    text: Patterns
    markup: Patterns


def _signs(*, title: str, text: str, markup: str = "") -> Signs:
    return Signs(
        *(tuple(_sign(block) for block in blocks.split("\n\n") if block.strip()) for blocks in (title, text, markup))
    )


def _sign(block: str) -> re.Pattern[str]:
    return re.compile("|".join(line.strip() for line in block.splitlines() if line.strip()), re.IGNORECASE)


KINDS: Mapping[str, Signs] = {
    "Cloudflare challenge": _signs(
        title=r"""
            just a moment
            attention required
            один момент
            зачекайте
            nur einen moment
            ddos-guard
        """,
        text=r"""
            checking (?:if the site|your browser)
            needs to review the security
            перевіряємо ваш браузер

            enable javascript and cookies
            verify(?:ing)? (?:that )?you are (?:a )?human
            ray id:
        """,
        markup=r"""
            cdn-cgi/challenge-platform
            cf[-_]chl
            cf-browser-verification
            ddos-guard
        """,
    ),
    "captcha": _signs(
        title=r"""
            captcha
            are you (?:a )?(?:human|robot)
            access denied
            robot check
            pardon our interruption
        """,
        text=r"""
            not a robot
            unusual traffic
            не робот
            kein roboter
            nie jestem robotem
            no (?:soy|eres) un robot
            non sono un robot
            robot olmadığ
            nejsem robot
            pas un robot
            captcha

            security check
            automated (?:access|requests)
            перевірк[аиу] безпеки
            проверк[аиу] безопасности
            sicherheitsprüfung
            vérification de sécurité
        """,
        markup=r"""
            g-recaptcha
            h-captcha
            hcaptcha\.com
            captcha-delivery
            geo\.captcha
            px-captcha
        """,
    ),
    "consent page": _signs(
        title=r"""
            before you continue
            cookie
            consent
            datenschutz
            einwilligung
            zgod[ay]
            згод[аи]
        """,
        text=r"""
            accept all
            alle akzeptieren
            tout accepter
            прийняти (?:всі|усі)
            принять все
            akceptuj
            aceptar todo
            accetta tutt
            alles accepteren
            acceptera alla
            přijmout vše
            accept[ăa] toate
            tümünü kabul
            приемам всички
            aceitar tudo
            agree (?:and|to) continue
            zustimmen

            (?:use|using|verwende\w*|utilis\w+|wykorzystuj\w+) (?:\w+ ){0,3}cookie
            (?:використову\w+|используе\w+) (?:\w+ ){0,3}(?:cookie|куки|файл\w cookie)
            (?:usamos|utilizamos|usiamo|utilizziamo|gebruik\w*|använd\w+) (?:\w+ ){0,3}cookie
            (?:používá\w+|folosim|kullan\w+) (?:\w+ ){0,3}(?:cookie|çerez)
            (?:our|unsere\w*|nos|наш\w+|nasi) (?:\d+ )?(?:partner|партнер)
            reject all
            alle ablehnen
        """,
        markup=r"""
            consent\.(?:google|yahoo|youtube)\.
            id=\"(?:onetrust|didomi|sp_message|usercentrics)
            action=\"[^\"]*consent
        """,
    ),
    "login wall": _signs(
        title=r"""
            \blog ?in\b
            sign in
            subscribe
            anmelden
            увійти
            вход
            zaloguj
            se connecter
            abonn
        """,
        text=r"""
            (?:log ?in|sign in|subscribe|register) (?:to|and) (?:continue|read|keep|access|view)
            for subscribers only
            subscribers? only
            (?:только|лише|тільки) для (?:подписчиков|передплатників)
            réservé aux abonnés
            (?:solo|sólo|exclusivo) para suscriptores
            (?:solo|riservato) (?:per )?(?:gli |agli )?abbonati
            alleen voor abonnees
            (?:bara|endast) för prenumeranter
            (?:jen |pouze )?pro předplatitele
            doar pentru abonați
            yalnızca aboneler
            nur für abonnenten
            dla (?:subskrybentów|prenumeratorów)
            увійдіть, щоб
            щоб (?:продовжити чита|дочитати)
            чтобы (?:продолжить чтение|дочитать)
            um (?:diesen \w+ )?weiterzulesen
            pour lire la suite
            para seguir leyendo
            per continuare a leggere
            aby (?:czytać dalej|przeczytać cał|pokračovat ve čtení)
            om verder te lezen
            för att läsa vidare

            forgot(?:ten)? (?:your )?password
            create (?:an|a free) account
            already (?:a|have a) (?:subscri|member)
            (?:bereits|schon) (?:abonn|registriert)
            (?:вже|уже) (?:передплат|підпис|подпис)
            déjà abonné
            ya (?:eres|es) suscriptor
            già abbonato
            masz już (?:konto|subskrypcję|prenumeratę)
            al abonnee
            redan prenumerant
            máte (?:již |už )?předplatné
            deja abonat
            zaten abone
            passwort vergessen
            забули пароль
            забыли пароль
            mot de passe oublié
            nie pamiętasz hasła
            olvid\w{1,6} (?:tu|su|la) contraseña
            password dimenticata
            wachtwoord vergeten
            glömt (?:ditt )?lösenord
            zapomenuté heslo
            ai uitat parola
            şifremi unuttum
        """,
        markup=r"""
            type=[\"']?password

            isaccessibleforfree\"?\s*:\s*\"?false
        """,
    ),
    "page not found": _signs(
        title=r"""
            \b404\b
            not found
            nicht gefunden
            introuvable
            не знайден
            не найден
            nie znaleziono
            no encontrad
            non trovata
            nenalezen
            не е намерена
            ei leitud
            nav atrasta
            nerast
            niet gevonden
            hittades inte
            nebyla nalezena
            bulunamad[ıi]
            nu a fost găsit
            não encontrad
            ikke fundet
            ikke funnet
            ei löydy
            δεν βρέθηκε
            nem található
        """,
        text=r"""
            (?:page|article|story)[^.]{0,60}(?:not (?:be )?found|no longer|does not exist|doesn.t exist)
            (?:page|article|story)[^.]{0,60}been (?:moved|removed|deleted)
            seite[^.]{0,40}nicht (?:gefunden|vorhanden)
            сторінк[аиу][^.]{0,40}(?:не знайден|не існує|видален)
            страниц[аыу][^.]{0,40}(?:не найден|не существует|удален)
            (?:strona|strony)[^.]{0,40}(?:nie istnieje|nie znaleziono|nie została)
            page[^.]{0,40}(?:introuvable|n'existe)
            p[áa]gina[^.]{0,40}(?:no (?:existe|se)|não existe|eliminad|non esiste|bestaat niet|nu (?:există|a fost))
            (?:stránka|stránku)[^.]{0,40}(?:neexistuje|nebyla|nenalezena|nenašli)
            sida[^.]{0,40}(?:finns inte|hittades inte)
            sayfa[^.]{0,40}(?:bulunamad|mevcut değil|kaldırıl)
            страница[^.]{0,40}(?:не е намерена|не съществува)
            (?:puslapis|lapa|lehte|lehekülge)[^.]{0,40}(?:nerast|neegzistuoja|nav atrasta|neeksistē|ei leitud|ei ole)

            (?:go|back|return)(?: back)? to (?:the )?home
            на головну
            на главную
            zur startseite
            strona główna
            page d.accueil
            terug naar de (?:homepage|voorpagina)
            volver a la portada
            torna alla home
            (?:zpět na )?hlavní stránk
            ana sayfa
            prima pagină
            till startsidan
            към началната
            į pradžią
            uz sākumu
            avalehele
            error 404
            404 error
        """,
        markup=r"""
            class=\"[^\"]*(?:error-?404|page-?404|not-?found)
            id=\"(?:error-?404|not-?found)
        """,
    ),
    "error page": _signs(
        title=r"""
            internal server error
            service unavailable
            bad gateway
            gateway time-?out
            database error
            maintenance
            wartung
            технічні роботи
            технические работы
        """,
        text=r"""
            (?:server|service|site|website)[^.]{0,60}(?:unable|unavailable|error|down|maintenance)
            establishing a database connection
            технічн\w+ роб
            wartungsarbeiten

            try again (?:later|in)
            contact the (?:site )?(?:owner|administrator)
            спробуйте пізніше
            попробуйте позже
            später (?:noch einmal|erneut)
        """,
    ),
}
