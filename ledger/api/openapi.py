"""The OpenAPI 3.1 file, made of the operations and of their types."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from ledger.api.asking import Form, Operation
from ledger.api.words import Problem

REFS = "#/components/schemas/{name}"
PROBLEMS = {
    "400": "A parameter is not what it must be (`bad_request`).",
    "401": "No key, or one that opens nothing (`no_key`, `not_signed_in`).",
    "403": "The key lacks the scope (`no_scope`).",
    "404": "There is no such day, link or address.",
    "405": "Only GET and HEAD are answered (`method_not_allowed`).",
    "503": "The database does not answer for now (`unavailable`).",
}


def document(root: str, operations: Iterable[Operation]) -> dict[str, Any]:
    """Describe the interface."""
    operations = tuple(operations)
    answers = [one.answer for one in operations if one.answer]
    schemas, components = msgspec.json.schema_components(
        [*answers, Problem], ref_template=REFS
    )
    found = dict(zip([*answers, Problem], schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Illico",
            "version": "1",
            "summary": "A company's own figures, lines and chain; read-only.",
        },
        "servers": [{"url": root}],
        "security": [{"key": []}],
        "paths": {one.path: {"get": _operation(one, found)} for one in operations},
        "components": {
            "schemas": components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def parameters(one: Operation) -> list[dict[str, Any]]:
    """List what an operation may be asked, with the schema of each."""
    _, components = msgspec.json.schema_components([one.params], ref_template=REFS)
    schema = components[one.params.__name__]
    in_path = set(re.findall(r"{(\w+)}", one.path))
    return [
        {
            "name": name,
            "in": "path" if name in in_path else "query",
            "required": name in schema.get("required", ()),
            "description": _described(facts),
            "schema": _plain(facts),
        }
        for name, facts in schema["properties"].items()
    ]


def _operation(one: Operation, schemas: dict[Any, Any]) -> dict[str, Any]:
    content = schemas[one.answer] if one.answer else {"type": "string"}
    problem = {"application/problem+json": {"schema": schemas[Problem]}}
    return {
        "operationId": one.name,
        "summary": one.summary[1],
        "x-summary-fr": one.summary[0],
        "x-scope": one.scope.value if one.scope else None,
        "parameters": parameters(one),
        "responses": {
            "200": {
                "description": "The answer." if one.form is Form.JSON else "The file.",
                "headers": _headers(one),
                "content": {one.form.value: {"schema": content}},
            },
            **(
                {"304": {"description": "Nothing changed since that ETag."}}
                if one.form is Form.JSON
                else {}
            ),
            **{
                status: {"description": text, "content": problem}
                for status, text in PROBLEMS.items()
            },
        },
    }


def _headers(one: Operation) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    return {"ETag": text} if one.form is Form.JSON else {"Content-Disposition": text}


def _described(facts: dict[str, Any]) -> str:
    kinds = [facts, *facts.get("anyOf", ())]
    return next((one["description"] for one in kinds if "description" in one), "")


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Leave out null: a parameter that is not given is not there."""
    kinds = [one for one in facts.get("anyOf", ()) if one.get("type") != "null"]
    schema = {**(kinds[0] if kinds else facts)}
    schema.pop("description", None)
    if schema.get("default", 0) is None:
        schema.pop("default")
    return schema
