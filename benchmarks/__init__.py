"""Benchmarks: ratios against peers, measured interleaved. `python -m benchmarks` prints the table and writes bench.json."""
