"""The web application: topics, runs, frames and the routes that serve them. It wraps `engine`, which never imports it."""

VERSION = "0.1.0"
"""As in pyproject.toml, which is not there where the site runs from its image."""
