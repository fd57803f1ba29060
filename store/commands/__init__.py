"""Commands: each thing a person does, as one function, one transaction, one journal entry per thing touched."""
