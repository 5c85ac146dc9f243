"""A form: named fields for one reply, the schema they make, and the reading of what came.

The schema is flat, every field is required and no other is allowed; fields have names, not places,
because small models repeat the first entry of a list. What a provider promises about schemas is
checked again here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from causal_interface_gym.agents.elicitation.fields import Field
from causal_interface_gym.errors import ActionError, InvalidOutputError
from causal_interface_gym.gym.bounded import MAX_BYTES, read_json

__all__ = ["Filled", "Form", "Value"]

# Any: JSON.
Json = dict[str, Any]

Value = float | int | str

_MOST_FAULTS: Final = 8


@dataclass(frozen=True, slots=True)
class Filled:
    """What a reply says: a value for each field that is valid, and what is wrong with the others.

    ``method`` says how the reply was read: ``schema`` when it was exactly as asked, ``object`` for
    JSON inside other text, ``text`` for words, empty where nothing could be read.
    """

    values: Mapping[str, Value]
    faults: tuple[str, ...] = ()
    method: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether every field has its value and nothing else was said."""
        return not self.faults

    def over(self, before: "Filled") -> "Filled":
        """Put this reply over an earlier one: what is valid here replaces what was said there."""
        method = self.method or before.method
        return Filled({**before.values, **self.values}, self.faults, method)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a reply, in the order in which they are asked."""

    fields: tuple[Field, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields."""
        return tuple(field.name for field in self.fields)

    @property
    def schema(self) -> Json:
        """The JSON schema of the reply."""
        return {
            "type": "object",
            "properties": {field.name: field.schema for field in self.fields},
            "required": list(self.names),
            "additionalProperties": False,
        }

    def read(self, text: str) -> Filled:
        """Read a reply that must be the object and nothing else."""
        if len(text) > MAX_BYTES:
            return Filled({}, (f"the reply has {len(text)} characters; it is a short object",))
        try:
            data = read_json(text)
        except ActionError as error:
            return Filled({}, (str(error),))
        return self.check(data)

    def check(self, data: object) -> Filled:
        """Read an object; a field with a fault has no value, the others keep theirs."""
        if not isinstance(data, Mapping):
            return Filled({}, (f"the reply is an object with {len(self.fields)} fields",))
        values: dict[str, Value] = {}
        faults: list[str] = []
        for field in self.fields:
            if field.name not in data:
                faults.append(f"{field.name} is missing")
                continue
            try:
                values[field.name] = field.read(data[field.name])
            except InvalidOutputError as error:
                faults.append(str(error))
        unknown = [key for key in data if key not in set(self.names)]
        if unknown:
            faults.append(f"there is no field {json.dumps(str(unknown[0])[:60])}")
        return Filled(values, tuple(faults[:_MOST_FAULTS]), "schema")
