"""Values become HTML, Markdown, mail, feeds, JSON and documents: one file a format."""
