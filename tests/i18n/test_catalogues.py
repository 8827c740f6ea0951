from __future__ import annotations

import string

from dutydesk.i18n import catalogues

UPDATE = "run: python -m dutydesk.i18n.catalogues, and put the Chinese in"


def test_every_sentence_of_the_program_has_its_chinese() -> None:
    assert not catalogues.missing(catalogues.updated(catalogues.read())), UPDATE


def test_the_compiled_catalogue_is_that_of_today() -> None:
    assert catalogues.mo_path().read_bytes() == catalogues.mo_bytes(catalogues.read()), UPDATE


def test_the_chinese_fills_no_field_that_the_english_lacks() -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    for message in catalogues.read():
        if message.id and message.string:
            assert fields(str(message.string)) <= fields(str(message.id)), message.id
