"""The interface as a page that people read: made of the OpenAPI file, with no script."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

WORDS: Final = {
    "fr": {
        "title": "L’interface d’Illico pour les programmes",
        "lead": "Lecture seule, JSON. Une clé se crée sur la page « Clés » du portail.",
        "file": "Le fichier OpenAPI 3.1",
        "portal": "Le portail",
        "key": "Chaque demande montre la clé :",
        "scope": "Portée de la clé",
        "any": "n’importe quelle clé",
        "asked": "Paramètres",
        "answer": "Réponse",
        "file_answer": "Un fichier",
        "name": "Nom",
        "kind": "Forme",
        "meaning": "Sens",
        "problems": "Refus (application/problem+json)",
        "types": "Types",
        "needed": "obligatoire",
        "none": "aucun",
    },
    "en": {
        "title": "Illico’s interface for programs",
        "lead": "Read-only JSON. Keys are made on the page “Keys” of the portal.",
        "file": "The OpenAPI 3.1 file",
        "portal": "The portal",
        "key": "Each request shows the key:",
        "scope": "Scope of the key",
        "any": "any key",
        "asked": "Parameters",
        "answer": "Answer",
        "file_answer": "A file",
        "name": "Name",
        "kind": "Shape",
        "meaning": "Meaning",
        "problems": "Refusals (application/problem+json)",
        "types": "Types",
        "needed": "required",
        "none": "none",
    },
}


def html(document: Mapping[str, Any], language: str, codes: Mapping[str, str]) -> str:
    """Lay the document out; `codes` are the refusals, with what they mean."""
    say = WORDS[language]
    root = document["servers"][0]["url"]
    parts = [
        f"<h1>{escape(say['title'])}</h1><p>{escape(say['lead'])}</p>",
        (
            f'<p><a href="{root}/openapi.json">{escape(say["file"])}</a> · '
            f'<a href="/">{escape(say["portal"])}</a></p>'
        ),
        (
            f"<p>{escape(say['key'])}</p><pre tabindex=0>curl -H 'Authorization: Bearer "
            f"illico_…' {escape(root)}/me</pre>"
        ),
        *(
            _operation(root + path, methods["get"], say, language)
            for path, methods in document["paths"].items()
        ),
        f"<h2>{escape(say['problems'])}</h2>{_rows(say, _codes(codes))}",
        f"<details class=card><summary>{escape(say['types'])}</summary>",
        *(
            _type(name, schema, say)
            for name, schema in document["components"]["schemas"].items()
        ),
        "</details>",
    ]
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(say['title'])}</title>"
        '<link rel="icon" href="/assets/sla_portal/mark.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/assets/signaling/browser/base.css">'
        '<link rel="stylesheet" href="/assets/sla_portal/portal.css">'
        f'</head><body><main class="desk interface">{"".join(parts)}</main></body></html>'
    )


def _operation(
    path: str, facts: Mapping[str, Any], say: Mapping[str, str], language: str
) -> str:
    title = facts["x-summary-fr" if language == "fr" else "summary"]
    scope = facts["x-scope"]
    ((form, content),) = facts["responses"]["200"]["content"].items()
    shape = _shape(content["schema"])
    answer = shape if form == "application/json" else f"{say['file_answer']} ({form})"
    asked = [
        (
            _code(one["name"]),
            _shape(one["schema"]) + (f", {say['needed']}" if one["required"] else ""),
            escape(one["description"]),
        )
        for one in facts["parameters"]
    ]
    return (
        f'<section class="card" id="{escape(facts["operationId"])}">'
        f"<h2>{escape(title)}</h2><p><code>GET {escape(path)}</code></p>"
        f"<p>{escape(say['scope'])} : {_code(scope) if scope else escape(say['any'])}. "
        f"{escape(say['answer'])} : {answer}.</p>"
        f"<h3>{escape(say['asked'])}</h3>"
        f"{_rows(say, asked) if asked else '<p>' + escape(say['none']) + '</p>'}"
        "</section>"
    )


def _type(name: str, schema: Mapping[str, Any], say: Mapping[str, str]) -> str:
    rows = [
        (_code(field), _shape(facts), escape(facts.get("description", "")))
        for field, facts in schema.get("properties", {}).items()
    ]
    about = escape(schema.get("description", ""))
    return (
        f'<section class="card" id="type-{escape(name)}"><h3>{escape(name)}</h3>'
        f"<p lang=en>{about}</p>{_rows(say, rows) if rows else _shape(schema)}</section>"
    )


def _codes(codes: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    return [
        (f'<span id="{escape(code)}">{_code(code)}</span>', "", escape(text))
        for code, text in codes.items()
    ]


def _rows(say: Mapping[str, str], rows: Iterable[tuple[str, str, str]]) -> str:
    body = "".join(
        f'<tr><th scope="row">{name}</th><td>{kind}</td><td>{text}</td></tr>'
        for name, kind, text in rows
    )
    head = "".join(
        f'<th scope="col">{escape(say[word])}</th>'
        for word in ("name", "kind", "meaning")
    )
    return (
        '<div class="wide" tabindex="0"><table class="table"><thead><tr>'
        f"{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _shape(schema: Mapping[str, Any]) -> str:
    """Say in a word what a value looks like."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#type-{escape(name)}">{escape(name)}</a>'
    if "anyOf" in schema:
        return " | ".join(map(_shape, schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(_code(str(word)) for word in schema["enum"])
    if schema.get("type") == "array":
        items = schema.get("items")
        return f"[{_shape(items)}]" if isinstance(items, dict) else "[…]"
    if schema.get("type") == "object" and "additionalProperties" in schema:
        return "{…: " + _shape(schema["additionalProperties"]) + "}"
    return escape(str(schema.get("format") or schema.get("type", "…")))


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"
