"""What must not show of a lease."""

from monitor.model import Lease, Standing


def test_path_and_secret_do_not_show() -> None:
    lease = Lease("courier", "https://hub.example/", "https://courier.example/feed", "t0ken", "s3cret")
    assert lease.standing is Standing.OFFERED
    assert "t0ken" not in repr(lease)
    assert "s3cret" not in repr(lease)
