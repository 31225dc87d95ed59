"""Languages as a reader of an English digest calls them, and which of them are written from right to left."""

_NAMES = {
    "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bs": "Bosnian", "ca": "Catalan",
    "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hr": "Croatian", "hu": "Hungarian",
    "hy": "Armenian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh",
    "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "nb": "Norwegian", "nl": "Dutch",
    "nn": "Norwegian", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sk": "Slovak", "sl": "Slovene", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "zh": "Chinese",
}  # fmt: skip
_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur"))


def language_name(code: str) -> str:
    """The name of an ISO 639-1 code; the code itself where it has none here; "" for ""."""
    return _NAMES.get(code.split("-")[0].lower(), code)


def direction(code: str) -> str:
    """ "rtl" or "ltr"; "auto" when the language is not known, as HTML's `dir` takes it."""
    if not code:
        return "auto"
    return "rtl" if code.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
