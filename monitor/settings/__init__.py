"""The configuration folder, read and checked as a whole: one `Settings`, or one ConfigError with every mistake.

`models` says what the tables may hold, `document` where in a file something stands, `secrets` where passwords come
from, `load` reads and cross-checks.
"""

from monitor.settings.load import Settings, load_settings, load_topic_files

__all__ = ["Settings", "load_settings", "load_topic_files"]
