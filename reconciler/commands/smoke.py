"""`smoke`: one test message, after checking what would make it vanish."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import click

from reconciler.addresses import address_from
from reconciler.api.client import Connection, Reader
from reconciler.api.errors import ApiError
from reconciler.api.messaging import send_text
from reconciler.api.sender import read_applications, read_sender
from reconciler.commands.asking import ask
from reconciler.commands.failing import reported
from reconciler.commands.history import account_of
from reconciler.commands.inputs import Inputs, common
from reconciler.commands.planning import read_manifest
from reconciler.commands.speaking import say
from reconciler.desired import Desired
from reconciler.kinds import BY_NAME
from reconciler.kinds.application import MESSAGING
from reconciler.matching import match
from reconciler.model import Address, Finding, LiveResource, Problem, Problems, few
from reconciler.report.as_json import dumps
from reconciler.report.smoke import question, smoke_json, smoke_text
from reconciler.smoke import Accepted, Application, Ready, Text, obstacles, shown, slips

GREETING = "Test message from reconciler"
UNKNOWN = "nobody knows whether the message was sent"
WRITE_IT = "write it as application.support-sms, or give its id"
KIND = "application"


@dataclass(frozen=True)
class Meant:
    """The account, what the manifest wants there, and an application: by its address, or by its id."""

    account: str
    desired: Desired
    address: Address | None = None
    id: str = ""

    def by(self, application: Application) -> bool:
        """Whether it is this one."""
        if self.address:
            return application.address == str(self.address)
        return application.id.lower() == self.id.lower()


@click.command()
@common
@click.option("--from", "sender", required=True, metavar="NUMBER",
              help="A number of the account, as +19195551234.")  # fmt: skip
@click.option("--to", required=True, metavar="NUMBER", help="Who gets the message, as +19195551234.")
@click.option("--application", required=True, metavar="ADDRESS|ID",
              help="As application.support-sms in the manifest; or its id, without one.")  # fmt: skip
@click.option("--text", default=GREETING, show_default=True, help="What it says, 1 to 2,048 characters.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--format", "format_", default="text", show_default=True,
              type=click.Choice(["text", "json"]), help="How to print the outcome.")  # fmt: skip
@reported
def command(
    inputs: Inputs, sender: str, to: str, application: str, text: str, yes: bool, format_: str
) -> int:
    """Send one test message, after checking what would make it vanish.

    Exits 3 with every reason where it would, and 5 where it is not known whether it was sent.
    """
    said = Text(sender, to, text)
    wrong = list(slips(said))
    if wrong:
        raise Problems(wrong)
    meant = _meant(inputs, application)
    with ExitStack() as stack:
        connection = inputs.connect(stack)
        ready = _checked(connection, meant, said)
        if not yes:
            ask("smoke", question(ready))
        inputs.outside.signals.hold()  # what has left cannot be stopped, and what became of it must be told
        accepted = _send(connection, ready)
    text = dumps(smoke_json(ready, accepted)) if format_ == "json" else smoke_text(ready, accepted)
    if why := say(text):
        say(f"error: the outcome cannot be printed: {why}\n{smoke_text(ready, accepted)}", err=True)
    return 0


def _meant(inputs: Inputs, application: str) -> Meant:
    """Which application is meant, of which account; an id needs no manifest. Raises `Problems`."""
    if application.partition(".")[0] in BY_NAME:
        return _addressed(inputs, application)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", application):
        message = f"--application: {application!a} is no address and no id"
        raise Problems([Problem(message, hint=WRITE_IT)])
    if inputs.files_given:
        wanted = read_manifest(inputs)
        return Meant(wanted.account, wanted.desired, id=application)
    return Meant(account_of(inputs), Desired(), id=application)


def _addressed(inputs: Inputs, application: str) -> Meant:
    try:
        address = address_from(application)
    except ValueError as error:
        raise Problems([Problem(f"--application: {error}", hint=WRITE_IT)]) from error
    wanted = read_manifest(inputs)
    declared = wanted.desired.wanted_members(KIND, ())
    fitting = [str(each.address) for each in declared if each.fields.get("service_type") == MESSAGING]
    resource = next((each for each in declared if each.address == address), None)
    if application not in fitting:
        message = f"there is no {MESSAGING} application {application} in the manifest"
        if resource:
            message = f"{application} is a {resource.fields['service_type']} application in the manifest"
        hint = f"messages go through a {MESSAGING} one; those here are: {', '.join(fitting) or 'none'}"
        raise Problems([Problem(f"--application: {message}", resource.where() if resource else None, hint)])
    return Meant(wanted.account, wanted.desired, address=address)


def _checked(connection: Connection, meant: Meant, text: Text) -> Ready:
    """The text with all that it needs, seen in the account. Raises `Problems`, of exit 3, or `ApiError`."""
    with Reader(connection) as reader:
        found = read_applications(reader, meant.account)
        sender = read_sender(reader, meant.account, text.sender)
    members, doubts = match(BY_NAME[KIND], meant.desired.wanted_members(KIND, ()), found)
    applications = [_named(member, meant.desired) for member in members]
    application = next(filter(meant.by, applications), None)
    problems = [*_not_there(meant, application, applications, doubts)]
    problems += obstacles(text.sender, sender, application, applications)
    if problems or application is None or sender.place is None:
        raise Problems(problems, exit_code=3)
    return Ready(meant.account, text, application, sender.place)


def _named(member: LiveResource, desired: Desired) -> Application:
    return Application(member, str(member.address) if desired.wanted(member.address) else "")


def _not_there(
    meant: Meant, application: Application | None, others: Iterable[Application], doubts: Iterable[Finding]
) -> Iterator[Problem]:
    """Why the application that is meant was not found."""
    if application:
        return
    if meant.id:
        yield Problem(f"the account has no application {meant.id}", hint=_instead(meant, others))
        return
    about = [each for each in doubts if each.address == meant.address]
    yield from (Problem(f"{each.address}: {each.message}", each.position, each.hint) for each in about)
    if not about:
        hint = "reconciler apply creates what the manifest declares"
        yield Problem(f"{meant.address} is not in the account", hint=hint)


def _instead(meant: Meant, others: Iterable[Application]) -> str:
    """What to say instead of an id that no application has: it may be a name, or a key of the manifest."""
    address = Address(KIND, (meant.id,))
    called = [each.id for each in others if each.name == meant.id]
    if not called and not meant.desired.wanted(address):
        return f"--application takes the id that the dashboard shows, or {KIND}.NAME of the manifest"
    return f"did you mean {address}?" + (f" what is called so has the id {few(called)}" if called else "")


def _send(connection: Connection, ready: Ready) -> Accepted:
    """Send it, once. Raises `ApiError` where nothing was sent, else `Problems`, of exit 5."""
    try:
        return send_text(connection, ready.account, ready.application.id, ready.text)
    except ApiError as error:
        if not error.lost:
            raise
        url = shown(ready.application.outbound)
        hint = f"it is not sent again; see whether an event arrives at {url} before you send another"
        raise Problems([Problem(f"{error}; {UNKNOWN}", hint=hint)], exit_code=5) from error
