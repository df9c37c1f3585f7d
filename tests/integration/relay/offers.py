"""Offers as a browser writes them, shortened."""

TRANSPORT_WIDE = (
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
)


def an_offer(username="user", direction="sendrecv"):
    return "\r\n".join(
        [
            "v=0",
            "o=- 1 2 IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0 1",
            *_section("audio", "0", username, ("111 opus/48000/2",), direction),
            *_section(
                "video",
                "1",
                username,
                ("96 VP8/90000", "97 rtx/90000", "98 H264/90000"),
                direction,
            ),
            "a=fmtp:97 apt=96",
            "a=rtcp-fb:96 goog-remb",
            "a=rtcp-fb:96 transport-cc",
            "a=rtcp-fb:96 nack",
            "a=rtcp-fb:96 nack pli",
            "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
            f"a=extmap:3 {TRANSPORT_WIDE}",
            "a=ssrc-group:FID 1001 1002",
            "a=ssrc:1001 cname:x",
            "a=ssrc:1002 cname:x",
            "",
        ]
    )


def _section(kind, mid, username, codecs, direction):
    numbers = " ".join(codec.split()[0] for codec in codecs)
    return [
        f"m={kind} 9 UDP/TLS/RTP/SAVPF {numbers}",
        "c=IN IP4 0.0.0.0",
        "a=candidate:1 1 udp 2113937151 b3b4ab7b-6a5f.local 51234 typ host",
        "a=end-of-candidates",
        f"a=ice-ufrag:{username}",
        "a=ice-pwd:oj/t1V95QJZSajv6ogZi70is",
        f"a=fingerprint:sha-256 {':'.join(['AB'] * 32)}",
        "a=setup:actpass",
        f"a=mid:{mid}",
        "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
        f"a={direction}",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        *(f"a=rtpmap:{codec}" for codec in codecs),
    ]


AUDIO_ONLY = an_offer().split("m=video")[0].replace("BUNDLE 0 1", "BUNDLE 0")
