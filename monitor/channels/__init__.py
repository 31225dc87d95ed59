"""The doors outward: how a rendered digest is delivered. One file a kind; `KINDS` names them."""
