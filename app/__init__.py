"""The web application: topics, runs, frames and the routes that serve them. It wraps `engine`, which never imports it."""
