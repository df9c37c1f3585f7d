"""Who talks to whom: pages, sockets, the wire protocol."""
