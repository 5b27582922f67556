"""Benchmarks: ratios against peers, measured interleaved in one run. `python -m benchmarks` prints the table and writes bench.json."""
