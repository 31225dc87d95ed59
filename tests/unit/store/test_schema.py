"""The tables: every one of them is in the schema, and joins by what it says it joins by."""

from monitor.store.schema import metadata


def test_numbers_join_what_is_stored_in_bulk() -> None:
    by_number = {
        table.name for table in metadata.sorted_tables for key in table.foreign_keys if key.column.name == "number"
    }
    assert {"bands", "postings", "sketches"} <= by_number


def test_every_table_has_a_primary_key() -> None:
    assert [table.name for table in metadata.sorted_tables if not table.primary_key.columns] == []
