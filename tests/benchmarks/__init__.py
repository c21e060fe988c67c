"""Benchmarks: ratios against a straightforward re-implementation of upstream's loops, in the same run."""
