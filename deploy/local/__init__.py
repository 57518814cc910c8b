"""The stack on one machine: embedded servers, the services, and the `parley` command."""
