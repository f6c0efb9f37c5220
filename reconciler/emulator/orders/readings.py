"""What published sources leave open about orders of every sort, the default answers first."""

from __future__ import annotations

from reconciler.emulator.reading import Reading

READINGS = (
    Reading(
        "partial_default",
        ("true", "false"),
        "whether an order that does not say so may be filled in part",
        "true: samples of numbers.yml, csharp-bandwidth-iris; false: guide onDemandNumberSearchAndOrder",
        unmet="its orders say it",
    ),
    Reading(
        "no_quantity",
        ("refused", "bought"),
        "an order that does not say how many: refused (5009), or 5,000 are bought",
        "refused: nobody says, and the safe one; bought: iris.min.raml",
        unmet="its orders say it",
    ),
    Reading(
        "quantity_code",
        ("5211", "5215"),
        "the code for an order of more than 5,000 numbers",
        "both: error catalogue",
        unmet="no order asks for more than 5,000",
    ),
    Reading(
        "listed_customer_order_id",
        ("absent", "present"),
        "whether the list of orders shows each one's CustomerOrderId",
        "absent: numbers.yml; present: lists recorded by python-bandwidth-iris, php-bandwidth-iris",
    ),
    Reading(
        "order_id_case",
        ("lower", "upper"),
        "how the list of orders spells an id: orderId, or OrderId as that of disconnects",
        "lower: numbers.yml (orders); upper: numbers.yml (disconnects)",
    ),
    Reading(
        "no_orders",
        ("empty", "404"),
        "how the list of orders says that there is none: TotalCount 0, or 404 with its links",
        "empty: nobody says; 404: numbers.yml, of a sub-account's orders and of disconnects",
    ),
    Reading(
        "pending_quantity",
        ("absent", "present"),
        "whether a back-order says how many numbers it waits for",
        "absent: numbers.yml; present: order samples of java-bandwidth-iris",
    ),
    Reading(
        "complete_word",
        ("complete", "completed"),
        "the status of an order for numbers that got all of them",
        "complete: numbers.yml; completed: a table of order states in the earlier documentation",
    ),
)
