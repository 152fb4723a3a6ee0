"""The commands of `billcore`, a module a group; `cli` puts them together."""
