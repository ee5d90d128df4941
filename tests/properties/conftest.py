"""Properties say what is true, not how fast: a busy machine must not fail one. Benchmarks are tests/benchmarks."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
