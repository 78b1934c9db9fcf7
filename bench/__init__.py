"""Benchmarks: figures of a running installation beside the floors of the same machine."""
