"""E-mail: gathered from notices, rendered from templates, sent and recorded."""
