"""Messages of the contract to and from the core's objects."""
