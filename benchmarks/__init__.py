"""Benchmarks print tables; they are never timed tests."""
