"""A warehouse system of somebody else's runs real orders through an installation of its own."""
