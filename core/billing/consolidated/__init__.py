"""Bills of several accounts of one address shown together; what is posted stays the accounts'."""
