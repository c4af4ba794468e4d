"""`/metrics`: numbers for Prometheus, for whoever has the token or asks from this machine."""

import hmac
import ipaddress
import os
from collections.abc import Iterator

from flask import Blueprint, Response, current_app, request
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from portal.admin.queries.gauges import Gauge, disk, gauges
from portal.errors import NotFound
from portal.web.access import asks_nobody
from portal.web.measured import FOLDER, REGISTRY
from portal.web.transactions import forget_transaction

blueprint = Blueprint("metrics", __name__)
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


@blueprint.get("/metrics")
@asks_nobody
def metrics() -> Response:
    """Give every number; a stranger finds nothing here."""
    if not _may_read():
        raise NotFound("There is no such page.")
    requests = generate_latest(_requests())
    return Response(requests + _now(), content_type=CONTENT_TYPE_LATEST)


def _may_read() -> bool:
    """Whether the token is right or, where none is set, the request is from this machine itself: a
    proxy's may be anybody's."""
    token = str(current_app.config["METRICS_TOKEN"])
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _requests() -> CollectorRegistry:
    if not os.environ.get(FOLDER):
        return REGISTRY
    every = CollectorRegistry()
    multiprocess.MultiProcessCollector(every)  # type: ignore[no-untyped-call]  # it has no types
    return every


def _now() -> bytes:
    registry = CollectorRegistry()
    registry.register(_Gauges())
    return generate_latest(registry)


class _Gauges:
    """What is read when it is asked for: never another process's, never an old one."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the numbers by name; without the database, that it does not answer."""
        try:
            found, answers = gauges(current_app.config), 1
        except SQLAlchemyError:
            forget_transaction()
            found, answers = disk(current_app.config), 0
        up = Gauge("portal_database_up", "1 where the database answers, else 0", answers)
        families: dict[str, GaugeMetricFamily] = {}
        for one in (up, *found):
            labels = one.labels or {}
            family = families.setdefault(
                one.name, GaugeMetricFamily(one.name, one.words, labels=list(labels))
            )
            family.add_metric(list(labels.values()), one.value)
        yield from families.values()
