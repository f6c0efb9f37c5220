"""What published sources leave open about option orders, the default answers first."""

from __future__ import annotations

from reconciler.emulator.reading import Reading

_UNMET = "it sends no option orders"

READINGS = (
    Reading(
        "options_root",
        ("report", "orders"),
        "the root of the list of option orders: TnOptionOrderReportResponse, or TnOptionOrders",
        "report: numbers.yml; orders: iris.min.raml, all SDKs",
    ),
    Reading(
        "options_error",
        ("status", "list"),
        "how a refused option order is told: ResponseStatus, or ErrorList",
        "status: samples of numbers.yml; list: its text",
        unmet=_UNMET,
    ),
    Reading(
        "options_numbers",
        ("e164", "digits"),
        "how version 2 wants the number that its list of option orders is filtered by",
        "e164: numbers_v2.yml; digits: band CLI, cmd/tnoption/list.go",
        unmet=_UNMET,
    ),
    Reading(
        "final_uri",
        ("either", "bare"),
        "whether a FinalDestinationURI may begin with sip:",
        "either: samples of numbers.yml, setFailoverUri.mdx; bare: schema of numbers.yml, error 5120",
        unmet=_UNMET,
    ),
)
