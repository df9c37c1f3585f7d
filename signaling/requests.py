"""Names of requests to the queue: the same words give the same name, so a second
sending does nothing; different people's never meet.
"""

import hashlib

from queueing.model import RequestId


def request_id(*words: object) -> RequestId:
    """Name a request by everything that makes it the same one."""
    text = "\0".join(str(word) for word in words)
    return RequestId(hashlib.sha256(text.encode()).hexdigest()[:40])
