"""TURN credentials are short-lived and made as coturn checks them."""

import base64
import hashlib
import hmac

from signaling.turn import LIFETIME, ice_servers


def test_nothing_is_given_where_no_turn_server_is_configured():
    assert ice_servers([], secret="", leg="l", now=0) == ()


def test_the_password_is_the_hmac_of_expiry_and_leg():
    (server,) = ice_servers(["turns:t:443"], secret="key", leg="l", now=1000.7)

    assert server.username == f"{1000 + LIFETIME}:l"
    digest = hmac.new(b"key", server.username.encode(), hashlib.sha1).digest()
    assert server.credential == base64.b64encode(digest).decode()
