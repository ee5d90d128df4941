"""/metrics for Prometheus, summed over all web workers of this machine."""

import os
import time
from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Flask, Response, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from admin.auth import open_to_all
from admin.health import look_around
from admin.metrics_folder import SHARED

REQUESTS: Final = Counter("digilinja_requests", "Answers given, by route", ["route", "method", "status"])
SECONDS: Final = Histogram("digilinja_request_seconds", "Time to an answer, by route", ["route"])

metrics = Blueprint("metrics", __name__)


def measure(app: Flask) -> None:
    """Count and time every answer by its route, never by its address: that may hold a token."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        REQUESTS.labels(route, request.method, response.status_code).inc()
        if "began" in g:
            SECONDS.labels(route).observe(time.perf_counter() - g.began)
        return response


@metrics.get("/metrics")
@open_to_all
def show() -> ResponseReturnValue:
    """Give the counters of all workers, and what the database says now."""
    figures = generate_latest(_of_the_workers()) + generate_latest(_of_the_database())
    return Response(figures, content_type=CONTENT_TYPE_LATEST)


def _of_the_workers() -> CollectorRegistry:
    registry = CollectorRegistry()
    if SHARED in os.environ:  # each gunicorn worker writes a file of its own there
        MultiProcessCollector(registry)
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    return registry


def _of_the_database() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Now())
    return registry


class Now(Collector):
    """What is read anew at every look, and so belongs to no worker."""

    def collect(self) -> Iterable[Metric]:
        """Whether all is in order, and how late the oldest job is."""
        found = look_around()
        yield GaugeMetricFamily("digilinja_ready", "Whether database and migrations are in order", found.ready)
        if found.oldest_overdue_job_s is not None:
            late = found.oldest_overdue_job_s
            yield GaugeMetricFamily("digilinja_oldest_overdue_job_seconds", "How late the oldest job is", late)
