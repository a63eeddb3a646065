"""Outbox delivery: what happened, told once to every channel."""
