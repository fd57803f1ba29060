"""What goes over the wire: bodies, answers, their examples and how the document describes them. No table does."""
