"""The configuration of transitions: what it may say, and its secrets kept apart."""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from fulfillment.choices import TransitionCommand
from fulfillment.models import TransitionRule
from oms.kernel import errors, sealed

Config = dict[str, Any]

_TEXT = {"type": "string", "minLength": 1}
_SECONDS = {"type": "number", "exclusiveMinimum": 0, "maximum": 300}
INVOICE_CALL: Mapping[str, Any] = {
    "type": "object",
    "required": ["remote_url", "auth"],
    "properties": {
        "remote_url": {"type": "string", "pattern": "^https?://[^@]+$", "maxLength": 2048},
        "auth": {
            "type": "object",
            "required": ["request_type"],
            "properties": {
                "request_type": {"enum": ["anonymous", "basic_auth", "token"]},
                "username": _TEXT,
                "password": _TEXT,
                "token": _TEXT,
                "token_prefix": {"type": "string"},
            },
            "allOf": [
                {
                    "if": {"properties": {"request_type": {"const": "basic_auth"}}},
                    "then": {"required": ["username", "password"]},
                },
                {
                    "if": {"properties": {"request_type": {"const": "token"}}},
                    "then": {"required": ["token"]},
                },
            ],
        },
        "timeouts": {
            "type": "object",
            "properties": {"read": _SECONDS, "connect": _SECONDS},
        },
        "generate_invoice_number": {"type": "boolean"},
        "generate_invoice_url": {"type": "boolean"},
    },
}
SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Configuration of a state transition",
    "type": "object",
    "properties": {
        "sync_remote_order_status": {"type": "boolean", "default": True},
        "remote_bill_fulfillment_call": {"type": "boolean", "default": False},
        "remote_invoice_call": INVOICE_CALL,
        "carriers": {
            "description": "Carrier by number or code of a channel; null: packed without shipment",
            "type": "object",
            "additionalProperties": {"type": ["string", "null"]},
        },
    },
}
_SECRET = ("password", "token")
_VALIDATOR = Draft202012Validator(dict(SCHEMA))
_INVOICING = frozenset(
    {
        TransitionCommand.COMPLETE_PACKING,
        TransitionCommand.COMPLETE_PACKING_UNSHIPPED,
        TransitionCommand.COMPLETE_PACKING_BY_CHANNEL,
        TransitionCommand.SHIP,
        TransitionCommand.SHIP_ADVANCED,
        TransitionCommand.UPDATE_INVOICE,
    }
)


class RuleConfigInvalid(errors.InvalidInput):
    """The configuration says what the command cannot read. `details["problems"]`, by path."""

    code = "rule_config_invalid"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("The configuration is not valid", problems=dict(problems))
        self.problems = problems


def check_config(config: Mapping[str, Any], *, command: TransitionCommand) -> None:
    """Raises RuleConfigInvalid; members nobody knows are kept."""
    problems = {_path(error): _said(error) for error in _found(config)}
    if "remote_invoice_call" in config and command not in _INVOICING:
        problems["remote_invoice_call"] = "This command calls no invoice service"
    if problems:
        raise RuleConfigInvalid(problems)


def _found(config: Mapping[str, Any]) -> Iterator[ValidationError]:
    yield from sorted(_VALIDATOR.iter_errors(dict(config)), key=_path)


def _path(error: ValidationError) -> str:
    return ".".join(str(part) for part in error.absolute_path) or "config"


def _said(error: ValidationError) -> str:
    """What is wrong, without the value: it may be a secret."""
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return f"Missing: {', '.join(missing)}"
    return f"Not valid: {error.validator} {json.dumps(error.validator_value)}"[:200]


def store_config(rule: TransitionRule, config: Mapping[str, Any]) -> None:
    """Put a checked configuration into a row: secrets sealed, everything else as it is."""
    shown = copy.deepcopy(dict(config))
    auth = shown.get("remote_invoice_call", {}).get("auth", {})
    secrets = {name: auth.pop(name) for name in _SECRET if name in auth}
    rule.config, rule.secrets = shown, None
    if secrets:
        sealed.write(rule, "secrets", json.dumps(secrets))


def config_of(rule: TransitionRule) -> Config:
    """The configuration with its secrets, for whoever calls the invoice service. Never shown."""
    config: Config = copy.deepcopy(rule.config)
    if rule.secrets:
        config["remote_invoice_call"]["auth"].update(json.loads(sealed.read(rule, "secrets")))
    return config
