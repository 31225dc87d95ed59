"""The history of the archive's schema, for Alembic. A released step is never changed; a new one is added."""
