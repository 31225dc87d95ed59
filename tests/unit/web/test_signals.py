"""Is it alive, is it well, and in numbers."""

import json

from prometheus_client.parser import text_string_to_metric_families

from monitor.app import App
from tests.unit.web.visiting import Visitor


def test_live_and_ready(visitor: Visitor) -> None:
    assert visitor.get("/health/live").status == 200
    shown = visitor.get("/health/ready")
    assert (shown.status, json.loads(shown.text)) == (200, {"ready": True, "troubles": {}})


def test_an_archive_without_a_daemon_is_not_ready(shut_address: str) -> None:
    shown = Visitor(shut_address).get("/health")
    assert shown.status == 503
    assert json.loads(shown.text)["troubles"] == {"daemon": "has never run on this archive"}


def test_a_daemon_that_was_killed_is_not_ready(visitor: Visitor, app: App) -> None:
    lock = app.settings.archive.folder / "monitor.lock"
    lock.write_text("4711\n")
    try:
        shown = visitor.get("/health")
    finally:
        lock.unlink()
    assert shown.status == 503
    assert json.loads(shown.text)["troubles"] == {"daemon": "process 4711 ended in the middle of its work"}


def test_metrics_are_prometheus_s(visitor: Visitor, app: App) -> None:
    families = {family.name: family for family in text_string_to_metric_families(visitor.get("/metrics").text)}
    assert families["monitor_feeds"].samples[0].value == len(app.settings.feeds)
    visits = {sample.labels["outcome"]: sample.value for sample in families["monitor_visits_last_hour"].samples}
    assert visits["read"] > 0
    rows = {sample.labels["kind"]: sample.value for sample in families["monitor_archive_rows"].samples}
    assert rows["articles"] > 10
    lags = [sample.value for sample in families["monitor_entry_lag_seconds"].samples]
    assert lags == sorted(lags)
    assert len(lags) == 3
    assert sum(sample.value for sample in families["monitor_matches_last_hour"].samples) > 5
    assert sum(sample.value for sample in families["monitor_settled_last_hour"].samples) >= 1
    reading = {
        sample.name.rpartition("_")[2]: sample.value for sample in families["monitor_extraction_seconds"].samples
    }
    assert reading["count"] == app.extractions.spent.pages
    assert families["monitor_disk_free_bytes"].samples[0].value > 0
    assert families["monitor_desk_process_cpu_seconds"].samples[0].value > 0
    assert families["monitor_desk_process_resident_memory_bytes"].samples[0].value > 1e7
