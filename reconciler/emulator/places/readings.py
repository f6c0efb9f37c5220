"""What published sources leave open about sub-accounts and locations, the default answers first."""

from __future__ import annotations

from reconciler.emulator.reading import Reading

READINGS = (
    Reading(
        "created_peer",
        ("location", "body"),
        "where a new location's id is: in the Location header only, or in the body too",
        "location: programmatic set-up guide, php-bandwidth-iris; body: band CLI",
    ),
    Reading(
        "site_address",
        ("required", "optional"),
        "whether a sub-account needs an address",
        "required: numbers.yml, error 1003; optional: band CLI",
    ),
    Reading(
        "omitted_address",
        ("as_created", "kept", "cleared"),
        "what PUT without an address does: what POST would say to it, keep it, or clear it",
        "as_created: numbers.yml, error 1003 of PUT; kept and cleared: nobody says",
    ),
    Reading(
        "name_length",
        ("50", "10"),
        "how many characters names of sub-accounts and locations may have",
        "50: error catalogue (12529, 13501), samples of numbers.yml; 10: schema of numbers.yml",
    ),
    Reading(
        "missing_site",
        ("404", "400"),
        "how DELETE of a sub-account that is not there answers",
        "404: java-bandwidth-iris; 400: numbers.yml",
    ),
    Reading(
        "missing_peer",
        ("400", "404", "200"),
        "the status of error 13563, a location that is not there",
        "400: numbers.yml, GET; 404: numbers.yml, DELETE; 200: java-bandwidth-iris",
    ),
    Reading(
        "first_peer",
        ("true", "false", "refused"),
        "what the first location of a sub-account is that does not say whether it is the default",
        "true: programmatic set-up guide; false: band CLI, whose orders fail then; refused: error 13522",
        unmet="a new location always says whether it is the default",
    ),
    Reading(
        "second_default",
        ("demotes", "refused"),
        "what a second default location does: the first one is no default any more, or it is refused",
        "demotes: RAML, which allows one; refused: nobody says",
    ),
    Reading(
        "default_withdrawn",
        ("refused", "accepted"),
        "whether PUT may take the default away from the only default location (refused: 13522)",
        "refused: error catalogue; accepted: nobody says",
        unmet="a plan that would leave a sub-account without a default location is refused",
    ),
    Reading(
        "omitted_hosts",
        ("cleared", "kept"),
        "what PUT does to a location's hosts that it leaves out",
        "nobody says; it is called a full replace",
        unmet="a PUT sends every host that it has read, and an empty element for none",
    ),
    Reading(
        "voice_host_groups",
        ("one", "five"),
        "how many groups of voice hosts a location may have",
        "one: numbers.yml, RAML; five: an older reference",
        unmet="a manifest has one group; more that are live are replaced, or carried as they are",
    ),
    Reading(
        "masks",
        ("narrow", "wide"),
        "how wide termination hosts may be: /20 when created and /24 later, or /14",
        "narrow: numbers.yml; wide: error catalogue (13593)",
        unmet="a network that either would refuse is refused by the plan",
    ),
    Reading(
        "host_in_use",
        ("13552", "13569", "13654", "13655"),
        "the code for a termination host that is in use at another location, or another customer's",
        "all: error catalogue",
        unmet="a refusal ends the step, whichever code it has, with the same hint",
    ),
    Reading(
        "traffic_class",
        ("13560", "13590", "13546"),
        "what CustomerTrafficAllowed of a termination host may be, and the code for another: the account's "
        "(13560, or 13590 of the location), or no more than the account's (13546)",
        "all: error catalogue",
        unmet="nothing tells the account's; a refusal ends the step, whichever code it has",
    ),
    Reading(
        "missing_peer_put",
        ("13563", "13525"),
        "the code for PUT of a location that is not there",
        "13563: numbers.yml; 13525: error catalogue",
        unmet="a location is read before it is changed",
    ),
    Reading(
        "name_characters",
        ("any", "listed"),
        "what names and descriptions of sub-accounts may have: any characters, or letters, digits, dots, "
        "dashes and spaces (4015, 4016); listed, names of locations have letters and digits (13502)",
        "any: numbers.yml, whose samples have others; listed: error catalogue",
    ),
    Reading(
        "uc_configuration",
        ("taken", "refused"),
        "whether an account without UC trunking may say UcTrunkingConfiguration (refused: 12046)",
        "taken: numbers.yml, which says nothing against it; refused: error catalogue",
    ),
    Reading(
        "peer_ids",
        ("account", "site"),
        "whether ids of locations are unique in the account, or in their sub-account only",
        "account: every sample; site: a third-party client that takes them so",
    ),
    Reading(
        "address_case",
        ("upper", "as_sent", "folded"),
        "how addresses come back: a location's street in one piece and in capitals, all as sent, or all "
        "in capitals with the house number in the street",
        "upper: samples of numbers.yml; as_sent: its other samples; folded: nobody says",
    ),
    Reading(
        "country_word",
        ("united-states", "us"),
        "how addresses come back: with United States, or with US",
        "both: samples of numbers.yml",
    ),
)
