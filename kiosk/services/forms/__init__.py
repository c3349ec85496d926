"""Forms that a site defines in its configuration: fields, checks, consent and queue, submitted through the journal. No Qt, no hardware."""
