"""Parts of tools/bench.py: what is run, what it is run against, and how it is measured."""
