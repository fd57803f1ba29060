"""Problems: what can go wrong, and how it is said (RFC 9457), in Vietnamese or English."""
