"""Judging: which articles belong to which topic, and why. Topics and concepts are text files; see docs/topics.md."""

from monitor.topics.judge import TopicSet, load_topics
from monitor.topics.later import LaterTopics
from monitor.topics.learn import Judge
from monitor.topics.likely import Outlook, likely

__all__ = ["Judge", "LaterTopics", "Outlook", "TopicSet", "likely", "load_topics"]
