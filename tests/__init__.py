"""Tests by what they need: unit, contract, integration, journeys, faults, load."""
