"""`dondoc`: one command per thing a person does."""
