"""A browser's media leg: SDP, ICE, DTLS and SRTP around the forwarder."""
