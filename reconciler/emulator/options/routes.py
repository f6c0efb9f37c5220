"""The calls of option orders and passcodes, as a table."""

from __future__ import annotations

from reconciler.emulator.options import options, passcodes, tables
from reconciler.emulator.orders import diary
from reconciler.emulator.route import ACCOUNT, Route

_OPTIONS = f"{ACCOUNT}/tnoptions"
_PASSCODES = f"{ACCOUNT}/tnportoutpasscodes"

# No published rate limit names option orders.
ROUTES = (
    Route(
        "POST",
        _OPTIONS,
        options.create,
        "TnOptionOrderResponse",
        tables.TN_OPTION_ORDER,
        shape="options_error",
    ),
    Route("GET", _OPTIONS, options.listing, options.REPORT),
    Route("GET", f"{_OPTIONS}/<order>", options.show, options.ROOT, error_root=options.REPORT),
    diary.history_of(f"{_OPTIONS}/<order>", options.find),
    Route("GET", _PASSCODES, passcodes.listing, "TelephoneNumbersResponse"),
    Route("POST", _PASSCODES, passcodes.of_named, "TelephoneNumbersResponse", tables.TN_LIST),
)
