"""What stands before a document's root element, and what a DOCTYPE there makes of the rest: its harmless entities.

Every step goes over the text once, whatever stands in it; what entities add to a document is limited. Fetches nothing.
"""

import io
import re
from html.entities import name2codepoint

from monitor.model import Unreadable

MOST_ADDED = 1_000_000  # characters by which entities may lengthen a document; honest ones hardly do
_LONGEST = 200  # characters of one entity
_MOST = 300  # entities; HTML knows 253 of one character each
_BOMB = "forbidden XML (entity bomb)"

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[<>]*+([\[>])", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*+>")
_ENTITY = re.compile(
    r"<!ENTITY\s++(?P<parameter>%\s++)?(?P<name>[^\s<>]++)\s++(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)')?",
    re.IGNORECASE,
)
_USE = re.compile(r"&([^\s&;<>#]++);")
_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|&(?:(?P<number>#(?:[0-9]{1,7}|x[0-9a-fA-F]{1,6});)|(?P<name>[A-Za-z][A-Za-z0-9]{0,40});)?",
    re.DOTALL,
)
_TEXTS = (
    "title|link|guid|id|pubdate|lastbuilddate|published|updated|modified|issued|created|author|name|category|language"
    "|copyright|generator|comments|ttl|docs|managingeditor|webmaster|dc:(?:date|creator|subject)"
)
_TEXT_ELEMENT = re.compile(  # with nothing but text in it, up to the end tag or the start tag behind it
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rf"|(?P<own><(?P<name>{_TEXTS})(?=[\s>])[^<>]*+(?<!/)>[^<]*+(?:<!\[CDATA\[[^\]]*+(?:\](?!\]>)[^\]]*+)*\]\]>[^<]*+)?)"
    r"(?:</(?P<ended>[\w.:-]++)\s*+>(?P<ends>\s*+</(?P=name)\s*>)?|(?=<(?P<opened>[A-Za-z_][\w.:-]*+)))",
    re.DOTALL | re.IGNORECASE,
)
_HOLDERS = frozenset("item entry channel feed rss rdf:rdf image source author textinput".split())
_NEIGHBOURS = frozenset(
    "title link guid id pubdate published updated description summary content category item entry".split()
)
_ROOT = re.compile(r"<[\w.:-]+")
_PREFIX = re.compile(r"<([A-Za-z_][\w.-]{0,40}):(?=[A-Za-z_])|\s([A-Za-z_][\w.-]{0,40}):[\w.-]{1,40}\s{0,9}=")
_DECLARED = re.compile(r"\sxmlns:([\w.-]{1,41})\s*=")
_MOST_PREFIXES = 50
_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))
_FURTHER = re.compile(r"&(?!#)")


def without_comments(text: str, *, in_place: bool = False) -> str:
    """`text` without comments; `in_place` puts blanks for them, so that all else stays where it is."""
    return _COMMENT.sub(lambda match: " " * len(match.group()) if in_place else "", text)


def in_full(prolog: str, document: str) -> str | Unreadable:
    """The document with the entities that its prolog declares in full; refused where either is a bomb."""
    known = entities(prolog)
    return known if isinstance(known, Unreadable) else expanded(document, known)


def entities(prolog: str) -> dict[str, str] | Unreadable:
    """The harmless entities that a DOCTYPE declares; external ones give nothing, nested or long ones are refused."""
    found: dict[str, str] = {}
    for match in _ENTITY.finditer(without_comments(prolog)):
        name, value = match["name"], match["double"] or match["single"] or ""
        if match["parameter"] or not value:
            found[name] = ""
        elif len(value) > _LONGEST or _FURTHER.search(value) or len(found) >= _MOST:
            return Unreadable(_BOMB, f"entity '{name[:40]}' expands further")
        else:
            found[name] = value
    return found


def expanded(document: str, known: dict[str, str]) -> str | Unreadable:
    """The document with its entities in full; refused where they make it much longer than it came."""
    if not known:
        return document
    # Written piece by piece: a list of all pieces would take several times the memory of the document.
    written, at, left = io.StringIO(), 0, MOST_ADDED
    for use in _USE.finditer(document):
        value = known.get(use[1])
        if value is None:
            continue
        left -= max(0, len(value) - len(use[0]))
        if left < 0:
            return Unreadable(_BOMB, f"its entities add more than {MOST_ADDED} characters")
        written.write(document[at : use.start()])
        written.write(value)
        at = use.end()
    written.write(document[at:])
    return written.getvalue()


def with_known_references(document: str) -> str:
    """The document with the entities of HTML as the letters they mean, and any other "&" as the sign it stands for."""
    return _REFERENCE.sub(_known, document)


def with_own_ends(document: str) -> str:
    """The document with an end for each title, link and other short text that has none or one of another name."""
    return _TEXT_ELEMENT.sub(_ended, document)


def _ended(element: re.Match[str]) -> str:
    """The element as it came, or with its end; one that HTML stands in is left to the loose parser."""
    whole, name = element.group(), element["name"]
    if name is None or element["ends"]:
        return whole
    ended, opened = (element["ended"] or "").lower(), (element["opened"] or "").lower()
    if ended in _HOLDERS:
        return f"{element['own']}</{name}></{element['ended']}>"
    if ended:
        return f"{element['own']}</{name}>" if ended[:1] == name[:1].lower() and ended != name.lower() else whole
    return f"{whole}</{name}>" if opened in _NEIGHBOURS and opened != name.lower() else whole


def with_prefixes_declared(document: str) -> str:
    """The document, which starts with its root, with a namespace for every prefix that has none."""
    root = _ROOT.match(document)
    used = dict.fromkeys(of_element or of_attribute for of_element, of_attribute in _PREFIX.findall(document))
    declared = {"xml", "xmlns", *_DECLARED.findall(document)}
    missing = [prefix for prefix in used if prefix not in declared]
    if root is None or not missing or len(missing) > _MOST_PREFIXES:
        return document
    spaces = "".join(f' xmlns:{prefix}="urn:{prefix}"' for prefix in missing)
    return f"{root.group()}{spaces}{document[root.end() :]}"


def _known(reference: re.Match[str]) -> str:
    whole, name = reference.group(), reference["name"]
    if whole[0] == "<" or reference["number"] or name in _XML:
        return whole
    return chr(name2codepoint[name]) if name in name2codepoint else f"&amp;{whole[1:]}"


def junk(prolog: str) -> str:
    """What of a prolog is no markup that may stand there; "" as it should be."""
    return _without_doctypes(_without_instructions(without_comments(prolog))).strip()


def _without_instructions(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<?", at)) >= 0 and (end := text.find("?>", start + 2)) >= 0:
        kept.append(text[at:start])
        at = end + 2
    return "".join([*kept, text[at:]])


def _without_doctypes(text: str) -> str:
    kept, at = [], 0
    while start := _DOCTYPE.search(text, at):
        end = start if start[1] == ">" else _SUBSET_END.search(text, start.end())
        if end is None:
            break  # nor does any later one end
        kept.append(text[at : start.start()])
        at = end.end()
    return "".join([*kept, text[at:]])
