"""Files of keys, as settings name them: a key a line, its id first; # begins a comment."""

import re
from collections.abc import Iterator

from billcore.core.errors import SettingsInvalid


def key_lines(
    text: str, setting: str, form: re.Pattern[str], told: str
) -> Iterator[tuple[str, re.Match[str]]]:
    """The id of each key with its line as the form reads it, whose group `id` it is, in order.

    told: the form in words, as in "line 2 is not …". Raises SettingsInvalid with the line, never
    with what stands there.
    """
    seen = set[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        if not (content := line.partition("#")[0].strip()):
            continue
        found = form.fullmatch(content)
        if found is None:
            raise SettingsInvalid(setting, f"line {number} is not {told}.")
        if found["id"] in seen:
            raise SettingsInvalid(setting, f"line {number}: {found['id']!r} is there already.")
        seen.add(found["id"])
        yield found["id"], found
