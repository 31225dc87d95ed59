"""A news monitoring and alerting daemon: feeds in, one explained digest out."""

__version__ = "0.1.0"
