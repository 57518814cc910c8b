"""The contract between Parley's processes: events, topics and identifiers. Imports pydantic and nothing of ours."""
