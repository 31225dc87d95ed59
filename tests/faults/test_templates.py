"""What a template may not do: ways out of Jinja's sandbox, each of which must end as a broken template."""

from pathlib import Path

import pytest

from monitor.digests import Renderer, make_environment
from monitor.digests.render import trial_environment
from monitor.errors import TemplateError
from tests.builders import NOW, a_digest, a_subscription

ESCAPES = (
    "{{ ''.__class__ }}",
    "{{ ''['__class__']['__mro__'] }}",
    "{{ ''|attr('__class__')|attr('__mro__') }}",
    "{{ digest.__class__.__init__.__globals__ }}",
    "{{ digest|attr('__init__')|attr('__globals__') }}",
    "{{ digest.limited.__func__.__globals__ }}",
    "{{ digest.limited.__globals__['replace'] }}",
    "{{ digest.__struct_fields__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context.environment }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ cycler.__init__.__globals__.os.system('id') }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ range.__class__.__base__.__subclasses__() }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(digest) }}",
    "{{ '{x.__class__}'.format_map({'x': digest}) }}",
    "{{ ('{0.__class__.__mro__}'|string).format(1) }}",
    "{{ (''|safe).__class__.__init__.__globals__ }}",
    "{{ ['__class__']|map('attr', '__class__')|first }}{{ [digest]|map(attribute='__class__')|first }}",
    "{{ [digest]|map(attribute='__class__.__init__.__globals__')|first }}",
    "{{ [digest]|sum(attribute='__class__') }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{% include '../../../../etc/passwd' %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os.system('id') }}",
    "{% extends '/etc/hostname' %}",
    "{{ digest.sections.append(1) }}",
    "{{ {}.update({'a': 1}) }}",
    "{{ [].append(1) }}",
    "{{ config }}",
    "{{ request.application.__globals__ }}",
    "{{ __import__('os') }}",
    "{{ open('/etc/passwd').read() }}",
    "{{ (digest.limited(1, 1) for x in y).gi_frame }}",
    "{% set digest.title = 'mine' %}{{ digest.limited.__code__ }}",
    "{{ range(99999999) }}",
)


@pytest.mark.parametrize("source", ESCAPES)
def test_no_way_leads_out(tmp_path: Path, source: str) -> None:
    (tmp_path / "digest.txt.j2").write_text(source, "utf-8")
    with pytest.raises(TemplateError):
        Renderer(make_environment([tmp_path])).render(a_digest(), NOW)


def test_a_template_that_is_being_written_is_tried_with_the_usual_other_part(tmp_path: Path) -> None:
    (tmp_path / "brief.html.j2").write_text("<p>{{ digest.summary }}</p>", "utf-8")
    environment, name = trial_environment(tmp_path / "brief.html.j2")
    renderer = Renderer(environment)
    renderer.check(name)
    assert name == "brief"
    message = renderer.render(a_digest(subscription=a_subscription(template=name)), NOW)
    assert "<p>1 story</p>" in message.html
    assert message.text == Renderer(make_environment()).render(a_digest(), NOW).text


@pytest.mark.parametrize(
    ("name", "words"),
    [("missing.html.j2", "there is no such file"), ("notes.md", "is no template; name a file that ends in")],
)
def test_what_is_no_template_is_refused(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "notes.md").write_text("x")
    with pytest.raises(TemplateError, match=words):
        trial_environment(tmp_path / name)
