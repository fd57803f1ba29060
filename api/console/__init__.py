"""The console: pages on the commands and queries that programs use too. Server-rendered; scripts only make them quicker to use."""
