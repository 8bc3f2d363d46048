"""Bodies of msgpack for schemathesis, which has no words for them."""

import msgpack
import schemathesis


def packable(value):
    """Integers beyond 64 bits, which msgpack has no form for, become floating point numbers."""
    if isinstance(value, dict):
        return {key: packable(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [packable(entry) for entry in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return float(min(max(value, -(10**300)), 10**300))
    return value


@schemathesis.serializer("application/msgpack")
def msgpack_body(ctx, value):
    return value if isinstance(value, bytes) else msgpack.packb(packable(value), use_bin_type=True)
