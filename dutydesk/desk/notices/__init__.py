"""Notices: drafted, released, claimed and sent, recorded, confirmed."""
