"""Monitoring: what operators see of conversations and of the tables, as JSON and as metrics."""
