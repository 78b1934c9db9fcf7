"""Traces for OpenTelemetry: from a request over its events to their deliveries.

Off, and free of charge, unless `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector: nothing is
imported and every call here returns at once. The packages are an extra (requirements-tracing.txt).
Spans carry names, numbers and outcomes; no bodies, no query strings, no buyers' data.

What happens later is tied to its cause by the trace kept on the event, in the W3C form
`00-<trace>-<span>-<flags>`: the delivery is a span of the same trace, in another process, perhaps
days later.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

Attribute = str | int | float | bool


def is_on() -> bool:
    """Whether this installation is traced."""
    return bool(settings.OMS_TRACES_ENDPOINT)


@contextmanager
def span(name: str, *, parent: str | None = None, **attributes: Attribute) -> Iterator["Span"]:
    """Time a block. `parent` continues the trace of an event; otherwise the surrounding span's.

    An exception marks the span as failed, by its type only: messages quote values.
    """
    if not is_on():
        yield _NOTHING
        return
    tracer = _tracer()
    context = _trace().propagation.extract({"traceparent": parent}) if parent else None
    with tracer.start_as_current_span(
        name,
        context=context,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as started:
        opened = Span(started)
        try:
            yield opened
        except BaseException as error:
            opened.fail(type(error).__qualname__)
            raise


def past_span(
    name: str,
    *,
    parent: str | None,
    started_at: datetime,
    milliseconds: int,
    failed: str,
    attributes: Mapping[str, Attribute],
) -> None:
    """Tell of something that is over, as a span of the trace of an event; `failed` is a code."""
    if not is_on():
        return
    began = round(started_at.timestamp() * 1_000_000_000)
    context = _trace().propagation.extract({"traceparent": parent}) if parent else None
    told = _tracer().start_span(
        name, context=context, attributes=dict(attributes), start_time=began
    )
    if failed:
        Span(told).fail(failed)
    told.end(end_time=began + milliseconds * 1_000_000)


def current() -> str | None:
    """The traceparent of the surrounding span, to be kept with what it causes; None when off."""
    if not is_on():
        return None
    carrier: dict[str, str] = {}
    _trace().propagation.inject(carrier)
    return carrier.get("traceparent")


class Span:
    """A block that is timed."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def set(self, **attributes: Attribute) -> None:
        """Say more about it, once it is known."""
        if self._inner is not None:
            self._inner.set_attributes(attributes)

    def fail(self, why: str) -> None:
        """Mark it as failed, by a code."""
        if self._inner is not None:
            status = _trace().api.StatusCode.ERROR
            self._inner.set_status(status, why)


_NOTHING = Span(None)


class _Packages:
    """What is imported of OpenTelemetry, once something is traced."""

    def __init__(self) -> None:
        try:
            self.api = import_module("opentelemetry.trace")
            propagator = import_module("opentelemetry.trace.propagation.tracecontext")
            self.propagation = propagator.TraceContextTextMapPropagator()
        except ImportError as exc:
            raise ImproperlyConfigured(
                "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed: "
                "pip install -r requirements-tracing.txt"
            ) from exc


@cache
def _trace() -> _Packages:
    return _Packages()


@cache
def _tracer() -> Any:
    """Of this process: its exporter runs in a thread, so it is made where it is first used."""
    return provider().get_tracer("oms")


@cache
def provider() -> Any:
    """Collects spans and sends them in batches; on exit it sends what is left."""
    sdk = import_module("opentelemetry.sdk.trace")
    export = import_module("opentelemetry.sdk.trace.export")
    resources = import_module("opentelemetry.sdk.resources")
    otlp = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    resource = resources.Resource.create(
        {"service.name": "oms", "service.version": settings.OMS_VERSION}
    )
    made = sdk.TracerProvider(resource=resource)
    made.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter()))
    return made
