"""The page on erasure says what the registries say."""

from tests.support.erasure_page import PAGE, written


def test_the_tables_of_the_page_are_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), "run `python -m tests.support.erasure_page`"
