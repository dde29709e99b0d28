"""Strict JSON: one meaning, or none."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet.documents.strict_json import JsonProblem, dumps, dumps_bytes, parse, parse_object
from wallet.limits import LIMITS

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=25,
)


def problem(data: bytes, **limits: int) -> JsonProblem:
    with pytest.raises(JsonProblem) as caught:
        parse(data, replace(LIMITS, **limits))
    return caught.value


@settings(max_examples=100, deadline=None)
@given(JSON_VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_valid_documents_are_read_as_python_reads_them(value, ascii_only, indent) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert parse(text.encode()).value == json.loads(text)


@settings(max_examples=100, deadline=None)
@given(JSON_VALUES)
def test_what_is_written_is_read_again(value) -> None:
    assert parse(dumps_bytes(value)).value == value


@settings(max_examples=100, deadline=None)
@given(st.binary() | st.text('[]{},:"\\u0dD8019eE+-.nulltrefas').map(str.encode))
def test_arbitrary_bytes_raise_nothing_but_json_problems(data) -> None:
    try:
        parse(data)
    except JsonProblem as error:
        assert error.code
        assert error.message and not error.message.endswith(".")


@pytest.mark.parametrize("text", ['{"a":1,"a":1}', '{"x":{"b":1,"c":2,"b":3}}', '[{"a":1,"\\u0061":2}]', '{"":1,"":2}'])
def test_a_member_given_twice_is_refused(text) -> None:
    assert problem(text.encode()).code == "duplicate-key"


def test_the_name_of_a_repeated_member_is_cleaned() -> None:
    assert "\x1b" not in problem(b'{"\\u001b]0;x":1,"\\u001b]0;x":2}').message


@pytest.mark.parametrize(
    "text",
    ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9223372036854775808", "-9223372036854775809", "1" * 4301],
)
def test_numbers_that_other_readers_see_differently_are_refused(text) -> None:
    assert problem(f'{{"n":[{text}]}}'.encode()).code == "number"


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 0, 1.5, 1e308, 5e-324])
def test_numbers_within_bounds_keep_their_value(number) -> None:
    read = parse(json.dumps(number).encode()).value
    assert read == number
    assert not isinstance(read, float) or math.isfinite(read)


@pytest.mark.parametrize("text", [r'"\ud800"', r'{"\udfff":1}', r'["\udc00\ud800"]', r'"\uD83Dx"'])
def test_a_lone_surrogate_is_refused(text) -> None:
    assert problem(text.encode()).code == "surrogate"


def test_a_surrogate_pair_is_one_character() -> None:
    assert parse(rb'"\ud83d\ude00"').value == "\U0001f600"


@pytest.mark.parametrize(
    "data",
    [
        '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-16-le") + b"\xff",
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\xc0\xaf"',
        '"é"'.encode("latin-1"),
    ],
)
def test_text_that_is_not_utf8_is_refused(data) -> None:
    assert problem(data).code == "encoding"


def test_an_encoding_problem_names_line_and_column_in_characters() -> None:
    error = problem('{"é":1,\n"ü":"'.encode() + b'\xff"}')
    assert (error.line, error.column) == (2, 6)


def test_utf16_without_a_mark_is_not_guessed() -> None:
    assert problem('{"a":1}'.encode("utf-16-be")).code == "syntax"


def test_a_byte_order_mark_is_told_and_stripped() -> None:
    parsed = parse(b'\xef\xbb\xbf{"a":1}')
    assert parsed.bom and parsed.value == {"a": 1}
    assert not parse(b"{}").bom
    assert problem(b"\xef\xbb\xbf\xef\xbb\xbf{}").code == "syntax"


@pytest.mark.parametrize("text", ["", " ", "{", "{}{}", "[1,]", "{'a':1}", '"a\nb"', "01", "+1", "nul", '{"a"}', "\0"])
def test_what_is_not_one_json_value_is_a_syntax_problem(text) -> None:
    error = problem(text.encode())
    assert error.code == "syntax" and error.line is not None and error.column is not None
    assert not error.limit


def test_depth_is_capped_and_undetermined() -> None:
    deepest = LIMITS.json_depth
    assert parse(b"[" * deepest + b"]" * deepest).value is not None
    error = problem(b"[" * (deepest + 1) + b"]" * (deepest + 1))
    assert error.code == "too-deep" and error.limit


def test_brackets_inside_texts_do_not_count() -> None:
    text = json.dumps({"a": "[" * 500 + '\\"{' * 500, "b": ["," * 60_000]})
    assert parse(text.encode()).value == json.loads(text)


@pytest.mark.parametrize("unit", ["[]", "{}", "1", '{"a":1}', "[[]]"])
def test_exactly_so_many_values_pass_and_no_more(unit) -> None:
    each = {"[]": 1, "{}": 1, "1": 1, '{"a":1}': 2, "[[]]": 2}[unit]
    count = 1_000 // each
    text = ("[" + ", ".join([unit] * count) + "]").encode()
    assert parse(text, replace(LIMITS, json_nodes=1_000 + 1)).value
    error = problem(text, json_nodes=1_000)
    assert error.code == "too-big" and error.limit


def test_an_object_full_of_members_is_counted() -> None:
    text = json.dumps({str(n): n for n in range(60_000)}).encode()
    assert problem(text).code == "too-big"


def test_a_text_that_never_ends_is_looked_at_once() -> None:
    assert problem(b'["' + b"\\a" * 100_000 + b"{" * 100_000).code in ("syntax", "too-big", "too-deep")


def test_a_document_over_the_cap_is_not_read() -> None:
    assert problem(b'"' + b"a" * 100 + b'"', credential_bytes=100).limit


def test_a_stack_that_is_nearly_used_up_is_a_cap_and_no_crash() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    assert problem(deep, json_depth=10**6, json_nodes=10**6).code == "too-deep"


def test_an_object_is_asked_for_and_given() -> None:
    assert parse_object(b'{"a":[]}') == {"a": []}
    for text in (b"[]", b"1", b'"{}"', b"null"):
        with pytest.raises(JsonProblem, match="not an object"):
            parse_object(text)


def test_written_json_is_compact_ascii_in_the_given_order() -> None:
    assert dumps({"b": "é", "a": [1, None]}) == '{"b":"\\u00e9","a":[1,null]}'
    with pytest.raises(ValueError):
        dumps(float("nan"))
