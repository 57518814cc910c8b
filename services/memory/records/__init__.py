"""Memory's records: sessions, messages and summaries, for operators and other systems."""
