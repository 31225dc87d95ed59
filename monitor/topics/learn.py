"""Learning from the reader's marks: a small correction of a topic's rule, kept as plain numbers that can be read.

    raw score = the rule's own + correction, |correction| <= 2
    correction = bias + Σ clause weight · what the clause added + Σ weight of each word

A logistic regression to which the rule's raw score is given (an offset, not learned) finds the numbers, so that few
marks change little; they are used only where cross-validation, repeated, says that they are better by a margin. The
verdict shows the correction as a clause of its own beside the rule's. Where nothing that the rule found speaks for the
topic, or a required or vetoing clause decided, the rule alone stands. Reads and writes no file.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from monitor import words
from monitor.errors import MonitorError
from monitor.model import Evidence, Topic, Verdict
from monitor.topics.quality import Figures, figures
from monitor.values import as_dict

LEAST_MARKS = 30
LEAST_OF_A_KIND = 5
MARGIN = 0.03  # of F1, in cross-validation: less may be chance
FURTHEST = 2.0
_MOST_WORDS = 20
_LEAST_TEXTS = 3  # that a word must stand in
_FOLDS = 5
_REPEATS = 3  # divisions into folds: one may be lucky
_TRUST = 0.1  # in the marks against no correction at all; more, and more of what is learned is chance
_OPINIONS = (-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0)  # raw scores of a rule
_HOLDING = 1_000.0  # the weight of each
_HELD = 10.0  # the larger, the less the regression draws the rule's part towards 0
_LONGEST_PASSAGE = 600


class TooFewMarksError(MonitorError):
    """There is not enough to learn from; its text says what is there and what is needed."""


class Judge(Protocol):
    """Whoever gives one verdict for each topic: the rules alone, or the rules with what was learned."""

    @property
    def topics(self) -> tuple[Topic, ...]:
        """What is judged, in order."""

    def judge(
        self, article_title: str, text: str, *, language: str = "", source: str = "", url: str = "", country: str = ""
    ) -> tuple[Verdict, ...]:
        """One verdict for each topic, in order, whether it matches or not."""

    def reached(
        self, article_title: str, text: str, *, language: str = "", source: str = "", url: str = "", country: str = ""
    ) -> dict[str, tuple[float, bool]]:
        """topic → the share of what a match needs that speaks for it, and whether all that it requires was found."""


class Model(Struct, frozen=True):
    """The correction of one topic, for one version of its rule."""

    rule: str  # Verdict.rule of the rule it was learned for
    marks: int
    bias: float
    clauses: Mapping[str, float]
    words: Mapping[str, float]  # folded

    @property
    def hash(self) -> str:
        """Short, so that a verdict tells by what it was corrected."""
        return hashlib.sha256(json.dumps(as_dict(self), sort_keys=True).encode()).hexdigest()[:6]


class Sample(Struct, frozen=True):
    """A marked article: what the rule says, and the folded words that stand in it."""

    relevant: bool
    verdict: Verdict
    words: frozenset[str]


class Learned(Struct, frozen=True):
    """What came of learning one topic. `before`: the rule alone; `after`: with a model, on articles it did not see."""

    model: Model
    before: Figures
    after: Figures

    @property
    def better(self) -> bool:
        """By the margin."""
        return _value(self.after) >= _value(self.before) + MARGIN


class LearnedTopics:
    """The rules, corrected where there is a model for the rule as it stands. Judges as `TopicSet` does."""

    def __init__(self, rules: Judge, models: Mapping[str, Model]) -> None:
        self._rules = rules
        hashes = {verdict.topic: verdict.rule for verdict in rules.judge("", "")}
        self._models = {name: model for name, model in models.items() if hashes.get(name) == model.rule}

    @property
    def topics(self) -> tuple[Topic, ...]:
        """What is judged, in order."""
        return self._rules.topics

    @property
    def learned(self) -> frozenset[str]:
        """The topics that are corrected."""
        return frozenset(self._models)

    def reached(
        self, article_title: str, text: str, *, language: str = "", source: str = "", url: str = "", country: str = ""
    ) -> dict[str, tuple[float, bool]]:
        """As the rules say: a learned correction is no reason to leave a page alone."""
        return self._rules.reached(article_title, text, language=language, source=source, url=url, country=country)

    def judge(
        self, article_title: str, text: str, *, language: str = "", source: str = "", url: str = "", country: str = ""
    ) -> tuple[Verdict, ...]:
        """One verdict for each topic, in order; the learned correction is one clause of its evidence."""
        about = {"language": language, "source": source, "url": url, "country": country}
        verdicts = self._rules.judge(article_title, text, **about)
        if not self._models:
            return verdicts
        present = words_of(article_title, text)
        return tuple(
            _corrected(verdict, self._models[verdict.topic], present, text)
            if verdict.topic in self._models
            else verdict
            for verdict in verdicts
        )


def words_of(title: str, text: str) -> frozenset[str]:
    """The words of an article that may be learned from: folded, three letters and more."""
    return frozenset(word for word in words.folded_words(f"{title}\n{text}") if len(word) > 2 and word.isalpha())


def _corrected(verdict: Verdict, model: Model, present: frozenset[str], text: str) -> Verdict:
    rule = f"{verdict.rule}+{model.hash}"
    if not _open(verdict):
        return replace(verdict, rule=rule)
    correction = _correction(verdict, model, present)
    score = _logistic(_raw(verdict.score) + correction)
    name = f"learned from {model.marks} marks; the rule alone says {verdict.score:.2f}"
    evidence = (*verdict.evidence, Evidence(name, "", "body", 0, round(correction, 4)))
    passage = verdict.passage or _opening(text)
    passage = passage if score >= verdict.threshold else ""
    return replace(verdict, score=score, evidence=evidence, passage=passage, rule=rule)


def _open(verdict: Verdict) -> bool:
    """Whether the rule leaves anything to correct: something spoke for the topic.

    What is marked was mostly told or nearly so: of the many articles that have a required word alone it says nothing.
    """
    return verdict.score > 0 and any(one.weight > 0 for one in verdict.evidence)


def _correction(verdict: Verdict, model: Model, present: frozenset[str]) -> float:
    correction = model.bias
    for clause, worth in _worths(verdict).items():
        correction += model.clauses.get(clause, 0.0) * worth
    correction += sum(weight for word, weight in model.words.items() if word in present)
    return max(-FURTHEST, min(FURTHEST, correction))


def _opening(text: str) -> str:
    """Where the rule did not match, there is no passage of its making."""
    spans = words.sentences(text[: 2 * _LONGEST_PASSAGE])
    return text[spans[0][0] : spans[0][1]].strip()[:_LONGEST_PASSAGE] if spans else ""


def _worths(verdict: Verdict) -> dict[str, float]:
    """clause → what it added: its weight times the strength of its finds."""
    worths: dict[str, float] = {}
    for one in verdict.evidence:
        worths[one.clause] = worths.get(one.clause, 0.0) + one.weight
    return worths


def _raw(score: float) -> float:
    inside = min(max(score, 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))


def _logistic(raw: float) -> float:
    return 1 / (1 + math.exp(-raw))


def _value(found: Figures) -> float:
    return found.f1.value if found.f1 else 0.0


def learn(samples: Sequence[Sample]) -> Learned:
    """A model from the marked articles of one topic, measured by cross-validation before anybody uses it.

    Raises TooFewMarksError, and MonitorError where scikit-learn is not installed.
    """
    usable = [sample for sample in samples if _open(sample.verdict)]
    fewest = min(Counter({True: 0, False: 0} | Counter(sample.relevant for sample in usable)).values())
    if len(samples) < LEAST_MARKS or fewest < LEAST_OF_A_KIND:
        marked = f"{len(samples)} marked article{'s' if len(samples) != 1 else ''}"
        raise TooFewMarksError(
            f"{marked}, {fewest} of the rarer kind among those in which anything speaks for the topic; "
            f"learning needs {LEAST_MARKS}, {LEAST_OF_A_KIND} of either kind: `monitor mark`"
        )
    before = figures([(sample.relevant, sample.verdict.matched) for sample in samples])
    return Learned(_fit(usable, len(samples)), before, _cross_validated(samples, min(_FOLDS, fewest)))


def _cross_validated(samples: Sequence[Sample], folds: int) -> Figures:
    """How well every sample is judged by a model that did not see it: of `_REPEATS` such divisions the middling one."""
    usable = [sample for sample in samples if _open(sample.verdict)]
    # Whatever the rule alone decides stays decided.
    decided = [(sample.relevant, sample.verdict.matched) for sample in samples if not _open(sample.verdict)]
    _, folding = _sklearn()
    found = []
    for seed in range(_REPEATS):
        pairs = [*decided]
        kinds = [sample.relevant for sample in usable]
        for train, test in folding(folds, shuffle=True, random_state=seed).split([[0]] * len(kinds), kinds):
            model = _fit([usable[at] for at in train], len(samples))
            for sample in (usable[at] for at in test):
                raw = _raw(sample.verdict.score) + _correction(sample.verdict, model, sample.words)
                pairs.append((sample.relevant, _logistic(raw) >= sample.verdict.threshold))
        found.append(figures(pairs))
    return sorted(found, key=_value)[_REPEATS // 2]


def _fit(samples: Sequence[Sample], marks: int) -> Model:
    clauses = sorted({clause for sample in samples for clause in _worths(sample.verdict)})
    telling = _telling_words(samples)
    rows, kinds, weights = [], [], []
    for sample in samples:
        worths = _worths(sample.verdict)
        features = [worths.get(clause, 0.0) for clause in clauses] + [float(word in sample.words) for word in telling]
        rows.append([_HELD * _raw(sample.verdict.score), 1.0, *features])
        kinds.append(sample.relevant)
        weights.append(1.0)
    # The regression takes no offset; articles that are right as often as the rule says hold its part at 1.
    for raw in _OPINIONS:
        for kind in (True, False):
            rows.append([_HELD * raw, *[0.0] * (1 + len(clauses) + len(telling))])
            kinds.append(kind)
            weights.append(_HOLDING * _logistic(raw if kind else -raw))
    fitting, _ = _sklearn()
    regression = fitting(C=_TRUST, fit_intercept=False, solver="newton-cholesky")
    regression.fit(rows, kinds, sample_weight=weights)
    _, bias, *others = [round(float(one), 6) for one in regression.coef_[0]]
    return Model(
        samples[0].verdict.rule,
        marks,
        bias,
        dict(zip(clauses, others[: len(clauses)], strict=True)),
        dict(zip(telling, others[len(clauses) :], strict=True)),
    )


def _telling_words(samples: Sequence[Sample]) -> list[str]:
    """The words whose presence differs most between the two kinds, by log odds with one half added."""
    of_kind = Counter(sample.relevant for sample in samples)
    standing = {
        kind: Counter(word for s in samples if s.relevant is kind for word in s.words) for kind in (True, False)
    }
    odds = {}
    for word in standing[True].keys() | standing[False].keys():
        yes, no = standing[True][word], standing[False][word]
        if yes + no >= _LEAST_TEXTS:
            odds[word] = math.log((yes + 0.5) / (of_kind[True] - yes + 0.5)) - math.log(
                (no + 0.5) / (of_kind[False] - no + 0.5)
            )
    return sorted(odds, key=lambda word: (-abs(odds[word]), word))[:_MOST_WORDS]


def _sklearn() -> tuple[Any, Any]:
    """Regression and folds: from an extra that is heavy to load, and needed by nobody who only judges."""
    try:
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import StratifiedKFold
    except ImportError:
        what = "learning needs scikit-learn, which is not installed; install news-monitor[learning]"
        raise MonitorError(what) from None
    return LogisticRegression, StratifiedKFold


def write_models(models: Mapping[str, Model]) -> str:
    """The models as JSON text, made to be read by people too."""
    return json.dumps({name: as_dict(model) for name, model in sorted(models.items())}, ensure_ascii=False, indent=2)


def read_models(text: str) -> dict[str, Model]:
    """What `write_models` wrote. Raises ValueError for anything else."""
    try:
        models = {name: Model(**facts) for name, facts in json.loads(text).items()}
        for model in models.values():
            numbers: list[Any] = [model.bias, *model.clauses.values(), *model.words.values()]
            if not all(isinstance(number, int | float) and math.isfinite(number) for number in numbers):
                raise ValueError("a weight is no number")
    except (AttributeError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return models
