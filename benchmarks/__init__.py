"""Benchmarks: canonical workloads, peers checked equal before they are timed, a report.

`python -m benchmarks [suite]` times for real and writes `benchmarks/report/`;
`python -m benchmarks.exact` compares the kernel's paths on random bills;
the same code runs small in the test suite (`tests/unit/test_benchmarks_small.py`).
"""
