"""The desk: where a public body's people work, in pages of their own."""
