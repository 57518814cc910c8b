"""Breaks a whole system under load, and writes down what its clients saw."""
