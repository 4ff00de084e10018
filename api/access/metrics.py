"""Figures about the server in Prometheus' form; each application has its own registry."""

from anyio import to_thread
from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from answer.records import Answer
from api.live import NotReady
from api.service import In

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
routes = APIRouter()


class Metrics:
    """What is counted. A label holds a route's template, never an address, a question or a key."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "wijzer_requests", "Verzoeken", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "wijzer_request_seconds",
            "Duur van een verzoek",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.in_flight = Gauge("wijzer_requests_in_flight", "Verzoeken onderweg", registry=self.registry)
        self.answers = Counter("wijzer_answers", "Antwoorden", ["status", "reason"], registry=self.registry)
        self.model_failures = Counter(
            "wijzer_model_failures", "Antwoorden waarvoor het taalmodel tekortschoot", registry=self.registry
        )
        self.audit_failures = Counter(
            "wijzer_audit_failures", "Auditregels die niet bewaard konden worden", registry=self.registry
        )
        self.corpus = Gauge(
            "wijzer_corpus_info", "Het corpus dat antwoordt", ["version"], registry=self.registry
        )

    def served(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self.requests.labels(method if method in _METHODS else "andere", route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """Count an answer; one that a model was to compose and did not is a failure of the model."""
        self.answers.labels(answer.status, answer.refusal.reason if answer.refusal else "").inc()
        if answer.trace and answer.mode != answer.trace.model:
            self.model_failures.inc()

    def as_text(self, version: str | None) -> bytes:
        """All figures now, with the version of the corpus that is open."""
        self.corpus.clear()
        if version is not None:
            self.corpus.labels(version).set(1)
        return generate_latest(self.registry)


@routes.get("/metrics")
async def metrics_page(request: Request, service: In) -> Response:
    """Figures for Prometheus."""

    def version() -> str | None:
        try:
            with service.live.corpus() as corpus:
                return corpus.version
        except NotReady:
            return None

    metrics: Metrics = request.app.state.metrics
    text = metrics.as_text(await to_thread.run_sync(version))
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})
