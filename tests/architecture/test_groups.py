"""Tests that share a product or a browser must run on one worker, one after another."""

import pytest


@pytest.mark.xdist_group("launcher")
def test_a_group_is_known_to_the_workers(request):
    grouped = getattr(request.config.option, "loadgroup", False)  # as pytest-xdist tells its workers
    assert request.node.nodeid.endswith("@launcher") is grouped
