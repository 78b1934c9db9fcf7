"""The Vietnamese of /v1: complete, and compiled from what can be read.

msgfmt --check -o django.mo django.po
"""

import gettext
import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.utils import translation

from oms.api import v1
from oms.api.v1.road.codes import CODES
from tests.unit.api.texts import texts

CATALOG = Path(v1.__file__).parent / "locale/vi/LC_MESSAGES"
_ENTRY = re.compile(r'^msgid "((?:[^"\\]|\\.)+)"\nmsgstr "((?:[^"\\]|\\.)*)"$', re.MULTILINE)
_PLACES = re.compile(r"%(?:\([a-z_]+\))?[sd]")


def written():
    entries = _ENTRY.findall((CATALOG / "django.po").read_text())
    return {one.replace('\\"', '"'): other.replace('\\"', '"') for one, other in entries}


def test_every_text_is_translated():
    assert sorted(texts() - set(written())) == []


def test_what_is_used_was_compiled_from_what_is_written():
    with (CATALOG / "django.mo").open("rb") as compiled:
        catalog = gettext.GNUTranslations(compiled)

    assert {text: catalog.gettext(text) for text in written()} == written()


@pytest.mark.parametrize("text", sorted(written()))
def test_a_translation_has_the_same_places(text):
    assert sorted(_PLACES.findall(text)) == sorted(_PLACES.findall(written()[text]))


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_page_in_both_languages(code):
    page = get_template("v1/problem.html")

    for language in ("en", "vi"):
        with translation.override(language):
            shown = page.render({"code": CODES[code]})
        assert code in shown
        assert f'lang="{language}"' in shown
