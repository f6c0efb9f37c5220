"""The JSON documents' shapes as JSON Schemas (draft 2020-12), as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.execute import State
from reconciler.kinds.hosts import FIELDS as HOSTS
from reconciler.model import Action, Severity
from reconciler.outputs import NUMBERS, USERS
from reconciler.report.as_json import ERROR, OUTCOME, PLAN
from reconciler.report.history import HISTORY
from reconciler.report.outputs import OUTPUTS
from reconciler.report.smoke import SMOKE
from reconciler.runs import UNKNOWN, End

Schema = dict[str, Any]


def _of(kind: str, description: str, **more: Any) -> Schema:
    return {"type": kind, "description": description, **more}


def _text(description: str) -> Schema:
    return _of("string", description)


def _count(description: str) -> Schema:
    return _of("integer", description, minimum=0)


def _counts(description: str) -> Schema:
    return _of("object", description, additionalProperties={"type": "integer"})


def _flag(description: str) -> Schema:
    return _of("boolean", description)


def _object(description: str, properties: Mapping[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return _of("object", description, properties=dict(properties), required=required,
               additionalProperties=False)  # fmt: skip


def _list(description: str, items: Schema) -> Schema:
    return _of("array", description, items=items)


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _document(name: str, description: str, properties: Mapping[str, Schema], *defs: str) -> Schema:
    form = properties["format"]["const"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:bandwidth-{form.replace('.', ':').replace('/', ':')}",
        "title": f"reconciler {name}",
        **_object(description, properties),
        **({"$defs": {each: DEFS[each] for each in defs}} if defs else {}),
    }


ADDRESS = _text("What it is about, as in location.production/support.")
DIGEST = _of("string", "Hex SHA-256.", pattern="^[0-9a-f]{64}$")
PLACE: Mapping[str, Schema] = {
    "file": {"type": ["string", "null"], "description": "The manifest file that causes it."},
    "line": {"type": ["integer", "null"], "minimum": 1, "description": "Counted from 1."},
    "column": {"type": ["integer", "null"], "minimum": 1, "description": "Counted from 1."},
}
MESSAGE = _text("What it is and why.")
HINT = _text("What would help; empty when nothing is known.")
ACTION: Schema = {"enum": [str(action) for action in Action], "description": "What the step does."}
CHANGE = _object("One field's move.", {
    "path": _text("The field's name in the manifest."),
    "before": _ref("value"),
    "after": _ref("value"),
    "secret": _flag('Whether it is a password; then the sides are null or "set".'),
    "rotated": _flag("Present and true where it is a password, and not the one that was last sent."),
}, optional=("rotated",))  # fmt: skip
CALL = _object("One request.", {
    "method": {"enum": ["POST", "PUT", "PATCH", "DELETE"], "description": "The HTTP method."},
    "path": _text("Below the API's origin; {address} is an id that is not known yet."),
    "conditional": _flag("Present and true where it is left out if a read before shows that it can be."),
}, optional=("conditional",))  # fmt: skip
DEFS: Mapping[str, Schema] = {
    "value": {
        "description": "A field's value; null when it is not set.",
        "type": ["string", "integer", "boolean", "null", "array", "object"],
        "items": _ref("value"),
        "additionalProperties": _ref("value"),
    },
    "step": _object("One thing to do.", {
        "id": _text("The address, #, and the action."),
        "address": ADDRESS,
        "action": ACTION,
        "needs": _list("Ids of the steps that must be done first.", _text("A step's id.")),
        "changes": _list("The fields that move.", CHANGE),
        "calls": _list("The requests that it may make, each at most once.", CALL),
        "observed": _of("object", "The compared fields as they were seen.",
                        additionalProperties=_ref("value")),
        "quantity": _count("How many numbers the step buys, if any."),
        "released": _list("The numbers that the step gives up for ever, if any.", _text("In E.164.")),
    }, optional=("quantity", "released")),
    "finding": _object("Something to know about a change, or what stops it.", {
        "address": ADDRESS,
        "severity": {"enum": [str(severity) for severity in Severity],
                     "description": "A hazard is a refusal unless it is allowed."},
        "message": MESSAGE,
        "hint": HINT,
        **PLACE,
    }),
    "pending": _object("Numbers of one pool that come with open orders.", {
        "address": ADDRESS,
        "order_ids": _list("The orders.", _text("An order's id.")),
        "quantity": _count("How many numbers they may still deliver."),
    }),
}  # fmt: skip
TOOL = _text("The version of reconciler that wrote it.")
ACCOUNT = _text("The account's id.")
MANIFEST = _object("What it was made from.", {
    "files": _list("In the order of merging.", _text("As it was named.")),
    "sha256": _text("Of the merged, interpolated document, secrets as references."),
})  # fmt: skip
ID_CREATED: Schema = {"type": ["string", "null"], "description": "The id of what was created."}
EXIT = _count("The exit code of the run.")
PENDING = _list("Numbers that come with open orders.", _ref("pending"))
WARNINGS = _list("What a reader must know.", _ref("finding"))


def _moment(description: str) -> Schema:
    pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
    return _of("string", description, format="date-time", pattern=pattern)


PLAN_SCHEMA = _document("plan", "What an apply would do.", {
    "format": {"const": PLAN},
    "tool": TOOL,
    "account": ACCOUNT,
    "created_at": _moment("When the account was read, in UTC."),
    "expires_at": _moment("From when on it is not applied any more, in UTC."),
    "manifest": MANIFEST,
    "summary": _object("Steps by action, and other totals.", {
        **{str(action): _count(f"Steps that {action}.") for action in Action},
        "numbers_ordered": _count("Numbers that the plan buys."),
        "numbers_released": _count("Numbers that the plan gives up for ever."),
        "numbers_pending": _count("Numbers that come with open orders."),
        "unmanaged": _count("Live objects that the manifest does not name."),
    }),
    "steps": _list("In an order in which they can be done.", _ref("step")),
    "pending": PENDING,
    "surplus": _list("Pools with more numbers than wanted. What --release names is given up.", _object(
        "One pool.", {
            "address": ADDRESS,
            "count": _count("Numbers wanted."),
            "present": _count("Numbers there."),
            "surplus": _count("How many too many."),
            "candidates": _list("Those proposed to be given up first.", _text("In E.164.")),
        })),
    "unmanaged": _list("Live objects that the manifest does not name.", _object(
        "One object.", {"address": ADDRESS, "id": _text("Its id in the API.")})),
    "warnings": WARNINGS,
    "refusals": _list("Why apply would not start.", _ref("finding")),
    "pools": _list("Every pool that the manifest names.", _object("One pool.", {
        "address": ADDRESS,
        "count": _count("Numbers wanted."),
        "present": _count("Numbers there."),
        "pending": _count("Numbers that come with open orders."),
        "ordered": _count("Numbers that the plan buys."),
        "numbers": _list("The numbers at the location that count for it, newest first.", _text("In E.164.")),
    })),
    "options": _object("The options that it was made with.", {
        "only": _list("--only", ADDRESS),
        "allow_hazard": _list("--allow-hazard", ADDRESS),
        "resend_secrets": _list("--resend-secrets", ADDRESS),
        "release": _list("--release", _text("A number, as it was written.")),
    }),
    "sha256": DIGEST | {"description": "Of everything but the times, the tool and this."},
}, "value", "step", "finding", "pending")  # fmt: skip

OUTCOME_SCHEMA = _document("outcome", "How an apply ended.", {
    "format": {"const": OUTCOME},
    "tool": TOOL,
    "account": ACCOUNT,
    "exit": EXIT,
    "converged": _flag("Whether every step was done and a second plan was empty."),
    "interrupted": _flag("Whether the run was told to stop."),
    "summary": _object("Steps by how they ended, and the numbers delivered.", {
        **{str(state): _count(f"Steps that are {state}.") for state in State},
        "numbers": _count("Numbers that the run's orders delivered."),
        "released": _count("Numbers that the run gave up."),
    }),
    "steps": _list("The plan's steps, in its order.", _object("How one step ended.", {
        "id": _text("The address, #, and the action."),
        "address": ADDRESS,
        "action": ACTION,
        "state": {"enum": [str(state) for state in State], "description": "How it ended."},
        "message": _text("Why it is not done; empty when it is."),
        "hint": HINT,
        "id_created": ID_CREATED,
        "numbers": _count("Numbers delivered, or given up."),
    })),
    "residue": {"type": ["array", "null"], "items": _ref("step"),
                "description": "Steps of a second plan; null when the account was not read again."},
    "pending": PENDING,
    "warnings": WARNINGS,
    "refusals": _list("What a second plan refuses.", _ref("finding")),
    "reminder": _text("What is still to be done elsewhere; empty when nothing is."),
    "trouble": _text("Why the account was not read again; empty when it was."),
}, "value", "step", "finding", "pending")  # fmt: skip

ERROR_SCHEMA = _document("error", "Why there is no plan or outcome.", {
    "format": {"const": ERROR},
    "exit": EXIT,
    "problems": _list("Every problem that was found.", _object("One problem.", {
        "message": MESSAGE, **PLACE, "hint": HINT,
    })),
})  # fmt: skip

WHEN = _moment("In UTC; null where it is not known.") | {"type": ["string", "null"]}
HISTORY_SCHEMA = _document("history", "Past runs, newest first.", {
    "format": {"const": HISTORY},
    "account": ACCOUNT,
    "runs": _list("One for each run.", _object("One run. What cannot be read is null or empty.", {
        "id": _text("Its id; ids sort by time."),
        "end": {"enum": [str(end) for end in End], "description": "What is known of how it ended."},
        "began_at": WHEN,
        "ended_at": WHEN,
        "exit": {"type": ["integer", "null"], "description": "Its exit code; null where it did not end."},
        "interrupted": _flag("Whether it was told to stop."),
        "command": _text("What was run."),
        "tool": TOOL,
        "owner": _text("Who ran it."),
        "host": _text("On which machine."),
        "manifest": MANIFEST | {"type": ["object", "null"]},
        "planned": _counts("What the plan would do."),
        "states": _counts("Steps by how they ended."),
        "done": _counts("Steps that were done, by action."),
        "numbers": _of("integer", "Numbers that its orders delivered."),
        "steps": {"type": ["array", "null"], "description": "Null in a list of runs.", "items": _object(
            "One step.", {
                "id": _text("The address, #, and the action."),
                "address": ADDRESS,
                "action": _text("What it does; empty where that cannot be read."),
                "state": _text(f"How it ended; {UNKNOWN} where it began and no end was written down."),
                "at": WHEN,
                "message": _text("Why it is not done; empty when it is."),
                "hint": HINT,
                "id_created": ID_CREATED,
                "numbers": _of("integer", "Numbers delivered."),
            })},
    })),
})  # fmt: skip

_TOLD: Schema = {"type": ["string", "null"], "description": "Null where the API did not tell it."}
SMOKE_SCHEMA = _document("smoke", "A test message that was accepted.", {
    "format": {"const": SMOKE},
    "tool": TOOL,
    "account": ACCOUNT,
    "exit": {"const": 0, "description": "Whatever was not accepted is an error document."},
    "state": {"const": "accepted", "description": "Put in the queue (202): not sent yet, nor delivered."},
    "message": _object("What was accepted.", {
        "id": {"type": ["string", "null"], "description": "As its events have it; null where none was told."},
        "segments": _TOLD | {"type": ["integer", "null"]},
        **{end: _text("E.164.") for end in ("from", "to")},
        "text": _text("What it says."),
    }),
    "application": _object("What it goes through.", {
        "id": _text("The API's id."),
        "name": _text("Its AppName."),
        "address": {"type": ["string", "null"], "description": "Null where no manifest names it."},
    }),
    "location": _object("Where the sending number is.", {
        **{name: _text("The API's id.") for name in ("id", "sub_account_id")},
        **dict.fromkeys(("name", "sub_account"), _TOLD),
    }),
    "events": _object("How one hears what became of it.", {
        "url": _text("Where they are posted, without user, password and query."),
        "types": _list("Those that are requested.", _text("As message-delivered.")),
    }),
})  # fmt: skip

VALUES: Mapping[str, Schema] = {
    "id": _text("The id of an application, a sub-account or a location."),
    **{name: _text(f"The user of {block}.") for block, name in USERS.items()},
    **{name: _list("SIP hosts, in the order of the API.", _text("A host, with its port if it has one."))
       for name in HOSTS},
    NUMBERS: _list("The numbers of a pool.", _of("string", "In E.164.", pattern=r"^\+1[0-9]{10}$")),
}  # fmt: skip
OUTPUTS_SCHEMA = _document("outputs", "What other systems need of what the manifest names and is live.", {
    "format": {"const": OUTPUTS},
    "account": ACCOUNT,
    "outputs": _of("object", "By address.",
                   additionalProperties=_object("What there is.", VALUES, optional=tuple(VALUES))),
    "missing": _list("What the manifest names and is not live.", ADDRESS),
})  # fmt: skip
