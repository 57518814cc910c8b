"""Makes the ONNX graph of all-MiniLM-L6-v2 from its weights: BERT with six layers, mean pooling, int8 weights."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, checker, helper, numpy_helper, save
from onnxruntime.quantization import quantize_dynamic
from safetensors.numpy import load_file

_LAYERS: Final = 6
_HEADS: Final = 12
_HEAD: Final = 32
_EPSILON: Final = 1e-12
_OPSET: Final = 20
_FAR_BELOW: Final = -1e4


def write_graph(weights: Path, graph: Path) -> None:
    """Write the quantized graph: `tokens` and `present`, both [text, token], in; [text, 384] out."""
    exact = graph.with_suffix(".exact.onnx")
    made = _Graph(load_file(weights)).model()
    checker.check_model(made)
    save(made, exact)
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # the quantizer recommends, as a warning, a step for models of another making
    try:
        quantize_dynamic(exact, graph, per_channel=True)
    finally:
        root.setLevel(level)
    exact.unlink()


class _Graph:
    """The graph as it grows: every method adds nodes and returns the name of what they compute."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def model(self) -> Any:
        """The whole model."""
        hidden, mask = self._embeddings(), self._mask()
        for layer in range(_LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}", hidden, mask)
        self._nodes.append(helper.make_node("Identity", [self._mean(hidden)], ["vectors"]))
        graph = helper.make_graph(
            self._nodes,
            "minilm",
            [
                helper.make_tensor_value_info("tokens", TensorProto.INT64, ["text", "token"]),
                helper.make_tensor_value_info("present", TensorProto.FLOAT, ["text", "token"]),
            ],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["text", _HEADS * _HEAD])],
            list(self._constants.values()),
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=9)

    def _embeddings(self) -> str:
        words = self._add("Gather", self._weight("embeddings.word_embeddings.weight"), "tokens")
        length = self._add("Slice", self._add("Shape", "tokens"), self._ints([1]), self._ints([2]))
        start, end = self._ints([0]), length
        positions = self._add("Slice", self._weight("embeddings.position_embeddings.weight"), start, end)
        first_segment = self._constant("segment", self._weights["embeddings.token_type_embeddings.weight"][:1])
        return self._normalised("embeddings.LayerNorm", self._sum(words, positions, first_segment))

    def _mask(self) -> str:
        """What attention adds where a text has ended: [text, 1, 1, token]."""
        absent = self._add("Sub", self._constant("one", np.float32(1)), "present")
        wide = self._add("Unsqueeze", absent, self._ints([1, 2]))
        return self._add("Mul", wide, self._constant("far_below", np.float32(_FAR_BELOW)))

    def _layer(self, name: str, hidden: str, mask: str) -> str:
        attended = self._linear(f"{name}.attention.output.dense", self._attention(f"{name}.attention", hidden, mask))
        hidden = self._normalised(f"{name}.attention.output.LayerNorm", self._sum(attended, hidden))
        inner = self._add("Gelu", self._linear(f"{name}.intermediate.dense", hidden))
        return self._normalised(
            f"{name}.output.LayerNorm", self._sum(self._linear(f"{name}.output.dense", inner), hidden)
        )

    def _attention(self, name: str, hidden: str, mask: str) -> str:
        query, key, value = (
            self._heads(self._linear(f"{name}.self.{part}", hidden), order)
            for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3]))
        )
        scale = self._constant("scale", np.float32(_HEAD**-0.5))
        scores = self._sum(self._add("Mul", self._add("MatMul", query, key), scale), mask)
        mixed = self._add("MatMul", self._add("Softmax", scores, axis=-1), value)
        together = self._add("Transpose", mixed, perm=[0, 2, 1, 3])
        return self._add("Reshape", together, self._ints([0, 0, _HEADS * _HEAD]))

    def _heads(self, hidden: str, order: list[int]) -> str:
        return self._add("Transpose", self._add("Reshape", hidden, self._ints([0, 0, _HEADS, _HEAD])), perm=order)

    def _mean(self, hidden: str) -> str:
        """The mean over a text's tokens: [text, 384]."""
        weights = self._add("Unsqueeze", "present", self._ints([2]))
        total = self._add("ReduceSum", self._add("Mul", hidden, weights), self._ints([1]), keepdims=0)
        return self._add("Div", total, self._add("ReduceSum", weights, self._ints([1]), keepdims=0))

    def _linear(self, name: str, hidden: str) -> str:
        transposed = self._constant(f"{name}.transposed", np.ascontiguousarray(self._weights[f"{name}.weight"].T))
        return self._sum(self._add("MatMul", hidden, transposed), self._weight(f"{name}.bias"))

    def _normalised(self, name: str, hidden: str) -> str:
        scale, shift = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._add("LayerNormalization", hidden, scale, shift, axis=-1, epsilon=_EPSILON)

    def _sum(self, first: str, *others: str) -> str:
        for other in others:
            first = self._add("Add", first, other)
        return first

    def _add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        output = f"{operator}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _ints(self, values: list[int]) -> str:
        return self._constant(f"ints.{values}", np.array(values, dtype=np.int64))

    def _constant(self, name: str, value: Any) -> str:
        self._constants.setdefault(name, numpy_helper.from_array(np.asarray(value), name))
        return name
