"""The plumbing every service stands on. No business words."""
