"""How the proxy proves to a broker who it is: the client side of SASL, with no I/O of its own but secret files."""
