"""A relay on a bad network: ``python lossy_relay.py PERCENT`` loses on both legs."""

import random
import sys

from relay.__main__ import main
from relay.forwarding.rtp import is_rtcp
from relay.transport.media_path import MediaPath
from relay.transport.private import RelayConnection

if __name__ == "__main__":
    share = float(sys.argv[1]) / 100
    chance = random.Random(1)
    receive, send = MediaPath.take, RelayConnection.send_now

    def lossy_receive(self, data):
        if is_rtcp(data) or chance.random() >= share:
            receive(self, data)

    def lossy_send(self, data):
        if is_rtcp(data) or chance.random() >= share:
            send(self, data)

    setattr(MediaPath, "take", lossy_receive)  # noqa: B010
    setattr(RelayConnection, "send_now", lossy_send)  # noqa: B010
    main()
