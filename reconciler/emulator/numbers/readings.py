"""What published sources leave open about numbers, the default answers first."""

from __future__ import annotations

from reconciler.emulator.reading import Reading

READINGS = (
    Reading(
        "total_wrapper",
        ("count", "counts"),
        "what the total of a location's numbers is wrapped in: ...Count once more, or ...Counts",
        "count: numbers.yml; counts: python-bandwidth-iris, php-bandwidth-iris",
    ),
    Reading(
        "missing_number",
        ("400", "200"),
        "the status of error 13536, a number that is not at the location",
        "400: test fixtures of SDKs; 200: others of them",
        unmet="a location's numbers are read as a list, not one by one",
    ),
    Reading(
        "tns_page",
        ("number", "counter"),
        "what `page` of the list of all numbers is: the number that starts it, or a count from 1",
        "number: numbers.yml, error 15516; counter: band CLI",
    ),
    Reading(
        "tns_filter",
        ("honoured", "ignored"),
        "whether siteId and sippeerId select from the list of all numbers",
        "honoured: error 15507 knows them; ignored: no page documents them",
        unmet="it asks for the numbers of the whole account",
    ),
    Reading(
        "tns_places",
        ("left_out", "shown"),
        "whether the list of all numbers says at which location each is",
        "left_out: every sample; shown: schema of numbers.yml",
    ),
    Reading(
        "tns_list",
        ("open", "forbidden"),
        "whether the credentials may read the list of all numbers, or get 403 with an empty body",
        "open: numbers.yml; forbidden: band CLI, on accounts without the role",
    ),
    Reading(
        "look_up_status",
        ("200", "201"),
        "the status of a look-up of given numbers, which is a POST",
        "200: numbers.yml; 201: guides",
        unmet="a plan only reads, and that look-up is a POST",
    ),
    Reading(
        "routes_name",
        ("camel", "capitals"),
        "how routes of messages are spelled: AvailableNnRoutes and AssignedNnRoute, or with NN",
        "camel: numbers.yml; capitals: previous documentation, RAML",
    ),
)
