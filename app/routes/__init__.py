"""One module a family of URLs: pages, the stream, exports, operations."""
