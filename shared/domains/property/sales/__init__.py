"""The sales view: what those who sell see of leads, visits and call-backs."""
