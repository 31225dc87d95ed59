"""What was learned from marks, laid over the rules: `learned.json` in the archive's folder.

The program wrote the file itself, so one that it cannot use (of an older form, cut off) stops nothing: the rules judge
alone, and whoever asked is handed the words to say so.
"""

from pathlib import Path

from monitor.errors import Problem
from monitor.settings.load import Settings
from monitor.topics import Judge
from monitor.topics.learn import LearnedTopics, Model, read_models

_AGAIN = "`monitor topics learn` learns it again from the marks"


def learned_file(settings: Settings) -> Path:
    """Where what was learned is kept; may be missing, and may be deleted."""
    return settings.archive.folder / "learned.json"


def learned_models(file: Path) -> tuple[dict[str, Model], tuple[Problem, ...]]:
    """topic → its correction; and why the file cannot be used, where it is there and cannot."""
    try:
        return read_models(file.read_text("utf-8")), ()
    except FileNotFoundError:
        return {}, ()
    except (OSError, ValueError) as error:
        what = f"what was learned cannot be used ({error}), so the rules judge alone"
        return {}, (Problem(str(file), "", what, _AGAIN),)


def with_learning(topics: Judge, settings: Settings) -> tuple[Judge, tuple[Problem, ...]]:
    """The topics with what was learned for them; and what of it is not used, each with its reason and what to do."""
    file = learned_file(settings)
    models, unusable = learned_models(file)
    if not models:
        return topics, unusable
    judge = LearnedTopics(topics, models)
    what = "was learned for another rule than it has now, so the rule judges alone"
    return judge, tuple(Problem(str(file), name, what, _AGAIN) for name in sorted(models.keys() - judge.learned))
