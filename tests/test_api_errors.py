"""Error documents in every shape that Bandwidth publishes, and the tree of exceptions."""

from __future__ import annotations

import pytest

from reconciler.api import errors
from reconciler.api.errors import ApiError, find_error, hint_for
from reconciler.api.xml import parse

# Body, what it says under 200, what it says under 400. The structures are those of numbers.yml.
SHAPES = [
    pytest.param(
        "<SiteResponse><ResponseStatus><ErrorCode>12016</ErrorCode>"
        "<Description>Site '9' does not exist</Description></ResponseStatus></SiteResponse>",
        ("12016", "Site '9' does not exist"),
        ("12016", "Site '9' does not exist"),
        id="a response status",
    ),
    pytest.param(
        "<OrderResponse><ErrorList><Error><Code>5005</Code><Description>Gone</Description>"
        "<TelephoneNumber>9195551234</TelephoneNumber></Error></ErrorList><Order/></OrderResponse>",
        ("5005", "Gone"),
        ("5005", "Gone"),
        id="an error list",
    ),
    pytest.param(
        "<SearchResult><Error><Code>4010</Code><Description>No criteria</Description></Error></SearchResult>",
        ("4010", "No criteria"),
        ("4010", "No criteria"),
        id="one error",
    ),
    pytest.param(
        "<MoveTnsOrderResponse><Errors><Code>7309</Code><Description>Site</Description></Errors>"
        "<Errors><Code>7312</Code><Description>Peer</Description></Errors></MoveTnsOrderResponse>",
        ("7309", "Site; 7312 Peer"),
        ("7309", "Site; 7312 Peer"),
        id="errors side by side",
    ),
    pytest.param(
        "<CampaignResponse><ResponseStatus><ErrorCode>12185</ErrorCode><Description>Registry"
        "</Description></ResponseStatus><Errors><Error><Code>501</Code><Field>resellerId</Field>"
        "<Description>cannot change</Description></Error></Errors></CampaignResponse>",
        ("12185", "Registry; 501 resellerId: cannot change"),
        ("12185", "Registry; 501 resellerId: cannot change"),
        id="a response status with details",
    ),
    pytest.param(
        "<ErrorResponse><ResponseStatus><Description>The resource does not exist</Description>"
        "</ResponseStatus></ErrorResponse>",
        None,
        ("", "The resource does not exist"),
        id="a description alone",
    ),
    pytest.param(
        "<R><ErrorList>"
        + "".join(f"<Error><Code>{n}</Code></Error>" for n in (1, 1, 2, 3, 4, 5))
        + "</ErrorList></R>",
        ("1", "no description; 2; 3; and 2 more"),
        ("1", "no description; 2; 3; and 2 more"),
        id="many errors",
    ),
    pytest.param("<R><ErrorList/></R>", None, None, id="an empty list"),
    pytest.param("<R><ErrorList><Error/></ErrorList></R>", None, None, id="an empty error"),
    pytest.param(
        "<R><ErrorCode>0</ErrorCode><Description>OK</Description></R>",
        None,
        ("", "OK"),
        id="code zero",
    ),
    pytest.param(
        "<SiteResponse><Site><Name>a</Name><Description>mine</Description></Site></SiteResponse>",
        None,
        ("", "mine"),
        id="a field called description",
    ),
    pytest.param(
        "<R><Orders><Order><Errors><Code>5</Code></Errors></Order></Orders></R>",
        None,
        None,
        id="an order of a list",
    ),
]


@pytest.mark.parametrize(("body", "fine", "bad"), SHAPES)
def test_find_error(body: str, fine: tuple[str, str] | None, bad: tuple[str, str] | None) -> None:
    """Every shape gives its code and description; a description alone only under 400 and more."""
    document = parse(body.encode())
    assert find_error(document, 200) == fine
    assert find_error(document, 400) == bad


@pytest.mark.parametrize(
    ("kind", "endpoint", "code", "hint"),
    [
        (errors.NotFound, "GET /accounts/42/sites", "", "account 42 (--account, BW_ACCOUNT_ID)"),
        (errors.NotFound, "GET /tns/9195551234", "", ""),
        (errors.Forbidden, "GET /accounts/42", "", "the roles of BW_X and BW_Y"),
        (errors.Refused, "PUT /accounts/42/sites/1", "13566", "address service is down"),
        (errors.Refused, "DELETE /accounts/42/sites/1", "12054", "paperwork: ask Bandwidth support"),
        (errors.Refused, "DELETE /accounts/42/sites/1/sippeers/2", "13684", "ask Bandwidth support"),
        (errors.Refused, "POST /accounts/42/orders", "5097", "support to switch on protected numbers"),
        (errors.Refused, "PUT /accounts/42/sites/1", "1", ""),
    ],
)
def test_hints(kind: type[ApiError], endpoint: str, code: str, hint: str) -> None:
    """A code's own hint comes first; the account is named where the path has one."""
    said = hint_for(kind, endpoint, code, "BW_X and BW_Y")
    assert hint in said
    assert bool(hint) == bool(said)


def test_the_docstring_draws_the_tree() -> None:
    """The module's picture names every exception, and marks as lost what is."""
    drawn = {line.split()[1]: line for line in (errors.__doc__ or "").splitlines() if "──" in line}
    tree = {kind.__name__: kind for kind in ApiError.__subclasses__()}
    assert drawn.keys() == tree.keys()
    for name, kind in tree.items():
        lost = {method: kind("failed", f"{method} /accounts/1/sites").lost for method in ("GET", "POST")}
        unless_read = "unless a GET" in drawn[name]
        assert lost["POST"] == ("lost" in drawn[name])
        assert lost["GET"] == (lost["POST"] and not unless_read)
