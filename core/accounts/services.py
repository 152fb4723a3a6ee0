"""What services are called: by service points, agreements, policies and payers alike."""

import re

SERVICE_PATTERN = "[a-z][a-z0-9_]*"
SERVICE_FORM = "a service: small letters, digits and _, as water"
SERVICE_MAX = 40
"""A service's name has at most so many characters."""


def is_service(text: str) -> bool:
    """Whether a text can be the name of a service."""
    return len(text) <= SERVICE_MAX and re.fullmatch(SERVICE_PATTERN, text) is not None
