"""The doors for other programs: the protocol of OpenAI's chat completions, and the Model Context Protocol."""
