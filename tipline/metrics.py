"""Metrics for Prometheus, on a loopback port of their own; numbers only, nobody and no place."""

from collections.abc import Iterator

import structlog
from flask import Flask
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from tipline import clock
from tipline.db import db
from tipline.services import health

LOOPBACK = "127.0.0.1"
log = structlog.get_logger()


class Figures(Collector):
    """Asks the database each time somebody asks for the metrics."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def collect(self) -> Iterator[Metric]:
        """The figures of this moment, and whether the database gave them."""
        try:
            with self._app.app_context():
                found = health.figures(now=clock.now())
                db.session.rollback()
        except SQLAlchemyError as failure:
            log.error("metrics_failed", kind=type(failure).__name__)
            found = {}
        yield GaugeMetricFamily("tipline_database_up", "The database answers", value=bool(found))
        for name, value in found.items():
            yield GaugeMetricFamily(f"tipline_{name}", name.replace("_", " "), value=value)


def serve(app: Flask, port: int) -> None:
    """Serve /metrics to this machine, beside whatever else the process does."""
    registry = CollectorRegistry()
    registry.register(Figures(app))
    start_http_server(port, addr=LOOPBACK, registry=registry)
