"""Bytes in, bytes out: rules that no clock, socket or library of WebRTC reaches."""
