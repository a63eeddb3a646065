"""Measurements that take longer than a test: each is a program with an exit code."""
