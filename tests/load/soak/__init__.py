"""Constant load for minutes or hours, while everything that could leak is watched."""
