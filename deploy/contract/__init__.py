"""Writes down the contract of the events: a JSON Schema for each and the AsyncAPI document of them all."""
