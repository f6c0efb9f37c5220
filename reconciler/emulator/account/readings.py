"""What published sources leave open about accounts and applications, the default answers first."""

from __future__ import annotations

from reconciler.emulator.reading import Reading

READINGS = (
    Reading(
        "unknown_account",
        ("by_call", "403", "404"),
        "how another account's id is refused: as order calls and others each do, or all calls alike",
        "by_call: error catalogue; 403: its table of admin calls; 404: its table of orders",
        unmet="a run is for one account, whose id is right or wrong for all of it",
    ),
    Reading(
        "same_names",
        ("accepted", "refused"),
        "whether two applications, or two sub-accounts, may have one name (refused: 1015)",
        "nobody says; band CLI looks for the name before it creates",
    ),
    Reading(
        "service_type",
        ("v2", "plain"),
        "how reads spell an application's service: Messaging-V2 and Voice-V2, or Messaging and Voice",
        "v2: applications page; plain: samples of numbers.yml",
    ),
    Reading(
        "callback_types",
        ("dashed", "upper"),
        "how reads spell callback types: message-delivered, or MESSAGE_DELIVERED",
        "dashed: applications page; upper: schema of numbers.yml",
    ),
    Reading(
        "mirrors",
        ("shown", "left_out"),
        "whether reads repeat an application's inbound URL and user under their older names",
        "shown: numbers.yml, programmatic set-up guide; left_out: applications page",
    ),
    Reading(
        "methods",
        ("shown", "left_out"),
        "whether the list of applications shows the methods of calls, as a single read does",
        "shown: programmatic set-up guide; left_out: list samples of the applications page",
    ),
    Reading(
        "passwords",
        ("withheld", "echoed"),
        "whether reads of applications repeat passwords",
        "withheld: numbers.yml, RAML; echoed: PATCH sample of the applications page",
    ),
    Reading(
        "user_alone",
        ("accepted", "refused"),
        "whether PATCH may change a user without its password (refused: 12976)",
        "accepted: applications page; refused: error catalogue",
        unmet="user and password are always sent together",
    ),
    Reading(
        "application_put",
        ("replaces", "keeps_credentials"),
        "what PUT of an application does to credentials that it leaves out",
        "replaces: previous documentation; keeps_credentials: nobody says",
    ),
    Reading(
        "missing_application",
        ("coded", "empty", "200"),
        "how DELETE of an application that is not there answers: 404 with 13629, 404 with no body, or 200",
        "nobody says",
    ),
    Reading(
        "delete_application",
        ("application", "associated_too"),
        "whether DELETE works under the application's path only, or under its associatedsippeers as well",
        "application: numbers.yml; associated_too: sample of the applications page",
        unmet="an application is deleted at its own path",
    ),
    Reading(
        "associated",
        ("shown", "left_out"),
        "whether the list of an application's locations shows them",
        "shown: numbers.yml; left_out: band CLI, which asks every location instead",
    ),
)
