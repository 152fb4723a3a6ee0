"""Writes docs/settings.md of the settings that the server has."""

from pathlib import Path

from billcore.server.settings_shown import reference

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"

if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
