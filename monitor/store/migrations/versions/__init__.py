"""One file a step, named by its number; the newest number is `monitor.store.migrate.HEAD`."""
