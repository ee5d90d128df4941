"""Properties say what is true, not how fast: a busy machine must not fail one. Benchmarks are tests/benchmarks.

On a developer's machine each run looks elsewhere. CI sets HYPOTHESIS_PROFILE=steady and tries the same cases each time, so
that what it says of a change is about that change.
"""

import os

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "untimed"))
