"""From evidence to an answer whose citations are exact spans, or a refusal that says why."""
