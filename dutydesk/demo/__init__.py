"""A lively shift over a throw-away home: everything in it is made up, and nothing leaves the machine."""
