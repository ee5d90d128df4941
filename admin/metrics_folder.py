"""Where several web processes count together. On its own, as prometheus_client reads it while it is imported."""

from typing import Final

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
