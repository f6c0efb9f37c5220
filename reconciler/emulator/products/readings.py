"""What published sources leave open about a location's features, the default answers first."""

from __future__ import annotations

from reconciler.emulator.reading import Reading

READINGS = (
    Reading(
        "feature_off",
        ("404", "empty", "400"),
        "how GET of SMS, MMS or voice settings answers that were never made",
        "nobody says",
    ),
    Reading(
        "no_assignment",
        ("empty", "404"),
        "how GET of the messaging application answers where there is none",
        "nobody says",
    ),
    Reading(
        "feature_again",
        ("refused", "replaces"),
        "what POST does to a feature that is there",
        "nobody says; POST is called a create",
        unmet="what is there is changed by PUT",
    ),
    Reading(
        "feature_put",
        ("refused", "creates"),
        "what PUT does where the feature is not there",
        "nobody says; PUT is called an update",
        unmet="what is not there is made by POST",
    ),
    Reading(
        "a2p_words",
        ("camel", "upper"),
        "how reads spell A2pLongCode: DefaultOn and DefaultOff, or DEFAULT_ON and DEFAULT_OFF",
        "camel: error catalogue (13636), samples; upper: schema of numbers.yml",
    ),
    Reading(
        "zones",
        ("free", "first_only"),
        "whether SMS may have zones 2 to 5",
        "free: programmatic set-up guide; first_only: an older guide",
    ),
    Reading(
        "campaign_needed",
        ("long_code", "any"),
        "what needs a campaign (13638): A2pLongCode, or TollFree and ShortCode as well",
        "long_code: programmatic set-up guide, which names none; any: error catalogue",
    ),
    Reading(
        "mms_case",
        ("lower", "capitals", "lower_everywhere"),
        "how answers about MMS spell protocol and proxyPeerId: GET in lower case, none, or POST, too",
        "lower: numbers.yml, node-numbers; capitals: set-up guide; lower_everywhere: previous documentation",
    ),
    Reading(
        "assignment_root",
        ("applications", "application"),
        "what the messaging application's element is called: ApplicationsSettings, or ApplicationSettings",
        "applications: numbers.yml; application: node-numbers, java-bandwidth-iris",
    ),
    Reading(
        "removal",
        ("either", "text", "element"),
        "where the word REMOVE takes the messaging application away: as the only text, as the id, or in both",
        "text: numbers.yml, node-numbers; element: error catalogue (13628)",
    ),
    Reading(
        "origination_status",
        ("201", "200"),
        "the status of POST of voice settings",
        "201: numbers.yml, previous documentation; 200: programmatic set-up guide",
    ),
    Reading(
        "termination_root",
        ("own", "origination"),
        "whose root GET of termination settings has",
        "own: RAML; origination: sample of numbers.yml",
    ),
    Reading(
        "http_voice_app",
        ("optional", "required"),
        "whether voice over HTTP needs an application",
        "optional: RAML, schema of numbers.yml; required: every guide shows one",
        unmet="voice over HTTP always names its application",
    ),
    Reading(
        "country_code",
        ("13654", "13656"),
        "the code for a country that messages of the account may not break out to",
        "13654: sample of numbers.yml; 13656: error catalogue",
        unmet="the messaging settings of a location are left alone",
    ),
)
