"""The codes of languages and countries: ISO 639-1 and ISO 3166-1 alpha-2, and which of them somebody may have meant.

Codes are in small letters. "eu" and "int" count as countries: feeds of the European Union, and of several countries.
"""

import re
from difflib import get_close_matches
from functools import cache

_LANGUAGES = """
    aa aar Afar; ab abk Abkhazian; ae ave Avestan; af afr Afrikaans; ak aka Akan; am amh Amharic; an arg
    Aragonese; ar ara Arabic; as asm Assamese; av ava Avaric; ay aym Aymara; az aze Azerbaijani; ba bak Bashkir;
    be bel Belarusian; bg bul Bulgarian; bi bis Bislama; bm bam Bambara; bn ben Bangla; bo bod tib Tibetan; br
    bre Breton; bs bos Bosnian; ca cat Catalan; ce che Chechen; ch cha Chamorro; co cos Corsican; cr cre Cree;
    cs ces cze Czech; cu chu Church Slavic; cv chv Chuvash; cy cym wel Welsh; da dan Danish; de deu ger German;
    dv div Divehi; dz dzo Dzongkha; ee ewe Ewe; el ell gre Greek; en eng English; eo epo Esperanto; es spa
    Spanish; et est Estonian; eu eus baq Basque; fa fas per Persian; ff ful Fulah; fi fin Finnish; fj fij
    Fijian; fo fao Faroese; fr fra fre French; fy fry Western Frisian; ga gle Irish; gd gla Scottish Gaelic; gl
    glg Galician; gn grn Guarani; gu guj Gujarati; gv glv Manx; ha hau Hausa; he heb Hebrew; hi hin Hindi; ho
    hmo Hiri Motu; hr hrv Croatian; ht hat Haitian; hu hun Hungarian; hy hye arm Armenian; hz her Herero; ia ina
    Interlingua; id ind Indonesian; ie ile Interlingue; ig ibo Igbo; ii iii Sichuan Yi; ik ipk Inupiaq; io ido
    Ido; is isl ice Icelandic; it ita Italian; iu iku Inuktitut; ja jpn Japanese; jv jav Javanese; ka kat geo
    Georgian; kg kon Kongo; ki kik Kikuyu; kj kua Kuanyama; kk kaz Kazakh; kl kal Kalaallisut; km khm Khmer; kn
    kan Kannada; ko kor Korean; kr kau Kanuri; ks kas Kashmiri; ku kur Kurdish; kv kom Komi; kw cor Cornish; ky
    kir Kirghiz; la lat Latin; lb ltz Luxembourgish; lg lug Ganda; li lim Limburgan; ln lin Lingala; lo lao Lao;
    lt lit Lithuanian; lu lub Luba-Katanga; lv lav Latvian; mg mlg Malagasy; mh mah Marshallese; mi mri mao
    Maori; mk mkd mac Macedonian; ml mal Malayalam; mn mon Mongolian; mr mar Marathi; ms msa may Malay; mt mlt
    Maltese; my mya bur Burmese; na nau Nauru; nb nob Bokmal; nd nde North Ndebele; ne nep Nepali; ng ndo
    Ndonga; nl nld dut Dutch; nn nno Nynorsk; no nor Norwegian; nr nbl South Ndebele; nv nav Navajo; ny nya
    Chichewa; oc oci Occitan; oj oji Ojibwa; om orm Oromo; or ori Oriya; os oss Ossetian; pa pan Panjabi; pi pli
    Pali; pl pol Polish; ps pus Pushto; pt por Portuguese; qu que Quechua; rm roh Romansh; rn run Rundi; ro ron
    rum Romanian; ru rus Russian; rw kin Kinyarwanda; sa san Sanskrit; sc srd Sardinian; sd snd Sindhi; se sme
    Northern Sami; sg sag Sango; sh hbs Serbo-Croatian; si sin Sinhala; sk slk slo Slovak; sl slv Slovenian; sm
    smo Samoan; sn sna Shona; so som Somali; sq sqi alb Albanian; sr srp Serbian; ss ssw Swati; st sot Southern
    Sotho; su sun Sundanese; sv swe Swedish; sw swa Swahili; ta tam Tamil; te tel Telugu; tg tgk Tajik; th tha
    Thai; ti tir Tigrinya; tk tuk Turkmen; tl tgl Tagalog; tn tsn Tswana; to ton Tonga; tr tur Turkish; ts tso
    Tsonga; tt tat Tatar; tw twi Twi; ty tah Tahitian; ug uig Uighur; uk ukr Ukrainian; ur urd Urdu; uz uzb
    Uzbek; ve ven Venda; vi vie Vietnamese; vo vol Volapük; wa wln Walloon; wo wol Wolof; xh xho Xhosa; yi yid
    Yiddish; yo yor Yoruba; za zha Zhuang; zh zho chi Chinese; zu zul Zulu
"""
"""Code, its codes in ISO 639-2, name in English."""

_COUNTRIES = """
    ad Andorra; ae United Arab Emirates; af Afghanistan; ag Antigua and Barbuda; ai Anguilla; al Albania; am
    Armenia; ao Angola; aq Antarctica; ar Argentina; as American Samoa; at Austria; au Australia; aw Aruba; ax
    Åland Islands; az Azerbaijan; ba Bosnia and Herzegovina; bb Barbados; bd Bangladesh; be Belgium; bf Burkina
    Faso; bg Bulgaria; bh Bahrain; bi Burundi; bj Benin; bl Saint Barthélemy; bm Bermuda; bn Brunei; bo Bolivia;
    bq Caribbean Netherlands; br Brazil; bs Bahamas; bt Bhutan; bv Bouvet Island; bw Botswana; by Belarus; bz
    Belize; ca Canada; cc Cocos Islands; cd DR Congo; cf Central African Republic; cg Congo; ch Switzerland; ci
    Côte d'Ivoire; ck Cook Islands; cl Chile; cm Cameroon; cn China; co Colombia; cr Costa Rica; cu Cuba; cv
    Cabo Verde; cw Curaçao; cx Christmas Island; cy Cyprus; cz Czechia; de Germany; dj Djibouti; dk Denmark; dm
    Dominica; do Dominican Republic; dz Algeria; ec Ecuador; ee Estonia; eg Egypt; eh Western Sahara; er
    Eritrea; es Spain; et Ethiopia; fi Finland; fj Fiji; fk Falkland Islands; fm Micronesia; fo Faroe Islands;
    fr France; ga Gabon; gb United Kingdom; gd Grenada; ge Georgia; gf French Guiana; gg Guernsey; gh Ghana; gi
    Gibraltar; gl Greenland; gm Gambia; gn Guinea; gp Guadeloupe; gq Equatorial Guinea; gr Greece; gs South
    Georgia and the South Sandwich Islands; gt Guatemala; gu Guam; gw Guinea-Bissau; gy Guyana; hk Hong Kong; hm
    Heard Island and McDonald Islands; hn Honduras; hr Croatia; ht Haiti; hu Hungary; id Indonesia; ie Ireland;
    il Israel; im Isle of Man; in India; io British Indian Ocean Territory; iq Iraq; ir Iran; is Iceland; it
    Italy; je Jersey; jm Jamaica; jo Jordan; jp Japan; ke Kenya; kg Kyrgyzstan; kh Cambodia; ki Kiribati; km
    Comoros; kn Saint Kitts and Nevis; kp North Korea; kr South Korea; kw Kuwait; ky Cayman Islands; kz
    Kazakhstan; la Laos; lb Lebanon; lc Saint Lucia; li Liechtenstein; lk Sri Lanka; lr Liberia; ls Lesotho; lt
    Lithuania; lu Luxembourg; lv Latvia; ly Libya; ma Morocco; mc Monaco; md Moldova; me Montenegro; mf Saint
    Martin; mg Madagascar; mh Marshall Islands; mk North Macedonia; ml Mali; mm Myanmar; mn Mongolia; mo Macao;
    mp Northern Mariana Islands; mq Martinique; mr Mauritania; ms Montserrat; mt Malta; mu Mauritius; mv
    Maldives; mw Malawi; mx Mexico; my Malaysia; mz Mozambique; na Namibia; nc New Caledonia; ne Niger; nf
    Norfolk Island; ng Nigeria; ni Nicaragua; nl Netherlands; no Norway; np Nepal; nr Nauru; nu Niue; nz New
    Zealand; om Oman; pa Panama; pe Peru; pf French Polynesia; pg Papua New Guinea; ph Philippines; pk Pakistan;
    pl Poland; pm Saint Pierre and Miquelon; pn Pitcairn; pr Puerto Rico; ps Palestine; pt Portugal; pw Palau;
    py Paraguay; qa Qatar; re Réunion; ro Romania; rs Serbia; ru Russia; rw Rwanda; sa Saudi Arabia; sb Solomon
    Islands; sc Seychelles; sd Sudan; se Sweden; sg Singapore; sh Saint Helena; si Slovenia; sj Svalbard and Jan
    Mayen; sk Slovakia; sl Sierra Leone; sm San Marino; sn Senegal; so Somalia; sr Suriname; ss South Sudan; st
    Sao Tome and Principe; sv El Salvador; sx Sint Maarten; sy Syria; sz Eswatini; tc Turks and Caicos Islands;
    td Chad; tf French Southern Territories; tg Togo; th Thailand; tj Tajikistan; tk Tokelau; tl Timor-Leste; tm
    Turkmenistan; tn Tunisia; to Tonga; tr Turkey; tt Trinidad and Tobago; tv Tuvalu; tw Taiwan; tz Tanzania; ua
    Ukraine; ug Uganda; um United States Minor Outlying Islands; us United States; uy Uruguay; uz Uzbekistan; va
    Vatican; vc Saint Vincent and the Grenadines; ve Venezuela; vg British Virgin Islands; vi US Virgin Islands;
    vn Vietnam; vu Vanuatu; wf Wallis and Futuna; ws Samoa; ye Yemen; yt Mayotte; za South Africa; zm Zambia; zw
    Zimbabwe;
    eu European Union; int International
"""

_SPOKEN = {
    "al": "sq", "am": "hy", "at": "de", "by": "be", "cn": "zh", "cz": "cs", "dk": "da", "ee": "et", "ge": "ka",
    "gb": "en", "gr": "el", "il": "he", "ir": "fa", "jp": "ja", "kr": "ko", "rs": "sr", "se": "sv", "si": "sl",
    "ua": "uk", "us": "en",
}  # fmt: skip
"""The language of a country whose code is taken for it."""

_OWN_NAMES = {
    "deutsch": "de", "français": "fr", "francais": "fr", "español": "es", "espanol": "es", "italiano": "it",
    "polski": "pl", "українська": "uk", "русский": "ru", "svenska": "sv", "nederlands": "nl", "čeština": "cs",
}  # fmt: skip

_TAG = re.compile(r"([a-z]{2,3})[-_][a-z]{2}")

_SAID = {"uk": "gb", "en": "gb", "britain": "gb", "england": "gb", "america": "us", "usa": "us", "czech republic": "cz"}
"""What is written instead of a country's code, and is no code or the code of a language."""


@cache
def _languages() -> dict[str, tuple[str, str]]:
    """Everything that names a language, in small letters → its code and its name."""
    names: dict[str, tuple[str, str]] = {}
    for row in _LANGUAGES.split(";"):
        code, *others = row.split()
        longer = [one for one in others if one.islower()]
        name = " ".join(others[len(longer) :])
        names |= dict.fromkeys([code, *longer, name.lower()], (code, name))
    return names | {own: names[code] for own, code in _OWN_NAMES.items()}


@cache
def _countries() -> dict[str, tuple[str, str]]:
    rows = [row.split(maxsplit=1) for row in _COUNTRIES.split(";")]
    names = {one.lower(): (code, name.strip()) for code, name in rows for one in (code, name.strip())}
    return names | {said: names[code] for said, code in _SAID.items()}


def is_language(code: str) -> bool:
    """Whether it is a code of ISO 639-1."""
    return _languages().get(code, ("", ""))[0] == code != ""


def is_country(code: str) -> bool:
    """Whether it is a code of ISO 3166-1 alpha-2, "eu" or "int"."""
    return _countries().get(code, ("", ""))[0] == code != ""


def language_meant(text: str) -> tuple[str, str] | None:
    """Code and name of the language of which somebody wrote the name, a longer code, a tag (`pt-BR`) or the country."""
    said, names = text.strip().lower(), _languages()
    tag = _TAG.fullmatch(said)
    return names.get(said) or names.get(tag[1] if tag else _SPOKEN.get(said, ""))


def language_hint(text: str) -> str:
    """What to write instead of what is no language's code."""
    meant = language_meant(text) or _nearest(text.strip().lower(), _languages())
    return f"did you mean '{meant[0]}' ({meant[1]})?" if meant else "two letters of ISO 639-1, such as 'uk' or 'en'"


def country_hint(text: str) -> str:
    """What to write instead of what is no country's code."""
    said, names = text.strip().lower(), _countries()
    meant = names.get(said) or _nearest(said, names)
    hint = "two letters of ISO 3166-1, such as 'ua', or 'eu' or 'int'"
    return f"did you mean '{meant[0]}' ({meant[1]})?" if meant else hint


def _nearest(said: str, names: dict[str, tuple[str, str]]) -> tuple[str, str] | None:
    if len(said) < 4:  # nearly all short codes are near to each other
        return None
    close = get_close_matches(said, [name for name in names if len(name) > 3], n=1, cutoff=0.7)
    return names[close[0]] if close else None
