"""The contract: the .proto files and the code that `make proto` generates beside them."""
