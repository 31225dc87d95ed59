"""A digest as a message: subject, text, HTML and Slack payloads from one view of it. Pure but for reading templates.

Templates run in Jinja2's sandbox: they come from users. HTML is escaped automatically, and no HTML of a feed ever gets
this far: articles are plain text. An equal digest renders to the same bytes, whenever and wherever it is rendered.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from textwrap import TextWrapper
from traceback import extract_tb
from typing import ClassVar

import jinja2
from css_inline import CSSInliner, InlineError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.digests.document import document
from monitor.digests.present import present
from monitor.digests.slack import payloads
from monitor.digests.view import DigestView
from monitor.digests.wording import clean, listed
from monitor.errors import TemplateError
from monitor.links import short_hash
from monitor.model import Digest, Message, Subscription
from monitor.values import Discreet

SHIPPED = Path(__file__).parent / "templates"
_LARGEST_HTML = 98_000  # bytes; Gmail cuts off what is beyond 102 KB, and mail's line ends and encoding add some
_PARTS = (".html.j2", ".txt.j2")  # of a template
_WIDTH = 78  # RFC 5322 section 2.1.1: lines should be no longer
_SUBJECT = 180
_WHOLE_IN_TEXT = 100  # stories; the others follow as one line each
_MISTAKES = (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


def make_environment(folders: Sequence[Path] = ()) -> jinja2.Environment:
    """Where templates are found: `folders` in order, then the shipped ones; what is not there is an error, not ""."""
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader([*folders, SHIPPED]),
        autoescape=lambda name: name is not None and name.endswith((".html.j2", ".html")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=True,
    )
    environment.filters["wrap"] = wrap
    environment.filters["listed"] = listed
    return environment


def trial_environment(file: Path, folders: Sequence[Path] = ()) -> tuple[jinja2.Environment, str]:
    """Where a template that is still being written is found, and its name: `file` is one of its two parts.

    The part that is not there is that of the usual digest. Raises TemplateError when `file` is no template.
    """
    name = next((file.name.removesuffix(end) for end in _PARTS if file.name.endswith(end)), "")
    if not name:
        raise TemplateError(f"{file}: is no template; name a file that ends in {' or '.join(_PARTS)}")
    if not file.is_file():
        raise TemplateError(f"{file}: there is no such file, here or in the folder of templates")
    environment = make_environment([file.parent, *folders])
    loader = environment.loader
    assert loader is not None

    def usual(wanted: str) -> str | None:
        return (
            loader.get_source(environment, f"digest{wanted.removeprefix(name)}")[0]
            if wanted[len(name) :] in _PARTS
            else None
        )

    environment.loader = jinja2.ChoiceLoader([loader, jinja2.FunctionLoader(usual)])
    return environment, name


def wrap(text: str, first: str = "", rest: str = "") -> str:
    """`text` in lines of at most 78 characters, led by `first` and then by `rest`; long words stay whole."""
    wrapper = TextWrapper(
        _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(wrapper.wrap(text)) or first


class Renderer(Discreet, frozen=True):
    """Renders digests with the templates of `environment`; `domain` is the right side of Message-ID and List-Id."""

    hidden: ClassVar[frozenset[str]] = frozenset({"key"})

    environment: jinja2.Environment
    domain: str = "news-monitor.invalid"
    desk: str = ""  # its address; each story then links to its page there
    key: bytes = b""  # signs links by which readers mark, mute and leave; b"" = no such

    def render(self, digest: Digest, now: datetime) -> Message:
        """The message that tells `digest`.

        Raises TemplateError, with file and line, when the subscription's template is missing or wrong; the same
        digest can then be rendered with `make_environment()`, which knows the shipped templates only.
        """
        subscription, view = digest.subscription, present(digest, self.desk, self.key)
        return Message(
            key=digest.key,
            subscription=subscription.name,
            channel=subscription.channel,
            message_id=f"<{short_hash(digest.key)}@{self.domain}>",
            list_id=_list_id(subscription, self.domain),
            subject=clean(view.subject, _SUBJECT),
            text=self._text(subscription.template, view),
            html=self._html(subscription.template, view),
            slack=payloads(view),
            data=document(digest, view),
            unsubscribe=view.unsubscribe,
            created_at=now,
        )

    def exists(self, template: str) -> bool:
        """Whether both files of `template` are there, right or wrong."""
        loader = self.environment.loader
        assert loader is not None
        try:
            for name in (f"{template}.txt.j2", f"{template}.html.j2"):
                loader.get_source(self.environment, name)
        except jinja2.TemplateNotFound:
            return False
        except (OSError, UnicodeDecodeError):
            return True
        return True

    def check(self, template: str) -> None:
        """Raises TemplateError when the files of `template` are missing or do not parse."""
        for name in (f"{template}.txt.j2", f"{template}.html.j2"):
            if not self._is_shipped(name):
                self._load(name)

    def _is_shipped(self, name: str) -> bool:
        """Whether it is the shipped one as it was, of which a start needs no proof: compiling it takes a while."""
        loader = self.environment.loader
        assert loader is not None
        try:
            return loader.get_source(self.environment, name)[0] == (SHIPPED / name).read_text("utf-8")
        except (jinja2.TemplateNotFound, OSError, UnicodeDecodeError):
            return False

    def _text(self, template: str, view: DigestView) -> str:
        return self._fill(f"{template}.txt.j2", view.limited(_WHOLE_IN_TEXT, view.total))

    def _html(self, template: str, view: DigestView) -> str:
        """As many stories whole as fit, the next brief, the last counted only; the text part always has them all."""

        def page(full: int, listed: int) -> str:
            return self._inlined(f"{template}.html.j2", view.limited(full, listed))

        def weight(html: str) -> int:
            return len(html.encode("utf-8", "replace"))

        everything = page(view.total, view.total)
        if weight(everything) <= _LARGEST_HTML or not view.total:
            return everything
        listed = _most(lambda number: weight(page(0, number)), view.total)
        full = _most(lambda number: weight(page(number, max(number, listed))), view.total)
        return page(full, max(full, listed))

    def _inlined(self, name: str, view: DigestView) -> str:
        try:
            return _INLINER.inline(self._fill(name, view))
        except InlineError as error:
            raise TemplateError(f"{name}: its style sheet cannot be read: {error}") from error

    def _fill(self, name: str, view: DigestView) -> str:
        template = self._load(name)
        try:
            return template.render(digest=view)
        except _MISTAKES as error:
            lines = [frame for frame in extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
            place = f"{lines[-1].filename}, line {lines[-1].lineno}" if lines else name
            raise TemplateError(f"{place}: {error}") from error

    def _load(self, name: str) -> jinja2.Template:
        try:
            return self.environment.get_template(name)
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(f"{error.filename or name}, line {error.lineno}: {error.message}") from error
        except jinja2.TemplateNotFound as error:
            raise TemplateError(
                f"{error.name}: there is no such template; add it to the templates folder, or use 'digest'"
            ) from error
        except UnicodeDecodeError as error:
            raise TemplateError(f"{name}: is not UTF-8: {error.reason} at byte {error.start}") from error


# A style element marked data-css-inline="keep" stays as it is: @media rules cannot be inlined. Remote style sheets are
# never loaded: a digest may not make this program call anybody.
_INLINER = CSSInliner(load_remote_stylesheets=False)


def _most(weight: Callable[[int], int], most: int) -> int:
    """The largest number from 0 to `most` whose page is not too large; 0 when none is. A page grows with the number,
    and nearly evenly: so it is looked for where it should be, for each look is a page made.
    """
    low, high = (0, weight(0)), (most, weight(most))
    if high[1] <= _LARGEST_HTML:
        return most
    while high[0] - low[0] > 1:
        share = (_LARGEST_HTML - low[1]) / max(1, high[1] - low[1])
        middle = min(max(low[0] + int((high[0] - low[0]) * share), low[0] + 1), high[0] - 1)
        found = middle, weight(middle)
        low, high = (found, high) if found[1] <= _LARGEST_HTML else (low, found)
    return low[0]


def _list_id(subscription: Subscription, domain: str) -> str:
    """RFC 2919: a name for people and an identifier that stays."""
    title = "".join(character for character in clean(subscription.title, 60) if character not in '<>"\\')
    return f"{title} <{subscription.name}.{domain}>".strip()
