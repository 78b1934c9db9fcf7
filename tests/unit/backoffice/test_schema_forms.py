"""Forms drawn from JSON Schemas: what is drawn, what is read back, and what is wrong with it."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from oms.backoffice.schema_forms import MASK, Kind, SchemaForm

SCHEMA = {
    "type": "object",
    "required": ["auth", "name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "description": "Shown in lists"},
        "auth": {
            "type": "object",
            "required": ["username", "password"],
            "properties": {
                "username": {"type": "string"},
                "password": {"type": "string", "writeOnly": True},
            },
        },
        "timeout": {"type": "number", "minimum": 0},
        "limit": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]},
        "split": {"enum": ["never", "by_line"]},
        "is_active": {"type": "boolean", "default": True},
        "is_fast": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "days": {"type": "array", "items": {"enum": ["mon", "tue"]}, "uniqueItems": True},
        "ranking": {"type": "array", "items": {"enum": ["priority", "cost"]}},
        "rows": {"type": "array", "items": {"$ref": "#/$defs/row"}},
        "conf": {"type": "object"},
    },
    "$defs": {
        "row": {
            "type": "object",
            "required": ["endpoint"],
            "properties": {
                "endpoint": {"type": "string"},
                "token": {"type": "string", "writeOnly": True},
            },
        }
    },
}
KINDS = {"ranking": Kind.ORDER}
WHOLE = {
    "name": "Shop",
    "auth": {"username": "oms", "password": MASK},
    "timeout": 2.5,
    "limit": 3,
    "split": "by_line",
    "is_active": False,
    "is_fast": True,
    "tags": ["a", "b"],
    "days": ["tue"],
    "ranking": ["cost", "priority"],
    "rows": [{"endpoint": "orders", "token": MASK}, {"endpoint": "cities"}],
    "conf": {"deep": {"er": [1]}},
}


def drawn(value, **kwargs):
    return SchemaForm(SCHEMA, value=value, kinds=KINDS, **kwargs).root


def member(node, path):
    for part in path.split("."):
        node = next(child for child in node.children if child.name.endswith(f".{part}"))
    return node


def inputs(node):
    """What a browser would post of a drawn form."""
    found = []
    match node.kind:
        case Kind.YES_NO:
            found += [(node.name, "on")] if node.is_on else []
        case Kind.SECRET:
            found += [(node.name, "")]
            found += [(f"{node.name}:kept", "1")] if node.is_on else []
        case Kind.CHOICES:
            found += [(node.name, option.value) for option in node.options if option.is_chosen]
        case Kind.ORDER:
            for rank in node.ranks:
                chosen = [option.value for option in rank if option.is_chosen]
                found.append((node.name, chosen[0] if chosen else ""))
        case Kind.GROUP | Kind.ROWS:
            found += [(f"{node.name}:count", str(len(node.children)))]
            found += [(f"{node.name}:rest", node.rest)] if node.rest else []
        case _:
            found.append((node.name, node.value))
    for child in node.children:
        found += inputs(child)
    return found


def posted(value, **changes):
    """The form of a value as it comes back; a change of None leaves an input out."""
    query = QueryDict(mutable=True)
    for name, text in inputs(drawn(value)):
        query.appendlist(name, text)
    for name, text in changes.items():
        if text is None:
            query.pop(name, None)
        else:
            query[name] = text
    return query


def bound(value, **changes):
    return SchemaForm(SCHEMA, posted=posted(value, **changes), kinds=KINDS)


def test_what_was_drawn_comes_back_as_it_was():
    form = bound(WHOLE)

    assert form.is_valid()
    assert form.value == WHOLE


def test_members_that_were_not_said_stay_unsaid():
    little = {"name": "Shop", "auth": {"username": "oms", "password": MASK}}

    form = bound(little)

    assert form.is_valid()
    assert form.value == little


def test_a_stored_secret_is_never_drawn():
    node = member(drawn(WHOLE), "auth.password")

    assert (node.kind, node.is_on, node.value) == (Kind.SECRET, True, "")


@pytest.mark.parametrize(("typed", "read"), [("", MASK), ("new", "new")])
def test_an_empty_secret_is_kept_and_a_typed_one_replaces_it(typed, read):
    form = bound(WHOLE, **{"v.auth.password": typed})

    assert form.value["auth"]["password"] == read


def test_a_secret_that_was_never_stored_must_be_typed():
    form = bound({"name": "Shop", "auth": {"username": "oms"}})

    assert not form.is_valid()
    assert form.errors == {"auth.password": ["This must be given."]}


@pytest.mark.parametrize(
    ("name", "typed", "path", "sentence"),
    [
        ("v.name", "", "name", "This must be given."),
        ("v.timeout", "soon", "timeout", "Enter a number."),
        ("v.timeout", "-1", "timeout", "Enter 0 or more."),
        ("v.limit", "1.5", "limit", "Enter a whole number."),
        ("v.split", "always", "split", "This is none of the values it may have: never, by_line."),
        ("v.rows.1.endpoint", "", "rows.1.endpoint", "This must be given."),
        ("v.conf", "{", "conf", "Enter a JSON object."),
    ],
)
def test_a_fault_is_told_at_its_path(name, typed, path, sentence):
    form = bound(WHOLE, **{name: typed})

    assert not form.is_valid()
    assert form.errors == {path: [sentence]}
    assert member(form.root, path).errors == (sentence,)


def test_what_was_typed_wrongly_is_drawn_again():
    form = bound(WHOLE, **{"v.timeout": "soon"})
    form.is_valid()

    assert member(form.root, "timeout").value == "soon"


def test_a_member_nobody_knows_is_kept_and_told():
    form = bound(WHOLE | {"more": 1})

    assert form.value["more"] == 1
    assert not form.is_valid()
    assert form.errors == {"": ["more: Nobody knows this member."]}


@pytest.mark.parametrize(
    ("button", "endpoints"),
    [
        ("add:rows", ["orders", "cities", None]),
        ("drop:rows.0", ["cities"]),
        ("up:rows.1", ["cities", "orders"]),
        ("up:rows.0", ["orders", "cities"]),
        ("drop:rows.7", ["orders", "cities"]),
        ("drop:nothing.0", ["orders", "cities"]),
        ("shout:rows.0", ["orders", "cities"]),
    ],
)
def test_buttons_of_a_list_change_its_rows_and_save_nothing(button, endpoints):
    form = bound(WHOLE, _rows=button)

    assert not form.is_valid()
    assert form.errors == {}
    assert [row.get("endpoint") for row in form.value["rows"]] == endpoints


def test_a_list_that_is_not_there_yet_gets_its_first_row():
    form = bound({"name": "Shop", "auth": {"username": "oms"}}, _rows="add:rows")

    assert form.value["rows"] == [{}]


def test_choices_the_page_knows_are_offered_and_a_chosen_stranger_stays():
    options = {"tags": [("a", "Alpha"), ("c", "Gamma")]}
    form = SchemaForm(SCHEMA, value=WHOLE, options=options, kinds={"tags": Kind.CHOICES, **KINDS})

    shown = [(each.value, each.label, each.is_chosen) for each in member(form.root, "tags").options]

    assert shown == [("a", "Alpha", True), ("c", "Gamma", False), ("b", "b (unknown)", True)]


def test_a_box_that_says_the_default_says_nothing():
    on = bound(WHOLE, **{"v.is_active": "on"})
    unsaid = bound(WHOLE, **{"v.is_fast": ""})

    assert "is_active" not in on.value
    assert "is_fast" not in unsaid.value


def test_refusals_of_a_service_stand_beside_those_of_the_schema():
    form = bound(WHOLE, **{"v.timeout": "soon"})
    form.is_valid()

    form.add_errors({"timeout": ["It is too long."], "auth": ["Nobody is called so."]})

    assert form.errors == {
        "timeout": ["Enter a number.", "It is too long."],
        "auth": ["Nobody is called so."],
    }


def test_a_number_alone_is_a_form_too():
    schema = {"type": "integer", "minimum": 1}
    form = SchemaForm(schema, posted=QueryDict("v=0"))

    assert not form.is_valid()
    assert form.errors == {"": ["Enter 1 or more."]}


def test_a_list_alone_grows_and_shrinks_too():
    schema = {"type": "array", "items": SCHEMA["$defs"]["row"]}
    posted = {"v:count": "1", "v.0.endpoint": "orders"}

    grown = SchemaForm(schema, posted=QueryDict(_encoded(posted, "add:")))
    shrunk = SchemaForm(schema, posted=QueryDict(_encoded(posted, "drop:0")))

    assert grown.value == [{"endpoint": "orders"}, {}]
    assert shrunk.value == []


def _encoded(posted, button):
    return urlencode({**posted, "_rows": button})
