"""An ONNX model written down in memory, so that onnxruntime runs weights which came in another form.

ONNX is protocol buffers (onnx/onnx.proto3, ONNX IR 8); of their wire format four things are needed: numbers, floats, bytes and
nested messages. That is sixty lines here, and no package of 15 MB. Numbers beside the fields are those of onnx.proto3.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Value = int | float | str | bytes

CONTRIB = "com.microsoft"  # onnxruntime's own operators: 4-bit matrices, whole attention, fused norms
_FLOAT, _UINT8, _INT32 = 1, 2, 6  # TensorProto.DataType
_TYPES = {"float32": _FLOAT, "uint8": _UINT8, "int32": _INT32}


def node(op: str, inputs: Sequence[str], output: str, *, domain: str = CONTRIB, **attributes: int | float) -> bytes:
    """One operator. An input named "" is one that is left out."""
    fields: list[tuple[int, Value]] = [(1, name) for name in inputs]
    fields += [(2, output), (4, op)]
    fields += [(5, _attribute(name, value)) for name, value in attributes.items()]
    return _message(*fields, (7, domain))


def weights(name: str, values: NDArray[np.float32] | NDArray[np.uint8]) -> bytes:
    """A constant of the graph."""
    return _message(*((1, size) for size in values.shape), (2, _TYPES[values.dtype.name]), (8, name), (9, values.tobytes()))


def floats(name: str, *shape: int | str) -> bytes:
    """An input or output of float32; a size given by name is free."""
    return _tensor(name, _FLOAT, shape)


def integers(name: str, *shape: int | str) -> bytes:
    """An input or output of int32."""
    return _tensor(name, _INT32, shape)


def model(nodes: Sequence[bytes], constants: Sequence[bytes], inputs: Sequence[bytes], outputs: Sequence[bytes]) -> bytes:
    """The whole model, as onnxruntime reads it."""
    graph = _message(
        *((1, one) for one in nodes),
        (2, "graph"),
        *((5, one) for one in constants),
        *((11, one) for one in inputs),
        *((12, one) for one in outputs),
    )
    standard, contributed = _message((1, ""), (2, 17)), _message((1, CONTRIB), (2, 1))
    return _message((1, 8), (7, graph), (8, standard), (8, contributed))


def _attribute(name: str, value: int | float) -> bytes:
    if isinstance(value, float):
        return _message((1, name), (2, value), (20, 1))
    return _message((1, name), (3, value), (20, 2))


def _tensor(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    sizes = _message(*((1, _message((2, size) if isinstance(size, str) else (1, size))) for size in shape))
    return _message((1, name), (2, _message((1, _message((1, kind), (2, sizes))))))


def _message(*fields: tuple[int, Value]) -> bytes:
    return b"".join(_field(number, value) for number, value in fields)


def _field(number: int, value: Value) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    if isinstance(value, float):
        return _varint(number << 3 | 5) + struct.pack("<f", value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first. ``value`` is never negative here."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
