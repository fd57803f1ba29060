"""The pages: server-rendered, Vietnamese first."""
