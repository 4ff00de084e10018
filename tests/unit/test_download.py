"""A file to keep: its name is told whatever stands in it, and ends nothing but the name."""

from email.message import Message

import pytest

from api.download import download


@pytest.mark.parametrize(
    "name",
    ["memo-zorg-1.2.md", "één œuvre.md", 'a"; filename="b.md', "a\r\nSet-Cookie: x=1.md", "../a.md", ".md"],
)
def test_a_name_is_told_whole_and_on_one_line(name):
    told = download(b"", name).headers["content-disposition"]
    assert told.isascii()
    assert told.isprintable()
    message = Message()
    message["Content-Disposition"] = told
    assert message.get_filename() == name


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.csv", "text/csv; charset=utf-8"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a-1.2.html", "text/html; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.md", "text/markdown; charset=utf-8"),
    ],
)
def test_a_file_has_the_type_of_its_name(name, media_type):
    assert download(b"", name).headers["content-type"] == media_type
