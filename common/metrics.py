"""Figures for operators, in the text format of Prometheus."""

import os
from collections.abc import Callable, Iterator

from prometheus_client import REGISTRY, CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

request_seconds = Histogram(
    "kenes_request_seconds", "Time spent on requests, by status.", ["status"]
)

# Name -> (what it counts, a function that counts it by one query). Apps above fill it.
FIGURES: dict[str, tuple[str, Callable[[], float]]] = {}


class FigureCollector(Collector):
    """Counts rows when it is asked, so that every process gives the same answer."""

    def collect(self) -> Iterator[Metric]:
        for name, (help_text, count) in FIGURES.items():
            yield GaugeMetricFamily(f"kenes_{name}", help_text, value=count())


def registry() -> CollectorRegistry:
    """Requests, and the figures of all apps.

    Requests are those of this process; of all web processes where PROMETHEUS_MULTIPROC_DIR names
    a folder that they share.
    """
    figures = CollectorRegistry()
    figures.register(FigureCollector())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(figures)
    else:
        figures.register(REGISTRY)  # type: ignore[arg-type]
    return figures
