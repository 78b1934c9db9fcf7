"""What explains /v1 to integrators: the OpenAPI document, its page, and a page per problem."""
